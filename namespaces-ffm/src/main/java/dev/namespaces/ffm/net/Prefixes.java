package dev.namespaces.ffm.net;

import dev.namespaces.IpPrefix;
import java.net.InetAddress;

/** Prefixes as messages have them. */
final class Prefixes {

    private Prefixes() {}

    static IpPrefix of(InetAddress address, int length) throws MalformedMessageException {
        if (length > Families.length(Families.of(address)) * Byte.SIZE) {
            throw new MalformedMessageException("a prefix of " + length + " bits");
        }
        return new IpPrefix(address, length);
    }
}
