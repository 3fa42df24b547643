package dev.namespaces;

import dev.namespaces.spi.OutboundSpec;
import dev.namespaces.spi.OutboundSpec.Allowed;
import dev.namespaces.spi.OutboundSpec.Forward;
import java.util.ArrayList;
import java.util.List;

/**
 * Which ports lead through the way out of a network namespace, and where it may lead; see {@link NetConfig#outbound(java.util.function.Consumer)}. Not thread-safe.
 */
public final class OutboundConfig {

    private static final int LARGEST_PORT = 65_535;

    private final List<Forward> published;
    private final List<Forward> reached;
    private final List<Allowed> allowed;

    OutboundConfig(OutboundSpec spec) {
        published = new ArrayList<>(spec.published());
        reached = new ArrayList<>(spec.reached());
        allowed = new ArrayList<>(spec.allowed());
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

    /**
     * Allows what is sent to go to some addresses, on every port and by every protocol. From the first such call on, the rest is forbidden: the rules of a firewall inside
     * (nftables) reject it, so that a connection fails at once; and what comes from elsewhere is not forwarded. May be called more than once.
     *
     * <p>
     * Allowed in any case is what goes to the loopback interface, and with it by {@link #reach reach} and {@link #publish publish}, and what answers somebody who has come from
     * outside. The name server is not: {@code allowUdp("10.0.2.3", 53)} allows it, with all that a question to it may tell; {@link NetConfig#hosts hosts} does without. The rules hold
     * for every interface of the namespace, in IPv4 and IPv6. A socket of another kind than these, such as vsock(7), does not belong to the network.
     *
     * <p>
     * The command cannot change the rules or go around them: it lacks {@link Capability#NET_ADMIN} and {@link Capability#NET_RAW} for good, as if they had been
     * {@linkplain CapabilityConfig#drop dropped}; and so does every command in {@linkplain Namespace#open live namespaces}. {@code build()} refuses it where that would not help:
     * without {@link NamespaceBuilder#user()}, and where one of them is added. Whoever {@linkplain NamespaceBuilder#join joins} the namespaces otherwise has what it is given.
     *
     * <p>
     * It takes a kernel with {@code CONFIG_NF_TABLES}, {@code CONFIG_NF_TABLES_INET}, {@code CONFIG_NFT_CT} and {@code CONFIG_NFT_REJECT_INET}, whose modules are loaded, or may be. See
     * nft(8).
     *
     * @param network such as {@code "192.0.2.0/24"}, or an address
     * @return this
     * @throws IllegalArgumentException if it is none, or is allowed already
     */
    public OutboundConfig allow(String network) {
        return add(new Allowed(IpPrefix.of(network), false, 0));
    }

    /**
     * Allows TCP connections to a port of some addresses, as {@link #allow(String)} does.
     *
     * @param network such as {@code "10.9.8.7"}, or a network
     * @param port the port there
     * @return this
     * @throws IllegalArgumentException if they are none, or are allowed already
     */
    public OutboundConfig allow(String network, int port) {
        return add(new Allowed(IpPrefix.of(network), false, checked(port)));
    }

    /**
     * The same for UDP.
     *
     * @param network such as {@code "10.0.2.3"}, or a network
     * @param port the port there
     * @return this
     * @throws IllegalArgumentException if they are none, or are allowed already
     */
    public OutboundConfig allowUdp(String network, int port) {
        return add(new Allowed(IpPrefix.of(network), true, checked(port)));
    }

    private OutboundConfig add(Allowed more) {
        if (allowed.contains(more)) {
            throw new IllegalArgumentException("this is allowed twice: " + more);
        }
        allowed.add(more);
        return this;
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

    private static int checked(int port) {
        if (port < 1 || port > LARGEST_PORT) {
            throw new IllegalArgumentException("not a port: " + port);
        }
        return port;
    }

    OutboundSpec spec() {
        return new OutboundSpec(published, reached, allowed);
    }
}
