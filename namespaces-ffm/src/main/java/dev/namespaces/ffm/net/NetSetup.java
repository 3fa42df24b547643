package dev.namespaces.ffm.net;

import dev.namespaces.Link;
import dev.namespaces.MacvlanMode;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.Step;
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
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes what a network namespace is to contain by one datagram. That is possible as the numbers of new interfaces are chosen here, so that what follows can name
 * them. What is there already is read only where it matters: where something is named that is not made here, or gets a number beside it.
 *
 * <p>
 * What has to do with the network outside comes before that, in a datagram to that: pairs with an end there, and what shares an interface or is moved in. Only so
 * does it take no rights over that one to have opened the socket inside.
 */
public final class NetSetup implements AutoCloseable {

    /** Before Linux 6.15 no interface outside may have the number of one that is made from there, so it is one that the kernel comes to only late. */
    private static final int LOWEST_FROM_OUTSIDE = 1 << 20;
    private static final int HIGHEST_FROM_OUTSIDE = 1 << 30;

    private final Map<String, LinkRef> links = new HashMap<>();
    private final NetlinkSocket inside;
    private final Place place;
    private final boolean reaching;
    /** What is not left to the kernel to delete, some time. */
    private final List<LinkRef> tied = new ArrayList<>();
    /** Of other namespaces that pairs lead to. */
    private final List<Handle.Use> uses = new ArrayList<>();
    private @Nullable MovedLinks moved;
    private boolean known;
    private int lastIndex;
    private int lastFromOutside = ThreadLocalRandom.current().nextInt(LOWEST_FROM_OUTSIDE, HIGHEST_FROM_OUTSIDE);

    private NetSetup(NetlinkSocket inside, Place place, boolean reaching) {
        this.inside = inside;
        this.place = place;
        this.reaching = reaching;
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
     * @return what has been moved in, to be closed in the end; null if it is nothing
     * @throws NamespaceException if the kernel refuses something
     * @throws IllegalStateException if the handle of a namespace that a pair leads to is closed
     */
    public static @Nullable MovedLinks apply(NetSpec spec, NetlinkSocket inside, Place place, boolean reaching,
            Outside outside) throws NamespaceException {
        try (NetSetup setup = new NetSetup(inside, place, reaching)) {
            setup.make(spec, outside);
            return setup.moved;
        }
    }

    private void make(NetSpec spec, Outside outside) throws NamespaceException {
        boolean made = false;
        try {
            if (spec.links().stream().anyMatch(link -> isFromOutside(link.kind()))) {
                try (NetlinkSocket socket = outside.open()) {
                    makeFrom(socket, spec.links());
                }
            }
            inside.make(requests(spec));
            made = true;
        } finally {
            if (!made) {
                takeBack();
            }
        }
    }

    // ---- what has to do with the network outside

    private boolean isFromOutside(LinkSpec.Kind kind) {
        return switch (kind) {
            case LinkSpec.Bridge _ -> false;
            case LinkSpec.Pair _ -> !reaching;
            case LinkSpec.Veth _,LinkSpec.Macvlan _,LinkSpec.Moved _ -> true;
        };
    }

    private void makeFrom(NetlinkSocket outside, List<LinkSpec> specs) throws NamespaceException {
        Map<String, Link> present = new HashMap<>();
        if (specs.stream().map(LinkSpec::kind)
                .anyMatch(kind -> kind instanceof LinkSpec.Macvlan || kind instanceof LinkSpec.Moved)) {
            Links.list(outside).forEach(link -> present.put(link.name(), link));
        }
        List<Request> requests = new ArrayList<>();
        for (LinkSpec spec : specs) {
            switch (spec.kind()) {
                case LinkSpec.Veth veth -> requests.add(Links.vethFromOutside(fromOutside(spec), place,
                        NewLink.named(veth.hostEnd()).with(spec.mtu(), null), null));
                case LinkSpec.Pair(String peer, NamespaceHandle there) -> {
                    if (!reaching) {
                        requests.add(Links.vethFromOutside(fromOutside(spec), place,
                                NewLink.named(peer).with(spec.mtu(), null), place(there)));
                    }
                }
                case LinkSpec.Macvlan(String lower, MacvlanMode mode) -> {
                    Link link = found(present, lower, Step.ADD_LINK, spec.name() + " on " + lower + " outside");
                    requests.add(Links.macvlanFromOutside(fromOutside(spec), place,
                            new LinkRef(link.index(), lower), mode));
                }
                case LinkSpec.Moved _,LinkSpec.Bridge _ -> {
                }
            }
        }
        outside.make(requests);
        outside.make(ofOuterEnds(specs));
        for (LinkSpec spec : specs) {
            if (spec.kind() instanceof LinkSpec.Moved(String hostName)) {
                move(outside, found(present, hostName, Step.CHANGE_LINK, hostName + " (to be moved)"), spec.name());
            }
        }
    }

    private NewLink fromOutside(LinkSpec spec) {
        NewLink link = numbered(spec, ++lastFromOutside);
        tied.add(new LinkRef(link.index(), link.name()));
        return link;
    }

    private static Link found(Map<String, Link> links, String name, Step step, String detail)
            throws NamespaceException {
        Link link = links.get(name);
        if (link == null) {
            throw NetRemedies.ofMissing(step, detail, name);
        }
        return link;
    }

    private void move(NetlinkSocket outside, Link link, String name) throws NamespaceException {
        if (moved == null) {
            moved = MovedLinks.between(outside, inside);
        }
        links.put(name, moved.move(outside, link, place, name));
    }

    /** The kernel has chosen the numbers of the other ends; each is what its pair's end inside is linked to. */
    private List<Request> ofOuterEnds(List<LinkSpec> specs) throws NamespaceException {
        List<LinkSpec.Veth> pairs = new ArrayList<>();
        List<Request> ends = new ArrayList<>();
        for (LinkSpec spec : specs) {
            if (spec.kind() instanceof LinkSpec.Veth pair && !pair.hostAddresses().isEmpty()) {
                pairs.add(pair);
                ends.add(Links.get(link(spec.name())));
            }
        }
        List<Integer> numbers = inside.make(ends, Links::lower);
        List<Request> more = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            LinkRef outer = new LinkRef(numbers.get(i), pairs.get(i).hostEnd());
            more.add(Links.up(outer).fromOutside());
            pairs.get(i).hostAddresses().forEach(it -> more.add(Addresses.add(outer, it).fromOutside()));
        }
        return more;
    }

