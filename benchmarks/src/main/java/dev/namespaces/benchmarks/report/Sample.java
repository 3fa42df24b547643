package dev.namespaces.benchmarks.report;

import java.util.Arrays;
import java.util.List;

/**
 * How long something took, often.
 *
 * @param count how often it was measured
 * @param quantiles in microseconds, those at {@link #FRACTIONS}
 */
public record Sample(int count, List<Double> quantiles) {

    public static final List<Double> FRACTIONS = List.of(0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999,
            1.0);

    private static final double NANOS_PER_MICRO = 1000;

    /**
     * Sums measurements up.
     *
     * @param nanos what was measured
     * @param times how often the thing was done for each of these
     */
    public static Sample of(long[] nanos, int times) {
        double[] sorted = Arrays.stream(nanos).mapToDouble(value -> value / NANOS_PER_MICRO / times).sorted().toArray();
        return new Sample(sorted.length, FRACTIONS.stream().map(fraction -> quantile(sorted, fraction)).toList());
    }

    public double median() {
        return at(0.5);
    }

    /** One of the {@link #FRACTIONS}. */
    public double at(double fraction) {
        return quantiles.get(FRACTIONS.indexOf(fraction));
    }

    /** Of values in ascending order. */
    public static double quantile(double[] sorted, double fraction) {
        double at = fraction * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
