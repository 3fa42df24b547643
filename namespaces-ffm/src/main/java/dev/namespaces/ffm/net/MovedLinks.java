package dev.namespaces.ffm.net;

import dev.namespaces.Link;
import dev.namespaces.NamespaceException;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Syscalls;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Interfaces that have been moved to another network namespace, and are moved back from there when this is closed, or the JVM exits before. The kernel would delete
 * them with the namespace, unless they are hardware.
 *
 * <p>
 * The namespace lives as long as this is open, whatever its processes do. As rights over both namespaces are needed then, it has a socket of its own, opened with
 * those of this process.
 */
public final class MovedLinks implements AutoCloseable {

    private static final System.Logger LOGGER = System.getLogger("dev.namespaces");
    /** The kernel makes a free name of it, as it does itself with hardware whose name is taken. */
    private static final String ANY_NAME = "dev%d";

    private final NetlinkSocket inside;
    private final int home;
    private final Thread atExit = new Thread(null, this::close, "namespaces-moved-links-exit");
    /** What they were before, by their numbers inside. */
    private final Map<Integer, Link> before = new HashMap<>();
    private boolean closed;

    private MovedLinks(NetlinkSocket inside, int home) {
        this.inside = inside;
        this.home = home;
    }

    /**
     * Nothing so far.
     *
     * @param outside a socket of the namespace that interfaces come from
     * @param inside a socket of the other
     */
    static MovedLinks between(NetlinkSocket outside, NetlinkSocket inside) throws NamespaceException {
        NetlinkSocket beside = NetlinkSocket.openBeside(inside);
        int home;
        try {
            home = outside.namespace();
        } catch (NamespaceException e) {
            beside.close();
            throw e;
        }
        MovedLinks links = new MovedLinks(beside, home);
        try {
            Runtime.getRuntime().addShutdownHook(links.atExit);
        } catch (IllegalStateException e) { // the JVM exits already
            links.close();
            throw e;
        }
        return links;
    }

    /** Moves one, and says which it is inside. */
    synchronized LinkRef move(NetlinkSocket outside, Link link, Place place, String name) throws NamespaceException {
        outside.make(Links.move(new LinkRef(link.index(), link.name()), place, name).fromOutside());
        int index = Links.list(inside).stream().filter(it -> it.name().equals(name)).findFirst().orElseThrow().index();
        before.put(index, link);
        return new LinkRef(index, name);
    }

    /** Moves back what is still there; once more does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (inside) {
            for (Link link : Links.list(inside)) {
                moveBack(link);
            }
        } catch (NamespaceException e) {
            LOGGER.log(System.Logger.Level.WARNING, "the interfaces are lost: " + names(), e);
        }
        if (!before.isEmpty()) {
            LOGGER.log(System.Logger.Level.WARNING, "somebody inside has taken the interfaces away: {0}", names());
        }
        Syscalls.close(home);
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException _) {
            // it is the hook that runs
        }
    }

    /** Somebody inside may have put another in its place, but not another piece of hardware. */
    private void moveBack(Link link) {
        Link old = before.get(link.index());
        if (old == null || !old.kind().equals(link.kind())) {
            return;
        }
        before.remove(link.index());
        Place place = Place.ofDescriptor(home);
        try {
            try {
                inside.make(Links.moveBack(link, place, old, old.name()));
            } catch (NamespaceException e) {
                if (e.errno() != Errno.EEXIST) {
                    throw e;
                }
                inside.make(Links.moveBack(link, place, old, ANY_NAME));
            }
        } catch (NamespaceException e) {
            LOGGER.log(System.Logger.Level.WARNING, "the interface " + old.name() + " did not come back as it was", e);
        }
    }

    private List<String> names() {
        return before.values().stream().map(Link::name).sorted().toList();
    }
}
