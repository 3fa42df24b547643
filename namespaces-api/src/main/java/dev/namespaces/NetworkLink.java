package dev.namespaces;

import dev.namespaces.spi.LinkChange;
import java.util.List;
import java.util.Objects;

/**
 * What connects a host of a {@link Network} with another one, or with a switch, while it is open. What is said of it holds for both directions. Thread-safe.
 *
 * <p>
 * All methods throw an {@link IllegalStateException} if the network is closed.
 */
public final class NetworkLink {

    private final Cabling cabling;
    private final List<Cabling.Plug> plugs;

    NetworkLink(Cabling cabling, List<Cabling.Plug> plugs) {
        this.cabling = cabling;
        this.plugs = plugs;
    }

    /**
     * Cuts it, as if a cable were pulled: nothing goes through, and who is connected has no carrier. Addresses and routes stay.
     *
     * @throws NamespaceException if the kernel refuses it
     */
    public void down() throws NamespaceException {
        cabling.cut(plugs);
    }

    /**
     * Mends it. Packets go through when this returns; but a host that has found nobody at the other end meanwhile may say so for a second more.
     *
     * @throws NamespaceException if the kernel refuses it
     */
    public void up() throws NamespaceException {
        cabling.mend(plugs);
    }

    /**
     * Impairs it, in place of what was said before. Each direction is impaired by itself: a delay of ten milliseconds makes a round trip twenty milliseconds longer.
     *
     * @param impairment how
     * @throws NamespaceException if the kernel refuses it, as for want of {@code sch_netem}
     */
    public void impair(Impairment impairment) throws NamespaceException {
        Objects.requireNonNull(impairment, "impairment");
        cabling.change(plugs, link -> new LinkChange.Impair(link, impairment));
    }

    /**
     * Limits it, in place of what was said before. Each direction is limited by itself.
     *
     * @param limit how much
     * @throws NamespaceException if the kernel refuses it, as for want of {@code sch_tbf}
     */
    public void limit(RateLimit limit) throws NamespaceException {
        Objects.requireNonNull(limit, "limit");
        cabling.change(plugs, link -> new LinkChange.Limit(link, limit));
    }

    /**
     * Takes back what {@link #impair} or {@link #limit} has done, if anything.
     *
     * @throws NamespaceException if the kernel refuses it
     */
    public void reset() throws NamespaceException {
        cabling.change(plugs, LinkChange.Reset::new);
    }

    /** Such as {@code a - b}. */
    @Override
    public String toString() {
        Topology.Port port = plugs.getFirst().port();
        return port.host() + " - " + port.link();
    }
}
