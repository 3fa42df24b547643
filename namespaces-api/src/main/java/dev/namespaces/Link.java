package dev.namespaces;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A network interface, as the kernel describes it; see ip-link(8), netdevice(7).
 *
 * @param index its number in its namespace, by which addresses, routes and neighbours name it
 * @param name its name
 * @param kind the kernel's word for what it is, such as {@code "veth"}, {@code "bridge"} or {@code "macvlan"}; empty for the loopback interface and
 *     for hardware
 * @param flags what it is and can
 * @param state whether it is ready for packets
 * @param mtu the largest packet, in bytes
 * @param mac its hardware address; empty where it has none, or none of six bytes
 * @param qdisc the kernel's word for how it queues packets, such as {@code "noqueue"} or {@code "netem"}
 * @param queueLength how many packets may wait to be sent
 * @param master the index of the bridge or bond that it is a port of
 * @param lower the index of the interface that it is built on, or of the other end of a {@code veth}: in this namespace unless
 *     {@code lowerNamespace} is given
 * @param lowerNamespace this namespace's number for the namespace of that interface
 */
public record Link(int index, String name, String kind, Set<Flag> flags, State state, int mtu, Optional<MacAddress> mac,
        String qdisc, int queueLength, OptionalInt master, OptionalInt lower, OptionalInt lowerNamespace) {

    /** Keeps the set from changing. */
    public Link {
        flags = Set.copyOf(flags);
    }

    /**
     * Whether it has been brought up.
     *
     * @return true if it has, even though it may lack a carrier
     */
    public boolean isUp() {
        return flags.contains(Flag.UP);
    }

    /** What an interface is and can, {@code IFF_…} of netdevice(7). */
    public enum Flag {
        /** It has been brought up. */
        UP(1),
        /** It can broadcast. */
        BROADCAST(2),
        /** It is the loopback interface. */
        LOOPBACK(8),
        /** It has one other end. */
        POINTOPOINT(0x10),
        /** It is up, and ready as far as the kernel knows. */
        RUNNING(0x40),
        /** It has no neighbours to look up. */
        NOARP(0x80),
        /** It takes in packets for anybody. */
        PROMISC(0x100),
        /** It takes in packets for every group. */
        ALLMULTI(0x200),
        /** Others are bundled in it. */
        MASTER(0x400),
        /** It is bundled in another. */
        SLAVE(0x800),
        /** It can send to groups. */
        MULTICAST(0x1000),
        /** It has a carrier. */
        LOWER_UP(0x10000),
        /** It waits for something outside. */
        DORMANT(0x20000);

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

    /** Whether an interface is ready, RFC 2863. */
    public enum State {
        /** The kernel does not know, as with the loopback interface. */
        UNKNOWN(0),
        /** Something is missing, such as hardware. */
        NOTPRESENT(1),
        /** It is not up, or has no carrier. */
        DOWN(2),
        /** What it is built on is down. */
        LOWERLAYERDOWN(3),
        /** It is being tested. */
        TESTING(4),
        /** It waits for something outside. */
        DORMANT(5),
        /** It is ready. */
        UP(6);

        private final int number;

        State(int number) {
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
}
