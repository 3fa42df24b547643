package dev.namespaces.benchmarks;

import java.time.Duration;

/**
 * A scenario for something that does not exist yet.
 *
 * @param id such as {@code S6}
 * @param title what it is about
 * @param lacking what it takes
 */
record NotYet(String id, String title, String lacking) implements Scenario {

    @Override
    public Duration planned(Effort effort) {
        return Duration.ZERO;
    }

    @Override
    public void run(Workbench bench) {
        bench.missing(title, "it takes " + lacking + ", which does not exist yet");
    }
}
