package dev.namespaces.spi;

import java.util.List;

/**
 * A way out of a network namespace, through a program outside of it.
 *
 * @param published ports of the host's loopback address that lead inside
 * @param reached ports of the loopback address inside that lead to the host's
 */
public record OutboundSpec(List<Forward> published, List<Forward> reached) {

    /** What answers there as the host's first name server does. */
    public static final String NAME_SERVER = "10.0.2.3";

    /** Nothing but a way out. */
    public static final OutboundSpec DEFAULT = new OutboundSpec(List.of(), List.of());

    /** Keeps the lists from changing. */
    public OutboundSpec {
        published = List.copyOf(published);
        reached = List.copyOf(reached);
    }

    /**
     * A port that leads to another.
     *
     * @param udp whether of UDP rather than TCP
     * @param from where connections come in
     * @param to where they are led to, on the other side
     */
    public record Forward(boolean udp, int from, int to) {}
}
