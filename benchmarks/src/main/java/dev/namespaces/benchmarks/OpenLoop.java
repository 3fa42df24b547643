package dev.namespaces.benchmarks;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.benchmarks.report.Figure;
import dev.namespaces.benchmarks.report.Goal;
import dev.namespaces.benchmarks.report.Plot;
import dev.namespaces.benchmarks.report.Row;
import dev.namespaces.benchmarks.report.Sample;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * S11: spawns that are asked for at fixed times, however long those before them take, and measured from the time at which they should have begun: whoever falls
 * behind keeps others waiting, which a loop that asks for the next when it has got the last does not see (coordinated omission).
 */
final class OpenLoop implements Scenario {

    private static final Goal P99_BESIDE_C = Goal.atMost(1.2);
    private static final List<Integer> PERCENT_OF_CAPACITY = List.of(50, 80);
    private static final double P99 = 0.99;
    private static final List<Double> REPORTED = List.of(0.5, 0.9, P99, 0.999);
    private static final int THREADS = Runtime.getRuntime().availableProcessors();
    private static final int ROUNDS = 6;
    private static final int OPEN_LOOP = 2;
    private static final int FEWEST_ARRIVALS = 100;
    private static final long NANOS_PER_MICRO = 1000;

    private final Namespace plain = Namespace.builder().build();

    @Override
    public String id() {
        return "S11";
    }

    @Override
    public String title() {
        return "plain spawns that arrive at fixed times";
    }

    @Override
    public Duration planned(Effort effort) {
        return effort.contest().multipliedBy((long) ROUNDS * PERCENT_OF_CAPACITY.size());
    }

    @Override
    public void run(Workbench bench) throws IOException, InterruptedException {
        String program = bench.programs().exit().toString();
        Helper floor = bench.floor(List.of("--", program));
        Spawn spawn = Spawn.namespace(plain, Streams.DISCARDED.connect(Command.of(program)));
        long capacity = Math.max(typical(() -> Throughput.nanosEach(floor, THREADS)),
                typical(() -> Throughput.nanosEach(spawn, THREADS)));
        for (int percent : PERCENT_OF_CAPACITY) {
            long interval = capacity * 100 / percent;
            int arrivals = Math.max(FEWEST_ARRIVALS, (int) (bench.effort().contest().toNanos() / 2 / interval));
            List<long[]> inC = new ArrayList<>();
            List<long[]> ours = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                bench.begin(percent + " % of capacity");
                if (round % 2 == 0) {
                    inC.add(floor.ask(arrivals, OPEN_LOOP, arrivals, interval, THREADS));
                    ours.add(serve(spawn, arrivals, interval));
                } else {
                    ours.add(serve(spawn, arrivals, interval));
                    inC.add(floor.ask(arrivals, OPEN_LOOP, arrivals, interval, THREADS));
                }
            }
            report(bench, percent, interval, inC, ours);
        }
    }

    private static long typical(Side.Stopwatch stopwatch) throws IOException, InterruptedException {
        return Math.round(NANOS_PER_MICRO * Sample.of(Side.of(stopwatch).nanos(ROUNDS, Duration.ZERO), 1).median());
    }

    private static void report(Workbench bench, int percent, long interval, List<long[]> inC, List<long[]> ours) {
        for (double fraction : REPORTED) {
            Figure ratio = Bootstrap.of(ROUNDS,
                    rounds -> quantile(ours, rounds, fraction) / quantile(inC, rounds, fraction), Figure.TIMES);
            boolean first = fraction == REPORTED.getFirst();
            bench.add(new Row("p" + BigDecimal.valueOf(100 * fraction).stripTrailingZeros().toPlainString() + " at "
                    + percent + " % of capacity",
                    Endpoint.EXIT_SEEN.toString(), "C", first ? sample(inC) : null, first ? sample(ours) : null, ratio,
                    fraction == P99 ? P99_BESIDE_C : null,
                    "at " + percent + " %, one spawn each " + interval / NANOS_PER_MICRO
                            + " µs; the capacity is that of the slower side, with as many threads as processors"));
        }
        bench.add(new Plot("latency at " + percent + " % of capacity", "percentile", "µs", false, true,
                List.of(line("C", sample(inC)), line("ours", sample(ours)))));
    }

    private static double quantile(List<long[]> all, int[] rounds, double fraction) {
        return Sample.quantile(Arrays.stream(rounds).mapToObj(all::get).flatMapToLong(Arrays::stream).asDoubleStream()
                .sorted().toArray(), fraction);
    }

    private static Sample sample(List<long[]> rounds) {
        return Sample.of(rounds.stream().flatMapToLong(Arrays::stream).toArray(), 1);
    }

    private static Plot.Line line(String name, Sample sample) {
        return new Plot.Line(name, Sample.FRACTIONS.stream().map(fraction -> 100 * fraction).toList(),
                sample.quantiles());
    }

    /** As the program in C does it: the next thread that is free takes the next arrival. */
    private static long[] serve(Spawn spawn, int arrivals, long interval) throws InterruptedException {
        long[] nanos = new long[arrivals];
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime() + interval;
        InThreads.run(THREADS, () -> {
            for (int number; (number = next.getAndIncrement()) < arrivals;) {
                long arrival = start + number * interval;
                Side.waitUntil(arrival);
                spawn.run();
                nanos[number] = System.nanoTime() - arrival;
            }
        });
        return nanos;
    }
}
