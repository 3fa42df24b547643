package dev.namespaces;

import dev.namespaces.spi.OutboundSpec;
import dev.namespaces.spi.OutboundSpec.Forward;
import java.util.ArrayList;
import java.util.List;

/**
 * Which ports lead through the way out of a network namespace; see {@link NetConfig#outbound(java.util.function.Consumer)}. Not thread-safe.
 */
public final class OutboundConfig {

    private static final int LARGEST_PORT = 65_535;

    private final List<Forward> published;
    private final List<Forward> reached;

    OutboundConfig(OutboundSpec spec) {
        published = new ArrayList<>(spec.published());
        reached = new ArrayList<>(spec.reached());
    }

    /**
     * Lets a TCP port of the host's 127.0.0.1 lead to one inside. Nobody but the host's own programs can reach it.
     *
     * @param host the port outside; one below 1024 takes the right to it, and one that is taken is refused when the command is spawned
     * @param box the port inside
     * @return this
     * @throws IllegalArgumentException if they are no ports, or that of the host is published already
     */
    public OutboundConfig publish(int host, int box) {
        return add(published, new Forward(false, host, box));
    }

    /**
     * The same for UDP.
     *
     * @param host the port outside
     * @param box the port inside
     * @return this
     * @throws IllegalArgumentException if they are no ports, or that of the host is published already
     */
    public OutboundConfig publishUdp(int host, int box) {
        return add(published, new Forward(true, host, box));
    }

    /**
     * Lets a TCP port of 127.0.0.1 inside lead to one of the host's 127.0.0.1, which is out of reach otherwise.
     *
     * @param box the port inside
     * @param host the port outside
     * @return this
     * @throws IllegalArgumentException if they are no ports, or that inside leads somewhere already
     */
    public OutboundConfig reach(int box, int host) {
        return add(reached, new Forward(false, box, host));
    }

    /**
     * The same for UDP.
     *
     * @param box the port inside
     * @param host the port outside
     * @return this
     * @throws IllegalArgumentException if they are no ports, or that inside leads somewhere already
     */
    public OutboundConfig reachUdp(int box, int host) {
        return add(reached, new Forward(true, box, host));
    }

    private OutboundConfig add(List<Forward> forwards, Forward forward) {
        checked(forward.from());
        checked(forward.to());
        if (forwards.stream().anyMatch(it -> it.udp() == forward.udp() && it.from() == forward.from())) {
            throw new IllegalArgumentException("port " + forward.from() + " leads somewhere already");
        }
        forwards.add(forward);
        return this;
    }

    private static void checked(int port) {
        if (port < 1 || port > LARGEST_PORT) {
            throw new IllegalArgumentException("not a port: " + port);
        }
    }

    OutboundSpec spec() {
        return new OutboundSpec(published, reached);
    }
}
