package dev.namespaces;

import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A way to a network, as the kernel's tables have it; see ip-route(8). A route over several next hops is one of these for each.
 *
 * @param destination the network, {@code 0.0.0.0/0} or {@code ::/0} for a default route
 * @param type what becomes of the packets
 * @param gateway the router, unless the destination is on the link
 * @param link the index of the interface, where there is one
 * @param source the address that packets of this machine come from, where one was given
 * @param metric the lower is preferred; 0 with IPv4 where none was given
 * @param mtu the largest packet, in bytes, where that was given
 * @param scope how far away the destination is
 * @param protocol who made the route, {@code RTPROT_…} of rtnetlink(7), such as {@link #KERNEL}
 * @param table the number of the routing table, such as {@link #MAIN}
 * @param flags what else holds of it
 */
public record Route(IpPrefix destination, Type type, Optional<InetAddress> gateway, OptionalInt link,
        Optional<InetAddress> source, long metric, OptionalInt mtu, Scope scope, int protocol, long table,
        Set<Flag> flags) {

    /** The table that a route is in unless told otherwise. */
    public static final int MAIN = 254;
    /** The table with the machine's own addresses, which the kernel keeps. */
    public static final int LOCAL = 255;
    /** The protocol of routes that the kernel made by itself. */
    public static final int KERNEL = 2;
    /** The protocol of routes that somebody made by hand, as this library does. */
    public static final int STATIC = 4;

    /** Keeps the set from changing. */
    public Route {
        flags = Set.copyOf(flags);
    }

    /**
     * Whether it leads to wherever no other route does.
     *
     * @return true if its destination is everything
     */
    public boolean isDefault() {
        return destination.length() == 0;
    }

    /** What becomes of the packets, {@code RTN_…} of rtnetlink(7). */
    public enum Type {
        /** Nothing that is known. */
        UNSPECIFIED(0),
        /** They are sent on. */
        UNICAST(1),
        /** They are for this machine. */
        LOCAL(2),
        /** They come in as a broadcast, and go out as one. */
        BROADCAST(3),
        /** They come in as a broadcast, and go out as others do. */
        ANYCAST(4),
        /** They are for a group. */
        MULTICAST(5),
        /** They vanish. */
        BLACKHOLE(6),
        /** They are refused: unreachable. */
        UNREACHABLE(7),
        /** They are refused: prohibited. */
        PROHIBIT(8),
        /** Another table says. */
        THROW(9),
        /** Their address is translated. */
        NAT(10),
        /** Somebody outside the kernel says. */
        XRESOLVE(11);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        /**
         * The kernel's number.
         *
         * @return 0 or more
         */
        public int number() {
            return number;
        }
    }

    /** What holds of a route, {@code RTNH_F_…}. */
    public enum Flag {
        /** Its interface is down. */
        DEAD(1),
        /** The gateway is on the link whatever the addresses say. */
        ONLINK(4),
        /** Its interface has no carrier. */
        LINKDOWN(16);

        private final int bit;

        Flag(int bit) {
            this.bit = bit;
        }

        /**
         * Its bit among the kernel's flags.
         *
         * @return a power of two
         */
        public int bit() {
            return bit;
        }
    }
}
