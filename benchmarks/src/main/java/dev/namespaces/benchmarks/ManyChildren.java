package dev.namespaces.benchmarks;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.benchmarks.report.Figure;
import dev.namespaces.benchmarks.report.Goal;
import dev.namespaces.benchmarks.report.Row;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** S12: many live children, whose streams are discarded: what they cost the JVM, and how soon the end of one is noticed. */
final class ManyChildren implements Scenario {

    private static final Goal HEAP = Goal.atMost(1024);
    private static final Goal NO_THREAD = Goal.atMost(0);
    private static final Goal NOTICE = Goal.atMost(1.2);
    private static final List<Integer> COUNTS = List.of(1000, 10_000);
    private static final List<Integer> COUNTS_WHEN_QUICK = List.of(1000);
    private static final Duration START_OF_ONE = Duration.ofNanos(400_000);
    private static final int COLLECTIONS = 3;

    private final Namespace plain = Namespace.builder().build();

    @Override
    public String id() {
        return "S12";
    }

    @Override
    public String title() {
        return "many live children";
    }

    private static List<Integer> counts(Effort effort) {
        return effort.full() ? COUNTS : COUNTS_WHEN_QUICK;
    }

    @Override
    public Duration planned(Effort effort) {
        int children = counts(effort).stream().mapToInt(count -> count).sum();
        return effort.contest().multipliedBy(counts(effort).size()).plus(START_OF_ONE.multipliedBy(2L * children));
    }

    @Override
    public void run(Workbench bench) throws IOException, InterruptedException {
        Command command = Streams.DISCARDED.connect(Command.of(bench.programs().stay().toString()));
        plain.spawn(command).close(); // the library's own threads are there from now on
        for (int count : counts(bench.effort())) {
            run(bench, command, count);
        }
    }

    private void run(Workbench bench, Command command, int count) throws IOException, InterruptedException {
        Queue<NamespaceProcess> children = new ArrayDeque<>(count);
        try (Helper inC = Helper.start(List.of(bench.programs().watch().toString(), Integer.toString(count),
                bench.programs().stay().toString()))) {
            long heap = heap();
            int threads = ManagementFactory.getThreadMXBean().getThreadCount();
            for (int i = 0; i < count; i++) {
                children.add(plain.spawn(command));
            }
            bench.add(Row.of("heap of each of " + count, Figure.exactly((double) (heap() - heap) / count, "B"), HEAP,
                    ""));
            bench.add(Row.of("threads more, of " + count, Figure.exactly(
                    ManagementFactory.getThreadMXBean().getThreadCount() - threads, "threads"), NO_THREAD, ""));
            bench.hold(new Contest("notice of an end, one of " + count, "completion", "C", inC.side(0),
                    Side.of(() -> killOne(children)), Rhythm.PACED, 1, NOTICE,
                    "from the signal that kills the child until onExit() is complete, and in C until it has been reaped: the return of epoll itself cannot be seen from outside"));
        } finally {
            end(children);
        }
    }

    /** All at once, as close() looks for what each has left. */
    private static void end(Queue<NamespaceProcess> children) throws InterruptedException {
        children.forEach(NamespaceProcess::destroyForcibly);
        for (NamespaceProcess child : children) {
            child.waitFor();
            child.close();
        }
    }

    private static long heap() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Returns how long it took until the process's completion ran, in whichever thread that is. */
    private static long killOne(Queue<NamespaceProcess> children) {
        try (NamespaceProcess child = children.remove()) {
            CompletableFuture<Long> seen = child.onExit().thenApply(_ -> System.nanoTime());
            long start = System.nanoTime();
            child.destroyForcibly();
            return seen.join() - start;
        }
    }
}
