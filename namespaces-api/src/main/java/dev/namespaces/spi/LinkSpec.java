package dev.namespaces.spi;

import dev.namespaces.IpPrefix;
import dev.namespaces.MacAddress;
import dev.namespaces.MacvlanMode;
import dev.namespaces.NamespaceHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An interface that a new network namespace contains.
 *
 * @param name its name
 * @param kind what it is
 * @param mtu the largest packet in bytes, or 0 for the default
 * @param mac its hardware address, or null for one at random
 * @param master the name of the bridge that it is a port of, or null
 * @param up whether it is brought up
 */
public record LinkSpec(String name, Kind kind, int mtu, @Nullable MacAddress mac, @Nullable String master, boolean up) {

    /** What an interface is. */
    public sealed interface Kind {}

    /**
     * One end of a pair.
     *
     * @param hostEnd the name of the other, in the JVM's network namespace
     * @param hostAddresses that one's addresses; with any, it is brought up
     */
    public record Veth(String hostEnd, List<IpPrefix> hostAddresses) implements Kind {

        /** Keeps the list from changing. */
        public Veth {
            hostAddresses = List.copyOf(hostAddresses);
        }

        /**
         * One whose other end is left down.
         *
         * @param hostEnd the name of that
         */
        public Veth(String hostEnd) {
            this(hostEnd, List.of());
        }
    }

    /**
     * One end of a pair whose other is in a network namespace that exists.
     *
     * @param peer the name of the other
     * @param there where that is
     */
    public record Pair(String peer, NamespaceHandle there) implements Kind {}

    /** A bridge. */
    public record Bridge() implements Kind {}

    /**
     * An interface that shares another.
     *
     * @param lower the name of the other, in the JVM's network namespace
     * @param mode whom it can reach
     */
    public record Macvlan(String lower, MacvlanMode mode) implements Kind {}

    /**
     * An interface that is there already, and goes back in the end.
     *
     * @param hostName its name in the JVM's network namespace
     */
    public record Moved(String hostName) implements Kind {}

    /**
     * An interface that is up, with defaults.
     *
     * @param name its name
     * @param kind what it is
     */
    public LinkSpec(String name, Kind kind) {
        this(name, kind, 0, null, null, true);
    }

    /**
     * The same with another size of packets.
     *
     * @param bytes the largest
     * @return a copy
     */
    public LinkSpec withMtu(int bytes) {
        return new LinkSpec(name, kind, bytes, mac, master, up);
    }

    /**
     * The same with another hardware address.
     *
     * @param address the address
     * @return a copy
     */
    public LinkSpec withMac(MacAddress address) {
        return new LinkSpec(name, kind, mtu, address, master, up);
    }

    /**
     * The same as another kind of interface.
     *
     * @param other the kind
     * @return a copy
     */
    public LinkSpec withKind(Kind other) {
        return new LinkSpec(name, other, mtu, mac, master, up);
    }

    /**
     * The same as a port.
     *
     * @param bridge the bridge's name
     * @return a copy
     */
    public LinkSpec withMaster(String bridge) {
        return new LinkSpec(name, kind, mtu, mac, bridge, up);
    }

    /**
     * The same, left down.
     *
     * @return a copy
     */
    public LinkSpec withoutUp() {
        return new LinkSpec(name, kind, mtu, mac, master, false);
    }
}
