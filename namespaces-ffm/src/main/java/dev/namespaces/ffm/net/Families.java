package dev.namespaces.ffm.net;

import dev.namespaces.ffm.linux.Linux;
import java.net.InetAddress;

/** The two families of addresses. */
final class Families {

    private static final int IP4_BYTES = 4;
    private static final int IP6_BYTES = 16;

    private Families() {}

    static int of(InetAddress address) {
        return address.getAddress().length == IP4_BYTES ? Linux.AF_INET : Linux.AF_INET6;
    }

    static boolean isKnown(int family) {
        return family == Linux.AF_INET || family == Linux.AF_INET6;
    }

    /** The length of a family's addresses in bytes. */
    static int length(int family) {
        return family == Linux.AF_INET ? IP4_BYTES : IP6_BYTES;
    }

    /** Whether an address of either family has that many bytes. */
    static boolean isLength(int bytes) {
        return bytes == IP4_BYTES || bytes == IP6_BYTES;
    }
}
