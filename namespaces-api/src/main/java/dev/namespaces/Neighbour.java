package dev.namespaces;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Somebody on a link, and the hardware address to reach it by: what ARP and IPv6's neighbour discovery have found, or somebody has set; see
 * ip-neighbour(8).
 *
 * @param link the index of the interface
 * @param address its IP address
 * @param mac its hardware address, where that is known
 * @param state how well it is known
 */
public record Neighbour(int link, InetAddress address, Optional<MacAddress> mac, State state) {

    /** How well a neighbour is known, {@code NUD_…} of rtnetlink(7). */
    public enum State {
        /** Nothing is known. */
        NONE(0),
        /** It is being asked for. */
        INCOMPLETE(1),
        /** It has answered lately. */
        REACHABLE(2),
        /** It has answered some time ago. */
        STALE(4),
        /** It is going to be asked. */
        DELAY(8),
        /** It is being asked again. */
        PROBE(0x10),
        /** It has not answered. */
        FAILED(0x20),
        /** It need not be asked, as with groups. */
        NOARP(0x40),
        /** Somebody has set it. */
        PERMANENT(0x80);

        private final int number;

        State(int number) {
            this.number = number;
        }

        /**
         * The kernel's number.
         *
         * @return zero or a power of two
         */
        public int number() {
            return number;
        }
    }
}
