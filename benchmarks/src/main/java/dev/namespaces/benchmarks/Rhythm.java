package dev.namespaces.benchmarks;

import java.time.Duration;

/** How quickly one follows another. */
enum Rhythm {
    /** At once. Hides what the kernel puts off, and has every cache warm. */
    BACK_TO_BACK("back to back", Duration.ZERO),
    /** After a pause, as in a program that spawns now and then. */
    PACED("paced", Duration.ofMillis(3));

    private final String words;
    private final Duration pause;

    Rhythm(String words, Duration pause) {
        this.words = words;
        this.pause = pause;
    }

    Duration pause() {
        return pause;
    }

    @Override
    public String toString() {
        return words;
    }
}
