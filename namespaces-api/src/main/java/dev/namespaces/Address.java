package dev.namespaces;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * An IP address that an interface has; see ip-address(8).
 *
 * @param link the index of the interface
 * @param prefix the address, and how many of its bits name the network
 * @param peer the address at the other end, where one was given
 * @param broadcast the address that reaches everybody, where one was given
 * @param scope how far it is valid
 * @param label the name that IPv4 addresses may have, by default the interface's; empty with IPv6
 * @param flags what else holds of it
 * @param validFor after what time it vanishes, if ever
 * @param preferredFor after what time it is no longer chosen for new connections, if ever
 */
public record Address(int link, IpPrefix prefix, Optional<InetAddress> peer, Optional<InetAddress> broadcast,
        Scope scope, String label, Set<Flag> flags, Optional<Duration> validFor, Optional<Duration> preferredFor) {

    /** Keeps the set from changing. */
    public Address {
        flags = Set.copyOf(flags);
    }

    /** What holds of an address, {@code IFA_F_…} of rtnetlink(7). */
    public enum Flag {
        /** Another address of the same network came first; with IPv6, it is a temporary one. */
        SECONDARY(1),
        /** It was not, or is not, looked for whether anybody else has it. */
        NODAD(2),
        /** It is used while that is being looked for. */
        OPTIMISTIC(4),
        /** Somebody else has it. */
        DADFAILED(8),
        /** It is no longer chosen for new connections. */
        DEPRECATED(0x20),
        /** It is being looked for whether anybody else has it; until then it cannot be used. */
        TENTATIVE(0x40),
        /** It has no end. */
        PERMANENT(0x80),
        /** No route to its network comes with it. */
        NOPREFIXROUTE(0x200);

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
