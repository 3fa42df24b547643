package dev.namespaces.benchmarks;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.benchmarks.report.Figure;
import dev.namespaces.benchmarks.report.Goal;
import dev.namespaces.benchmarks.report.Plot;
import dev.namespaces.benchmarks.report.Row;
import dev.namespaces.benchmarks.report.Sample;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** S10: how many plain spawns several threads manage at once. */
final class Throughput implements Scenario {

    private static final Goal BESIDE_C = Goal.atLeast(0.95);
    private static final List<Integer> THREADS = List.of(1, 2, 4, 8);
    private static final Duration SEGMENT = Duration.ofMillis(50);
    private static final double MICROS_PER_SECOND = 1e6;
    private static final int THROUGHPUT = 1;

    private final Namespace plain = Namespace.builder().build();

    @Override
    public String id() {
        return "S10";
    }

    @Override
    public String title() {
        return "throughput of plain spawns by several threads";
    }

    @Override
    public Duration planned(Effort effort) {
        return effort.contest().multipliedBy(THREADS.size());
    }

    @Override
    public void run(Workbench bench) throws IOException, InterruptedException {
        String program = bench.programs().exit().toString();
        Helper floor = bench.floor(List.of("--", program));
        Spawn spawn = Spawn.namespace(plain, Streams.DISCARDED.connect(Command.of(program)));
        List<Double> ours = new ArrayList<>();
        List<Double> inC = new ArrayList<>();
        for (int threads : THREADS) {
            Row row = bench.measure(new Contest(threads + (threads == 1 ? " thread" : " threads"), "all have ended",
                    "C", Side.of(() -> nanosEach(floor, threads)), Side.of(() -> nanosEach(spawn, threads)),
                    Rhythm.BACK_TO_BACK, 1, BESIDE_C, "the times are those by which one spawn follows another"), 1);
            bench.add(new Row(row.what(), row.endpoint(), row.beside(), row.a(), row.b(),
                    inverse(Objects.requireNonNull(row.figure())), row.goal(), row.note()));
            inC.add(perSecond(row.a()));
            ours.add(perSecond(row.b()));
        }
        List<Double> threads = THREADS.stream().map(Integer::doubleValue).toList();
        bench.add(new Plot("spawns a second, by threads", "threads", "spawns a second", false, false,
                List.of(new Plot.Line("C", threads, inC), new Plot.Line("ours", threads, ours))));
    }

    private static Figure inverse(Figure times) {
        return new Figure(1 / times.value(), 1 / times.high(), 1 / times.low(), times.unit());
    }

    private static double perSecond(@Nullable Sample times) {
        return MICROS_PER_SECOND / Objects.requireNonNull(times).median();
    }

    /** How much time passes from one spawn to the next, if several threads make them. */
    static long nanosEach(Helper floor, int threads) throws IOException {
        long[] answer = floor.ask(2, THROUGHPUT, threads, SEGMENT.toNanos(), 0);
        return answer[1] / answer[0];
    }

    /** The same, in this JVM. */
    static long nanosEach(Spawn spawn, int threads) throws InterruptedException {
        long start = System.nanoTime();
        AtomicLong count = new AtomicLong();
        InThreads.run(threads, () -> {
            while (System.nanoTime() - start < SEGMENT.toNanos()) {
                spawn.run();
                count.incrementAndGet();
            }
        });
        return (System.nanoTime() - start) / count.get();
    }
}
