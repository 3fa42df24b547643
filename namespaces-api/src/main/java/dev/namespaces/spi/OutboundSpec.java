package dev.namespaces.spi;

import dev.namespaces.IpPrefix;
import java.util.List;

/**
 * A way out of a network namespace, through a program outside of it.
 *
 * @param published ports of the host's loopback address that lead inside
 * @param reached ports of the loopback address inside that lead to the host's
 * @param allowed where packets may go, or nothing if they may go anywhere
 */
public record OutboundSpec(List<Forward> published, List<Forward> reached, List<Allowed> allowed) {

    /** What answers there as the host's first name server does. */
    public static final String NAME_SERVER = "10.0.2.3";

    /** Nothing but a way out. */
    public static final OutboundSpec DEFAULT = new OutboundSpec(List.of(), List.of(), List.of());

    /** Keeps the lists from changing. */
    public OutboundSpec {
        published = List.copyOf(published);
        reached = List.copyOf(reached);
        allowed = List.copyOf(allowed);
    }

    /**
     * A port that leads to another.
     *
     * @param udp whether of UDP rather than TCP
     * @param from where connections come in
     * @param to where they are led to, on the other side
     */
    public record Forward(boolean udp, int from, int to) {}

    /**
     * Where packets may go.
     *
     * @param network to which addresses
     * @param udp whether of UDP rather than TCP
     * @param port to which port, or 0 for every port and every protocol
     */
    public record Allowed(IpPrefix network, boolean udp, int port) {

        /**
         * Checks the network.
         *
         * @throws IllegalArgumentException if it has bits that name a host
         */
        public Allowed {
            if (!network.isNetwork()) {
                throw new IllegalArgumentException(
                        "what is allowed must be an address or a network, " + network.network() + ": " + network);
            }
        }

        /** Such as {@code "10.9.8.0/24, TCP port 443"}. */
        @Override
        public String toString() {
            return network + (port == 0 ? "" : ", " + (udp ? "UDP" : "TCP") + " port " + port);
        }
    }
}
