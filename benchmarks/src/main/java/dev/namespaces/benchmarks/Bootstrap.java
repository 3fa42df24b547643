package dev.namespaces.benchmarks;

import dev.namespaces.benchmarks.report.Figure;
import dev.namespaces.benchmarks.report.Sample;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** How sure a figure is: what becomes of it if the measurements are drawn again from those that there are. */
final class Bootstrap {

    private static final int RESAMPLES = 2000;
    private static final long SEED = 42;
    private static final double LOW = 0.025;
    private static final double HIGH = 0.975;

    private Bootstrap() {}

    static Figure median(double[] values, String unit) {
        return of(values.length, chosen -> median(values, chosen), unit);
    }

    /**
     * A figure with its interval.
     *
     * @param count how many measurements there are
     * @param figure the figure, of the measurements with these numbers
     * @param unit what it counts
     */
    static Figure of(int count, ToDoubleFunction<int[]> figure, String unit) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[] resampled = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            resampled[i] = figure.applyAsDouble(random.ints(count, 0, count).toArray());
        }
        Arrays.sort(resampled);
        return new Figure(figure.applyAsDouble(IntStream.range(0, count).toArray()), Sample.quantile(resampled, LOW),
                Sample.quantile(resampled, HIGH), unit);
    }

    private static double median(double[] values, int[] chosen) {
        return Sample.quantile(Arrays.stream(chosen).mapToDouble(i -> values[i]).sorted().toArray(), 0.5);
    }
}
