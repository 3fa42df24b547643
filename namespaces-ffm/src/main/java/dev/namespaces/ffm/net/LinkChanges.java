package dev.namespaces.ffm.net;

import dev.namespaces.Link;
import dev.namespaces.NamespaceException;
import dev.namespaces.spi.LinkChange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Changes of interfaces that are there, all in one datagram. */
public final class LinkChanges {

    private static final Set<String> SET_HERE = Set.of("netem", "tbf");

    private final Map<String, Link> links = new HashMap<>();

    private LinkChanges(List<Link> present) {
        present.forEach(link -> links.put(link.name(), link));
    }

    /**
     * Makes them.
     *
     * @param changes what to do, in this order
     * @param socket the namespace's
     * @throws NamespaceException if the kernel refuses something, after which it goes on with the others
     */
    public static void make(List<LinkChange> changes, NetlinkSocket socket) throws NamespaceException {
        LinkChanges all = new LinkChanges(Links.list(socket));
        socket.make(changes.stream().filter(all::isNeeded).map(all::request).toList());
    }

    /** The kernel refuses to take off what nobody has set. */
    private boolean isNeeded(LinkChange change) {
        return !(change instanceof LinkChange.Reset) || SET_HERE.contains(link(change.link()).qdisc());
    }

    private Request request(LinkChange change) {
        LinkRef link = ref(change.link());
        return switch (change) {
            case LinkChange.Up _ -> Links.up(link);
            case LinkChange.Down _ -> Links.down(link);
            case LinkChange.Port port -> Links.join(link, ref(port.bridge()));
            case LinkChange.Impair how -> Qdiscs.impair(link, how.impairment());
            case LinkChange.Limit how -> Qdiscs.limit(link, how.limit());
            case LinkChange.Reset _ -> Qdiscs.reset(link);
        };
    }

    private LinkRef ref(String name) {
        return new LinkRef(link(name).index(), name);
    }

    private Link link(String name) {
        Link link = links.get(name);
        if (link == null) {
            throw new IllegalArgumentException("there is no interface " + name);
        }
        return link;
    }
}
