package dev.namespaces.benchmarks;

import java.time.Duration;

/** One thing that the suite looks at. */
interface Scenario {

    /** Such as {@code S1}. */
    String id();

    /** What it is about, in a few words. */
    String title();

    /** About how long it takes. */
    Duration planned(Effort effort);

    void run(Workbench bench) throws Exception;
}
