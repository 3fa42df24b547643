package dev.namespaces.ffm.net;

import dev.namespaces.Link;
import dev.namespaces.NamespaceException;
import dev.namespaces.spi.AddressSpec;
import dev.namespaces.spi.LinkSpec;
import dev.namespaces.spi.NeighbourSpec;
import dev.namespaces.spi.NetSpec;
import dev.namespaces.spi.RouteSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes what a network namespace is to contain: one list of what is there, and one datagram with all that is to be made. That is possible as the
 * numbers of new interfaces are chosen here, so that what follows can name them.
 */
public final class NetSetup {

    private final Map<String, LinkRef> links = new HashMap<>();
    private final List<Request> requests = new ArrayList<>();
    private final Place host;
    private int lastIndex;

    private NetSetup(List<Link> present, Place host) {
        this.host = host;
        for (Link link : present) {
            links.put(link.name(), new LinkRef(link.index(), link.name()));
            lastIndex = Math.max(lastIndex, link.index());
        }
    }

    /**
     * Makes interfaces, addresses, routes and neighbours. If something is refused, some of it may be there: the namespace is to be given up.
     *
     * <p>
     * Sysctls are not set here. The host's ends of pairs are made, in the host's namespace, and left down.
     *
     * @param spec what to make
     * @param inside the namespace's socket; for pairs, whoever opened it must be allowed to change the host's namespace as well
     * @param host where the host's ends of pairs are to be
     * @throws NamespaceException if the kernel refuses something
     */
    public static void apply(NetSpec spec, NetlinkSocket inside, Place host) throws NamespaceException {
        NetSetup setup = new NetSetup(Links.list(inside), host);
        setup.add(spec);
        inside.make(setup.requests);
    }

    private void add(NetSpec spec) {
        if (spec.loopback()) {
            requests.add(Links.up(LinkRef.LOOPBACK));
        }
        List<LinkSpec> mastersFirst = spec.links().stream()
                .sorted(Comparator.comparing((LinkSpec link) -> link.master() != null)).toList();
        mastersFirst.forEach(this::add);
        for (AddressSpec address : spec.addresses()) {
            requests.add(Addresses.add(link(address.link()), address.address()));
        }
        spec.routes().stream().sorted(Comparator.comparing((RouteSpec route) -> route.gateway() != null))
                .forEach(route -> requests.add(Routes.add(route, route.link() == null ? null : link(route.link()))));
        for (NeighbourSpec neighbour : spec.neighbours()) {
            requests.add(Neighbours.add(link(neighbour.link()), neighbour.address(), neighbour.mac()));
        }
    }

    private void add(LinkSpec spec) {
        NewLink link = new NewLink(spec.name(), ++lastIndex, spec.mtu(), spec.mac(), index(spec.master()), spec.up());
        links.put(spec.name(), new LinkRef(link.index(), link.name()));
        requests.add(switch (spec.kind()) {
            case LinkSpec.Bridge _ -> Links.bridge(link);
            case LinkSpec.Veth veth -> Links.veth(link, NewLink.named(veth.hostEnd()).with(spec.mtu(), null), host);
        });
    }

    private int index(@Nullable String name) {
        return name == null ? 0 : link(name).index();
    }

    private LinkRef link(String name) {
        LinkRef link = links.get(name);
        if (link == null) {
            throw new IllegalArgumentException("there is no interface " + name);
        }
        return link;
    }
}
