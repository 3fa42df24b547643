package dev.namespaces;

/** How far an address is valid, or a route's destination away: {@code RT_SCOPE_…} of rtnetlink(7). */
public enum Scope {
    /** Everywhere. */
    GLOBAL(0),
    /** Within the site; IPv6 has given it up. */
    SITE(200),
    /** On the link. */
    LINK(253),
    /** On this machine. */
    HOST(254),
    /** Nowhere. */
    NOWHERE(255),
    /** A scope that somebody has made up. */
    OTHER(-1);

    private final int number;

    Scope(int number) {
        this.number = number;
    }

    /**
     * The kernel's number.
     *
     * @return 0 to 255, or -1 for {@link #OTHER}
     */
    public int number() {
        return number;
    }
}
