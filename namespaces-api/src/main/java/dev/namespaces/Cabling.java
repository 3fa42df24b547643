package dev.namespaces;

import dev.namespaces.spi.LinkChange;
import dev.namespaces.spi.LinkSpec;
import dev.namespaces.spi.LiveNamespace;
import dev.namespaces.spi.NetSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What connects the hosts of a {@link Network}. Each link and each switch is a bridge, in a namespace that the hosts do not see, and each of its ports one end of a pair
 * of interfaces, of which the other is a host's. So a host is cut off at the port: its own interface lacks the carrier then, and keeps its addresses and routes.
 */
final class Cabling {

    private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

    private final Topology topology;
    /** Where the bridges are. */
    private final LiveNamespace ground;
    private final Map<String, OpenedNamespace> hosts;
    private final Set<String> bridges = new HashSet<>();

    /**
     * None yet.
     *
     * @param topology what is to be connected
     * @param ground where the bridges are to be
     * @param hosts the hosts by name
     */
    Cabling(Topology topology, LiveNamespace ground, Map<String, OpenedNamespace> hosts) {
        this.topology = topology;
        this.ground = ground;
        this.hosts = hosts;
    }

    /**
     * A host's end of a connection, and the port that it leads to.
     *
     * @param segment the link or switch
     * @param number which of these it is
     * @param port whose end
     */
    record Plug(Topology.Segment segment, int number, Topology.Port port) {

        String portName() {
            return "p" + number + "-" + segment.ports().indexOf(port);
        }

        boolean isOf(String host, String link) {
            return port.host().equals(host) && port.link().equals(link);
        }

        /** The bridge for one of the groups that the hosts are in. */
        String bridge(int group) {
            return "b" + number + "-" + group;
        }
    }

    private List<Plug> plugs() {
        List<Plug> plugs = new ArrayList<>();
        for (int i = 0; i < topology.segments().size(); i++) {
            Topology.Segment segment = topology.segments().get(i);
            for (Topology.Port port : segment.ports()) {
                plugs.add(new Plug(segment, i, port));
            }
        }
        return plugs;
    }

    /** Connects all hosts. */
    synchronized void connect() throws NamespaceException {
        List<Plug> plugs = plugs();
        List<LinkSpec> links = newBridges(plugs.stream().map(plug -> plug.bridge(0)));
        for (Plug plug : plugs) {
            LinkSpec.Pair pair = new LinkSpec.Pair(plug.port().link(), opened(plug).handle(NamespaceKind.NET));
            links.add(new LinkSpec(plug.portName(), pair).withMaster(plug.bridge(0)));
        }
        extendGround(links);
        for (Map.Entry<String, OpenedNamespace> host : hosts.entrySet()) {
            LiveNamespace live = host.getValue().live();
            live.change(plugs.stream().filter(plug -> plug.port().host().equals(host.getKey()))
                    .map(plug -> (LinkChange) new LinkChange.Up(plug.port().link())).toList());
            live.extend(topology.network(host.getKey()));
        }
        for (Plug plug : plugs) {
            Topology.Shape shape = plug.segment().shape().get(plug.port().host());
            if (shape != null) {
                change(List.of(plug), shape::change);
            }
        }
        awaitCarriers(plugs);
    }

    private List<LinkSpec> newBridges(Stream<String> names) {
        return new ArrayList<>(names.distinct().filter(name -> !bridges.contains(name))
                .map(name -> new LinkSpec(name, new LinkSpec.Bridge())).toList());
    }

    private void extendGround(List<LinkSpec> links) throws NamespaceException {
        ground.extend(new NetSpec(false, links, List.of(), List.of(), List.of(), Map.of()));
        links.stream().filter(link -> link.kind() instanceof LinkSpec.Bridge)
                .forEach(bridge -> bridges.add(bridge.name()));
    }

    private OpenedNamespace opened(Plug plug) {
        return Objects.requireNonNull(hosts.get(plug.port().host()));
    }

    /** Both ends of a link, or a host's end at a switch. */
    List<Plug> plugs(String host, String link) {
        return plugs().stream()
                .filter(plug -> plug.isOf(host, link) || (!plug.segment().isSwitch() && plug.isOf(link, host)))
                .toList();
    }

    /** Lets those hosts alone reach each other that are in the same group. */
    synchronized void divide(Map<String, Integer> groups) throws NamespaceException {
        List<Plug> plugs = plugs();
        Function<Plug, String> bridge = plug -> plug.bridge(groups.getOrDefault(plug.port().host(), 0));
        extendGround(newBridges(plugs.stream().map(bridge)));
        ground.change(plugs.stream()
                .map(plug -> (LinkChange) new LinkChange.Port(plug.portName(), bridge.apply(plug))).toList());
    }

    synchronized void cut(List<Plug> plugs) throws NamespaceException {
        ground.change(plugs.stream().map(plug -> (LinkChange) new LinkChange.Down(plug.portName())).toList());
    }

    synchronized void mend(List<Plug> plugs) throws NamespaceException {
        ground.change(plugs.stream().map(plug -> (LinkChange) new LinkChange.Up(plug.portName())).toList());
        awaitCarriers(plugs);
    }

    /** Changes whatever sends into a connection. On a link these are the hosts; to those on a switch it is the port that sends. */
    synchronized void change(List<Plug> plugs, Function<String, LinkChange> change) throws NamespaceException {
        for (Plug plug : plugs) {
            opened(plug).live().change(List.of(change.apply(plug.port().link())));
            if (plug.segment().isSwitch()) {
                ground.change(List.of(change.apply(plug.portName())));
            }
        }
    }

    /** The kernel lets packets through some time after both ends are up. */
    private void awaitCarriers(List<Plug> plugs) throws NamespaceException {
        long deadline = System.nanoTime() + PATIENCE; // a host may have told the kernel that it is not ready
        awaitCarriers(ground, deadline);
        for (OpenedNamespace host : new LinkedHashSet<>(plugs.stream().map(this::opened).toList())) {
            awaitCarriers(host.live(), deadline);
        }
    }

    private static void awaitCarriers(LiveNamespace live, long deadline) throws NamespaceException {
        while (live.links().stream().anyMatch(Cabling::isComing) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(PAUSE);
        }
    }

    private static boolean isComing(Link link) {
        return link.flags().contains(Link.Flag.LOWER_UP) && !link.flags().contains(Link.Flag.RUNNING);
    }
}
