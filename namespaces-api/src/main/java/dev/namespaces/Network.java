package dev.namespaces;

import dev.namespaces.spi.IpText;
import dev.namespaces.spi.LiveNamespace;
import dev.namespaces.spi.NamespaceSpec;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Several hosts in this JVM's machine, and what connects them: links, switches and routers, for tests of distributed software. They can be cut off from one another, and
 * what goes between them delayed or lost.
 *
 * {@snippet class="snippets.Networks" region="network"}
 *
 * <p>
 * Each host is an {@link OpenNamespace} with a network, processes, a host name and mounts of its own: commands are spawned in it, and Java code is run there. Its files are
 * those of this machine, except for {@code /etc/hosts}, which names all hosts, so that programs find them; Java code asks for the {@link #address}. Routers forward, and every
 * host has routes to all subnets that it can reach through them. It takes a kernel with {@code CONFIG_VETH} and {@code CONFIG_BRIDGE}, and {@code /proc/sys} to be writable.
 *
 * <p>
 * With root's CAP_SYS_ADMIN and CAP_NET_ADMIN there is no user namespace: who is root in a host is root. An ordinary user gets one for all hosts together: who is root in
 * one of them has rights over all. Java code enters a host with CAP_SYS_ADMIN, as {@link OpenNamespace#call} says: an ordinary user starts the JVM by {@link Rootless}, and
 * otherwise has commands alone.
 *
 * <p>
 * Thread-safe. All of it ends with {@link #close}, and with the JVM however that ends.
 */
public final class Network implements AutoCloseable {

    private final Topology topology;
    /** What the hosts do not see; it has the user namespace of all hosts if they are in one. */
    private final LiveNamespace ground;
    private final Map<String, OpenedNamespace> hosts = new LinkedHashMap<>();
    private final Cabling cabling;
    private boolean closed;

    private Network(Topology topology, LiveNamespace ground) {
        this.topology = topology;
        this.ground = ground;
        cabling = new Cabling(topology, ground, hosts);
    }

    /**
     * Begins to describe a network.
     *
     * @return a builder without hosts
     */
    public static NetworkBuilder builder() {
        return new NetworkBuilder();
    }

    static Network open(Topology topology) throws NamespaceException {
        Network network = new Network(topology, openGround());
        boolean open = false;
        try {
            for (Topology.Host host : topology.hosts()) {
                network.hosts.put(host.name(), new OpenedNamespace(network.ground.beside(network.spec(host.name()))));
            }
            network.cabling.connect();
            open = true;
            return network;
        } finally {
            if (!open) {
                network.close();
            }
        }
    }

    private static LiveNamespace openGround() throws NamespaceException {
        NamespaceBuilder builder = Namespace.builder().pid().net(net -> {
            net.withoutLoopback();
            if (Files.exists(Path.of("/proc/sys/net/ipv6"))) {
                net.sysctl("net.ipv6.conf.default.disable_ipv6", "1"); // or bridges would speak to the hosts
            }
        });
        if (!Rootless.isCapable(Rootless.CAP_SYS_ADMIN | Rootless.CAP_NET_ADMIN)) {
            builder.user();
        }
        return ((OpenedNamespace) builder.open()).live();
    }

    private NamespaceSpec spec(String host) {
        return Namespace.builder().pid().mount().uts(uts -> uts.hostname(host)).net(net -> {
            topology.sysctls(host).forEach(net::sysctl);
            topology.known(host).forEach(port -> net.hosts(port.host(), IpText.of(port.address())));
        }).spec();
    }

    /**
     * One of the hosts. It is closed with the network.
     *
     * @param name its name
     * @return the host
     * @throws IllegalArgumentException if there is none of that name
     */
    public OpenNamespace host(String name) {
        OpenNamespace host = hosts.get(name);
        if (host == null) {
            throw new IllegalArgumentException("there is no host " + name);
        }
        return host;
    }

    /**
     * The names of the hosts, routers among them.
     *
     * @return the names, in the order of mention
     */
    public List<String> hosts() {
        return topology.hosts().stream().map(Topology.Host::name).toList();
    }

    /**
     * The first address of a host, with its name, so that nobody is asked for it. It can be used wherever there is a way to it.
     *
     * @param host the host
     * @return its address
     * @throws IllegalArgumentException if there is no such host, or it is not connected
     */
    public InetAddress address(String host) {
        return addresses(host).stream().findFirst()
                .orElseThrow(() -> new IllegalArgumentException(host + " is not connected"));
    }

    /**
     * All addresses of a host, with its name.
     *
     * @param host the host
     * @return its addresses, in the order in which its links and switches were mentioned
     * @throws IllegalArgumentException if there is no such host
     */
    public List<InetAddress> addresses(String host) {
        topology.host(host);
        return topology.ports(host).map(port -> named(host, port.address())).toList();
    }

    private static InetAddress named(String host, InetAddress address) {
        try {
            return InetAddress.getByAddress(host, address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // it has the length of one
        }
    }

    /**
     * What connects a host with another one, or with a switch.
     *
     * @param host the host
     * @param other the host at the other end, or the switch
     * @return the link
     * @throws IllegalArgumentException if there is no such link
     */
    public NetworkLink link(String host, String other) {
        List<Cabling.Plug> plugs = cabling.plugs(host, other);
        if (plugs.isEmpty()) {
            throw new IllegalArgumentException(host + " and " + other + " are not connected");
        }
        return new NetworkLink(cabling, plugs);
    }

    /**
     * Divides the hosts: those in different groups cannot reach each other, and those in the same one can, as far as links, switches and routers of that group lead. Hosts that are
     * not named form one more group. It takes the place of an earlier division, and leaves links that are {@link NetworkLink#down} so.
     *
     * @param groups names of hosts
     * @throws NamespaceException if the kernel refuses it
     * @throws IllegalArgumentException if there is no such host, or it is in two groups
     * @throws IllegalStateException if the network is closed
     */
    @SafeVarargs
    public final void partition(Set<String>... groups) throws NamespaceException {
        Map<String, Integer> groupOf = new HashMap<>();
        for (int i = 0; i < groups.length; i++) {
            for (String host : groups[i]) {
                topology.host(host);
                if (groupOf.put(host, i + 1) != null) {
                    throw new IllegalArgumentException(host + " is in two groups");
                }
            }
        }
        cabling.divide(groupOf);
    }

    /**
     * Undoes {@link #partition}. A host that has found nobody at the other end meanwhile may say so for a second more.
     *
     * @throws NamespaceException if the kernel refuses it
     * @throws IllegalStateException if the network is closed
     */
    public void heal() throws NamespaceException {
        cabling.divide(Map.of());
    }

    /**
     * A picture for Graphviz; see dot(1).
     *
     * @return the text of an undirected graph
     */
    public String toDot() {
        return NetworkPicture.dot(topology);
    }

    /**
     * A picture for Mermaid, as many viewers of Markdown show it.
     *
     * @return the text of a flowchart
     */
    public String toMermaid() {
        return NetworkPicture.mermaid(topology);
    }

    /**
     * Ends everything that runs in the hosts, as {@link OpenNamespace#close} does, and frees them and what connects them. A second call does nothing.
     *
     * @throws IllegalStateException if a thread did not leave a host, which is named; everything else is closed then
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        IllegalStateException failure = null;
        for (OpenedNamespace host : hosts.values()) {
            try {
                host.close();
            } catch (IllegalStateException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        ground.close();
        if (failure != null) {
            throw failure;
        }
    }

    /** The hosts and subnets. */
    @Override
    public String toString() {
        return "Network[" + String.join(", ", hosts()) + "; "
                + String.join(", ", topology.segments().stream().map(it -> it.subnet().toString()).toList()) + "]";
    }
}
