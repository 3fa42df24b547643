package dev.namespaces.benchmarks;

import java.io.IOException;
import java.time.Duration;

/** One thing that the suite looks at. */
interface Scenario {

    /** Such as {@code S1}. */
    String id();

    /** What it is about, in a few words. */
    String title();

    /** About how long it takes. */
    Duration planned(Effort effort);

    /** Measures, and adds what it finds. */
    void run(Workbench bench) throws IOException, InterruptedException;
}