    /** At once: the kernel deletes what is in a namespace only some time after the last process in there has ended. */
    private void takeBack() {
        for (LinkRef link : tied) {
            try {
                inside.make(Links.delete(link));
            } catch (NamespaceException _) {
                // it was not made
            }
        }
        if (moved != null) {
            moved.close();
        }
    }

    // ---- what is made inside

    private List<Request> requests(NetSpec spec) throws NamespaceException {
        List<Request> requests = new ArrayList<>();
        if (spec.loopback()) {
            requests.add(Links.up(LinkRef.LOOPBACK));
        }
        for (LinkSpec link : sorted(spec.links(), it -> it.master() != null)) {
            add(link, requests);
        }
        for (AddressSpec address : spec.addresses()) {
            requests.add(Addresses.add(link(address.link()), address.address()));
        }
        for (RouteSpec route : sorted(spec.routes(), it -> it.gateway() != null)) {
            requests.add(Routes.add(route, route.link() == null ? null : link(route.link())));
        }
        for (NeighbourSpec neighbour : spec.neighbours()) {
            requests.add(Neighbours.add(link(neighbour.link()), neighbour.address(), neighbour.mac()));
        }
        return requests;
    }

    /** Those come last that take others. */
    private static <T> List<T> sorted(List<T> all, Function<T, Boolean> isLast) {
        return all.stream().sorted(Comparator.comparing(isLast)).toList();
    }

    private void add(LinkSpec spec, List<Request> requests) throws NamespaceException {
        switch (spec.kind()) {
            case LinkSpec.Bridge _ -> requests.add(Links.bridge(numbered(spec)));
            case LinkSpec.Pair(String peer, NamespaceHandle there) -> {
                if (reaching) {
                    NewLink link = numbered(spec);
                    tied.add(new LinkRef(link.index(), link.name()));
                    requests.add(Links.veth(link, NewLink.named(peer).with(spec.mtu(), null), place(there)));
                }
            }
            case LinkSpec.Moved _ -> change(link(spec.name()), spec, requests);
            case LinkSpec.Veth _,LinkSpec.Macvlan _ -> {
            }
        }
        if (spec.master() != null) {
            requests.add(Links.join(link(spec.name()), link(spec.master())));
        }
    }

    private Place place(NamespaceHandle namespace) {
        Handle.Use use = ((Handle) namespace).use();
        uses.add(use);
        return Place.ofDescriptor(use.descriptor());
    }

    private static void change(LinkRef link, LinkSpec spec, List<Request> requests) {
        if (spec.mtu() != 0) {
            requests.add(Links.mtu(link, spec.mtu()));
        }
        if (spec.mac() != null) {
            requests.add(Links.mac(link, spec.mac()));
        }
        if (spec.up()) {
            requests.add(Links.up(link));
        }
    }

    private NewLink numbered(LinkSpec spec) throws NamespaceException {
        read();
        return numbered(spec, ++lastIndex);
    }

    private NewLink numbered(LinkSpec spec, int index) {
        links.put(spec.name(), new LinkRef(index, spec.name()));
        return new NewLink(spec.name(), index, spec.mtu(), spec.mac(), 0, spec.up());
    }

    private LinkRef link(String name) throws NamespaceException {
        if (!links.containsKey(name)) {
            read();
        }
        LinkRef link = links.get(name);
        if (link == null) {
            throw new IllegalArgumentException("there is no interface " + name);
        }
        return link;
    }

    /** Finds out what is there; the numbers of what is made beside it are low. */
    private void read() throws NamespaceException {
        if (known) {
            return;
        }
        known = true;
        for (Link link : Links.list(inside)) {
            links.putIfAbsent(link.name(), new LinkRef(link.index(), link.name()));
            if (link.index() < LOWEST_FROM_OUTSIDE) {
                lastIndex = Math.max(lastIndex, link.index());
            }
        }
    }

    @Override
    public void close() {
        uses.forEach(Handle.Use::close);
    }
}
