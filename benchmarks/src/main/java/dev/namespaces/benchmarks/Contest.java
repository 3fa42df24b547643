package dev.namespaces.benchmarks;

import java.io.IOException;

/**
 * Two ways to do something, such as a spawn, that are run in turn, as A B B A, so that whatever else the machine does hits both alike.
 *
 * @param a the way to compare with
 * @param b the way that is judged
 * @param goal how many times as long as {@code a} it may take
 */
record Contest(Side a, Side b, double goal) {

    private static final int WARM_UP_PAIRS = 200;
    private static final double NANOS_PER_MILLI = 1_000_000;

    /** One of the two. */
    record Side(String name, Stopwatch spawn) {}

    /** Spawns once and says how long it took. */
    @FunctionalInterface
    interface Stopwatch {

        long nanos() throws IOException, InterruptedException;

        static Stopwatch of(Spawn spawn) {
            return () -> {
                long start = System.nanoTime();
                spawn.run();
                return System.nanoTime() - start;
            };
        }
    }

    /**
     * How it went.
     *
     * @param aMillis what A took, in milliseconds
     * @param bMillis what B took
     * @param ratio B's time by A's, pair by pair
     */
    record Outcome(Median aMillis, Median bMillis, Median ratio) {}

    Outcome run(int pairs) throws IOException, InterruptedException {
        measure(WARM_UP_PAIRS);
        return measure(pairs);
    }

    private Outcome measure(int pairs) throws IOException, InterruptedException {
        double[] aMillis = new double[pairs];
        double[] bMillis = new double[pairs];
        double[] ratios = new double[pairs];
        for (int i = 0; i < pairs; i++) {
            if (i % 2 == 0) {
                aMillis[i] = a.spawn.nanos() / NANOS_PER_MILLI;
                bMillis[i] = b.spawn.nanos() / NANOS_PER_MILLI;
            } else {
                bMillis[i] = b.spawn.nanos() / NANOS_PER_MILLI;
                aMillis[i] = a.spawn.nanos() / NANOS_PER_MILLI;
            }
            ratios[i] = bMillis[i] / aMillis[i];
        }
        return new Outcome(Median.of(aMillis), Median.of(bMillis), Median.of(ratios));
    }
}
