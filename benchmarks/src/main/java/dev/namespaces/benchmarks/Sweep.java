package dev.namespaces.benchmarks;

import dev.namespaces.benchmarks.SpawningJvm.Way;
import dev.namespaces.benchmarks.report.Goal;
import dev.namespaces.benchmarks.report.Plot;
import dev.namespaces.benchmarks.report.Row;
import dev.namespaces.benchmarks.report.Sample;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * JVMs that differ in the amount of one thing, from the least to the most. Each is compared with the first.
 *
 * @param unit what there is more and more of
 * @param jvms the amount of it, and who has that much; in ascending order
 */
record Sweep(String unit, Map<Double, Helper> jvms) {

    private static final int WARM_UP_SHARE = 2;
    private static final int WARM_UP_BLOCK = 20;

    /** As many contests as there are between so many JVMs, in two ways, take as long, with the warming up. */
    static int contests(int jvms) {
        return 2 * (jvms - 1) + 2 * jvms / WARM_UP_SHARE;
    }

    /**
     * Compares.
     *
     * @param flat what the most is to be to the least
     * @param ways how to spawn, and what that is called
     * @param judged the way for which that is to be
     */
    void hold(Workbench bench, Goal flat, Map<Way, String> ways, Way judged) throws IOException, InterruptedException {
        List<Plot.Line> lines = new ArrayList<>();
        warmUp(bench, ways.keySet());
        for (Map.Entry<Way, String> way : new EnumMap<>(ways).entrySet()) {
            lines.add(line(bench, way.getKey(), way.getValue(), way.getKey() == judged ? flat : null));
        }
        bench.add(new Plot("median of a spawn, by " + unit, unit, "µs", true, true, lines));
    }

    /** Each for as long, or the one that all others are compared with would have compiled more by and by. */
    private void warmUp(Workbench bench, Set<Way> ways) throws IOException, InterruptedException {
        for (Map.Entry<Double, Helper> jvm : jvms.entrySet()) {
            bench.begin("warming up, " + amount(jvm.getKey()));
            for (Way way : ways) {
                long end = System.nanoTime() + bench.effort().contest().toNanos() / WARM_UP_SHARE;
                while (System.nanoTime() < end) {
                    jvm.getValue().side(way.number()).nanos(WARM_UP_BLOCK, Duration.ZERO);
                }
            }
        }
    }

    private Plot.Line line(Workbench bench, Way way, String name, @Nullable Goal goal)
            throws IOException, InterruptedException {
        List<Double> medians = new ArrayList<>();
        Iterator<Map.Entry<Double, Helper>> all = jvms.entrySet().iterator();
        Map.Entry<Double, Helper> least = all.next();
        while (all.hasNext()) {
            Map.Entry<Double, Helper> more = all.next();
            Row row = bench.hold(Contest.of(name + ", " + amount(more.getKey()), Endpoint.EXIT_SEEN,
                    amount(least.getKey()), least.getValue().side(way.number()), more.getValue().side(way.number()))
                    .to(all.hasNext() ? null : goal));
            if (medians.isEmpty()) {
                medians.add(median(row.a()));
            }
            medians.add(median(row.b()));
        }
        return new Plot.Line(name, List.copyOf(jvms.keySet()), medians);
    }

    private String amount(double number) {
        return (long) number + " " + unit;
    }

    private static double median(@Nullable Sample sample) {
        return Objects.requireNonNull(sample).median();
    }
}
