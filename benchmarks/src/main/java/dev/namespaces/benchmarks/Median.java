package dev.namespaces.benchmarks;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The median of a sample, and the interval in which 95 of 100 bootstrap resamples have theirs.
 *
 * @param value the median
 * @param low the interval's lower end
 * @param high its upper end
 */
record Median(double value, double low, double high) {

    private static final int RESAMPLES = 2000;
    private static final long SEED = 42;

    static Median of(double[] sample) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[] medians = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            double[] resample = new double[sample.length];
            Arrays.setAll(resample, _ -> sample[random.nextInt(sample.length)]);
            medians[i] = quantile(resample, 0.5);
        }
        return new Median(quantile(sample.clone(), 0.5), quantile(medians, 0.025), quantile(medians, 0.975));
    }

    /** Sorts the values. */
    private static double quantile(double[] values, double fraction) {
        Arrays.sort(values);
        double at = fraction * (values.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, values.length - 1);
        return values[below] + (at - below) * (values[above] - values[below]);
    }
}
