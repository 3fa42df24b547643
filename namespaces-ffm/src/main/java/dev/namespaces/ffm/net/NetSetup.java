package dev.namespaces.ffm.net;

import dev.namespaces.Link;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.ffm.handle.Handle;
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

/**
 * Makes what a network namespace is to contain: one list of what is there, and one datagram with all that is to be made. That is possible as the
 * numbers of new interfaces are chosen here, so that what follows can name them.
 *
 * <p>
 * Pairs with an end outside come before that, in a datagram to the network outside. Only so does it take no rights over that one to have opened the socket inside.
 */
public final class NetSetup implements AutoCloseable {

    private final Map<String, LinkRef> links = new HashMap<>();
    private final List<Request> requests = new ArrayList<>();
    private final List<Request> pairs = new ArrayList<>();
    private final List<LinkRef> pairEnds = new ArrayList<>();
    /** Those pairs whose other ends have addresses, by the numbers of the ends inside. */
    private final Map<Integer, LinkSpec.Veth> outerEnds = new HashMap<>();
    /** Of other namespaces that pairs lead to. */
    private final List<Handle.Use> uses = new ArrayList<>();
    private final Place place;
    private final boolean reaching;
    private int lastIndex;

    private NetSetup(List<Link> present, Place place, boolean reaching) {
        this.place = place;
        this.reaching = reaching;
        for (Link link : present) {
            links.put(link.name(), new LinkRef(link.index(), link.name()));
            lastIndex = Math.max(lastIndex, link.index());
        }
    }

    /** Opens a socket in the network that pairs lead to. */
    public interface Outside {

        /**
         * Opens it.
         *
         * @return the socket, which is closed afterwards
         * @throws NamespaceException if the kernel refuses it
         */
        NetlinkSocket open() throws NamespaceException;
    }

    /**
     * Makes interfaces, addresses, routes and neighbours. If something is refused, some of it may be there, inside: the namespace is to be given up.
     *
     * <p>
     * Sysctls are not set here. The other ends of pairs are left down, but for those with addresses.
     *
     * @param spec what to make
     * @param inside the namespace's socket
     * @param place the namespace
     * @param reaching whether the socket may have rights over namespaces that were there before: not if it was opened in a new user namespace
     * @param outside opens a socket where the other ends of pairs are to be; asked only if there are any
     * @throws NamespaceException if the kernel refuses something
     * @throws IllegalStateException if the handle of a namespace that a pair leads to is closed
     */
    public static void apply(NetSpec spec, NetlinkSocket inside, Place place, boolean reaching, Outside outside)
            throws NamespaceException {
        try (NetSetup setup = new NetSetup(Links.list(inside), place, reaching)) {
            setup.add(spec);
            setup.make(inside, outside);
        }
    }

    private void make(NetlinkSocket inside, Outside outside) throws NamespaceException {
        boolean made = false;
        try {
            if (!pairs.isEmpty()) {
                makePairs(inside, outside);
            }
            inside.make(requests);
            made = true;
        } finally {
            if (!made) {
                deletePairs(inside);
            }
        }
    }

    private void makePairs(NetlinkSocket inside, Outside outside) throws NamespaceException {
        try (NetlinkSocket socket = outside.open()) {
            socket.make(pairs);
            if (!outerEnds.isEmpty()) {
                socket.make(ofOuterEnds(inside));
            }
        }
    }

    /** The kernel has chosen the numbers of the other ends; each is what its pair's end inside is linked to. */
    private List<Request> ofOuterEnds(NetlinkSocket inside) throws NamespaceException {
        List<Request> more = new ArrayList<>();
        for (Link end : Links.list(inside)) {
            LinkSpec.Veth pair = outerEnds.get(end.index());
            if (pair != null) {
                LinkRef outer = new LinkRef(end.lower().orElseThrow(), pair.hostEnd());
                more.add(Links.up(outer).fromOutside());
                pair.hostAddresses().forEach(it -> more.add(Addresses.add(outer, it).fromOutside()));
            }
        }
        return more;
    }

    /** At once: the kernel deletes what is in a namespace only some time after the last process in there has ended. */
    private void deletePairs(NetlinkSocket inside) {
        for (LinkRef end : pairEnds) {
            try {
                inside.make(Links.delete(end));
            } catch (NamespaceException _) {
                // it was not made
            }
        }
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
        NewLink link = new NewLink(spec.name(), ++lastIndex, spec.mtu(), spec.mac(), 0, spec.up());
        LinkRef ref = new LinkRef(link.index(), link.name());
        links.put(spec.name(), ref);
        switch (spec.kind()) {
            case LinkSpec.Bridge _ -> requests.add(Links.bridge(link));
            case LinkSpec.Veth veth -> {
                pairs.add(Links.vethFromOutside(link, place, NewLink.named(veth.hostEnd()).with(spec.mtu(), null),
                        null));
                pairEnds.add(ref);
                if (!veth.hostAddresses().isEmpty()) {
                    outerEnds.put(ref.index(), veth);
                }
            }
            case LinkSpec.Pair(String name, NamespaceHandle there) -> {
                NewLink peer = NewLink.named(name).with(spec.mtu(), null);
                if (reaching) {
                    requests.add(Links.veth(link, peer, place(there)));
                } else {
                    pairs.add(Links.vethFromOutside(link, place, peer, place(there)));
                }
                pairEnds.add(ref);
            }
        }
        if (spec.master() != null) {
            requests.add(Links.join(ref, link(spec.master())));
        }
    }

    private Place place(NamespaceHandle namespace) {
        Handle.Use use = ((Handle) namespace).use();
        uses.add(use);
        return Place.ofDescriptor(use.descriptor());
    }

    private LinkRef link(String name) {
        LinkRef link = links.get(name);
        if (link == null) {
            throw new IllegalArgumentException("there is no interface " + name);
        }
        return link;
    }

    @Override
    public void close() {
        uses.forEach(Handle.Use::close);
    }
}
