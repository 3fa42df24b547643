package dev.namespaces;

/** Whom an interface of kind {@code macvlan} can reach besides the network outside; see ip-link(8). */
public enum MacvlanMode {
    /** None of the others on the same interface. */
    PRIVATE(1),
    /** Whomever a switch outside sends the packets back to. */
    VEPA(2),
    /** The others on the same interface, directly. */
    BRIDGE(4),
    /** There are no others: it has the interface for itself, and its hardware address. */
    PASSTHRU(8);

    private final int number;

    MacvlanMode(int number) {
        this.number = number;
    }

    /**
     * The kernel's number, {@code MACVLAN_MODE_…}.
     *
     * @return a power of two
     */
    public int number() {
        return number;
    }
}
