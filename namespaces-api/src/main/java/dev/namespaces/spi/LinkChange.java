package dev.namespaces.spi;

import dev.namespaces.Impairment;
import dev.namespaces.RateLimit;

/** What is done to an interface of a live network. */
public sealed interface LinkChange {

    /**
     * Which interface.
     *
     * @return its name
     */
    String link();

    /**
     * It is brought up.
     *
     * @param link which
     */
    record Up(String link) implements LinkChange {}

    /**
     * It is taken down.
     *
     * @param link which
     */
    record Down(String link) implements LinkChange {}

    /**
     * It becomes a port of a bridge, and of no other any more.
     *
     * @param link which
     * @param bridge the bridge
     */
    record Port(String link, String bridge) implements LinkChange {}

    /**
     * What it sends is impaired, in place of how it queued before.
     *
     * @param link which
     * @param impairment how
     */
    record Impair(String link, Impairment impairment) implements LinkChange {}

    /**
     * What it sends is limited, in place of how it queued before.
     *
     * @param link which
     * @param limit how much
     */
    record Limit(String link, RateLimit limit) implements LinkChange {}

    /**
     * What it sends is neither impaired nor limited.
     *
     * @param link which
     */
    record Reset(String link) implements LinkChange {}
}
