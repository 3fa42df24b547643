package dev.namespaces.benchmarks;

import java.time.Duration;

/** How much is measured. */
enum Effort {
    /** For figures. */
    FULL(Duration.ofSeconds(6), 100_000),
    /** For whether it works, and whether a ratio is far off. */
    QUICK(Duration.ofMillis(700), 2000);

    private final Duration contest;
    private final int soak;

    Effort(Duration contest, int soak) {
        this.contest = contest;
        this.soak = soak;
    }

    /** How long one contest takes, the warming up included. */
    Duration contest() {
        return contest;
    }

    /** How many sandboxes a soak makes. */
    int soak() {
        return soak;
    }

    boolean full() {
        return this == FULL;
    }
}
