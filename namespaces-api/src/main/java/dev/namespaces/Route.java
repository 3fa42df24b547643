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

    /** What becomes of the packets, {@code RTN_…} of rtnetlink(7), in the kernel's order from 0 on. */
    public enum Type {
        /** Nothing that is known. */
        UNSPECIFIED,
        /** They are sent on. */
        UNICAST,
        /** They are for this machine. */
        LOCAL,
        /** They come in as a broadcast, and go out as one. */
        BROADCAST,
        /** They come in as a broadcast, and go out as others do. */
        ANYCAST,
        /** They are for a group. */
        MULTICAST,
        /** They vanish. */
        BLACKHOLE,
        /** They are refused: unreachable. */
        UNREACHABLE,
        /** They are refused: prohibited. */
        PROHIBIT,
        /** Another table says. */
        THROW,
        /** Their address is translated. */
        NAT,
        /** Somebody outside the kernel says. */
        XRESOLVE
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
