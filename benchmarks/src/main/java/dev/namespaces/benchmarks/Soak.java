package dev.namespaces.benchmarks;

import dev.namespaces.benchmarks.report.Figure;
import dev.namespaces.benchmarks.report.Goal;
import dev.namespaces.benchmarks.report.Plot;
import dev.namespaces.benchmarks.report.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** S15: very many sandboxes, one after the other on each processor: what is left of them, and whether they become slower. */
final class Soak implements Scenario {

    private static final Goal NO_MORE = Goal.atMost(0);
    private static final Goal FLAT = Goal.atMost(1.05);
    private static final int WINDOWS = 40;
    /** The share of the windows, at either end, that are compared. */
    private static final int END = WINDOWS / 4;
    private static final Duration SANDBOX = Duration.ofNanos(700_000);
    private static final int THREADS = Runtime.getRuntime().availableProcessors();
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double KIBIBYTES_PER_MEBIBYTE = 1024;

    /** How it was in one part of the run, and after it. */
    private record Window(double perSecond, double descriptors, double residentMebibytes, double slabMebibytes) {}

    @Override
    public String id() {
        return "S15";
    }

    @Override
    public String title() {
        return "soak";
    }

    @Override
    public Duration planned(Effort effort) {
        return SANDBOX.multipliedBy(effort.soak()).plus(effort.contest());
    }

    @Override
    public void run(Workbench bench) throws IOException, InterruptedException {
        int soak = bench.effort().soak();
        bench.begin(soak + " sandboxes");
        Spawn spawn = FullSandbox.sandbox(bench, "/opt/exit", false).asPid1();
        window(spawn, soak / WINDOWS);
        List<Window> windows = new ArrayList<>();
        for (int i = 0; i < WINDOWS; i++) {
            windows.add(window(spawn, soak / WINDOWS));
        }
        String note = "the last quarter of " + soak + " sandboxes beside the first";
        double[] descriptors = windows.stream().mapToDouble(Window::descriptors).toArray();
        bench.add(Row.of("descriptors more", Figure.exactly(descriptors[WINDOWS - 1] - descriptors[0], "descriptors"),
                NO_MORE, ""));
        bench.add(Row.of("resident memory", growth(windows, Window::residentMebibytes), FLAT, note));
        bench.add(Row.of("kernel slab", growth(windows, Window::slabMebibytes), FLAT, note));
        bench.add(Row.of("throughput", growth(windows, Window::perSecond), null, note));
        plot(bench, windows, "throughput", "sandboxes a second", Window::perSecond);
        plot(bench, windows, "resident memory", "MiB", Window::residentMebibytes);
        plot(bench, windows, "kernel slab", "MiB", Window::slabMebibytes);
    }

    private static Window window(Spawn spawn, int count) throws IOException, InterruptedException {
        AtomicInteger left = new AtomicInteger(count);
        long start = System.nanoTime();
        InThreads.run(THREADS, () -> {
            while (left.decrementAndGet() >= 0) {
                spawn.run();
            }
        });
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        Teardown.drain();
        return new Window(count / seconds, descriptors(), mebibytes("self/status", "VmRSS"),
                mebibytes("meminfo", "Slab"));
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static double mebibytes(String file, String field) throws IOException {
        return Double.parseDouble(Machine.field(file, field).replace(" kB", "")) / KIBIBYTES_PER_MEBIBYTE;
    }

    /** The mean of the last windows by that of the first. */
    private static Figure growth(List<Window> windows, ToDoubleFunction<Window> what) {
        double[] values = windows.stream().mapToDouble(what).toArray();
        return Bootstrap.of(END, chosen -> mean(values, Arrays.stream(chosen).map(i -> WINDOWS - 1 - i))
                / mean(values, Arrays.stream(chosen)), Figure.TIMES);
    }

    private static double mean(double[] values, IntStream chosen) {
        return chosen.mapToDouble(i -> values[i]).average().orElseThrow();
    }

    private static void plot(Workbench bench, List<Window> windows, String title, String y,
            ToDoubleFunction<Window> what) {
        int each = bench.effort().soak() / WINDOWS;
        bench.add(new Plot(title + ", by sandboxes made", "sandboxes", y, false, false,
                List.of(new Plot.Line("ours", IntStream.rangeClosed(1, WINDOWS).mapToObj(i -> (double) i * each)
                        .toList(), windows.stream().map(what::applyAsDouble).toList()))));
    }
}
