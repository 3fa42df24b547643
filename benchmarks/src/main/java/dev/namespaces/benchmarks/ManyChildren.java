package dev.namespaces.benchmarks;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.benchmarks.report.Figure;
import dev.namespaces.benchmarks.report.Goal;
import dev.namespaces.benchmarks.report.Row;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** S12: many live children, whose streams are discarded: what they cost the JVM, and how soon the end of one is noticed. */
final class ManyChildren implements Scenario {

    private static final Goal HEAP = Goal.atMost(1024);
    private static final Goal NO_THREAD = Goal.atMost(0);
    private static final Goal NOTICE = Goal.atMost(1.2);
    private static final List<Integer> COUNTS = List.of(1000, 10_000);
    private static final List<Integer> COUNTS_WHEN_QUICK = List.of(1000);
    private static final Duration START_OF_ONE = Duration.ofNanos(400_000);
    private static final int WARM_UP = 100;
    /** A collection that frees no more than this has found all that there was. */
    private static final long NEXT_TO_NOTHING = 4096;
    private static final long MOMENT_NANOS = 20_000_000;
    // When the clock of watch.c is stopped.
    private static final int REAPED = 0;
    private static final int TOLD = 1;
    private static final int CONTESTS = 2;

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
        return effort.contest().multipliedBy((long) CONTESTS * counts(effort).size())
                .plus(START_OF_ONE.multipliedBy(2L * CONTESTS * children));
    }

    @Override
    public void run(Workbench bench) throws IOException, InterruptedException {
        Command command = Streams.DISCARDED.connect(Command.of(bench.programs().stay().toString()));
        Queue<NamespaceProcess> first = new ArrayDeque<>();
        fill(first, WARM_UP, command); // the library's own threads are there from now on, and whatever is loaded once
        heap();
        end(first);
        for (int count : counts(bench.effort())) {
            run(bench, command, count);
        }
    }

    private void run(Workbench bench, Command command, int count) throws IOException, InterruptedException {
        Queue<NamespaceProcess> children = new ArrayDeque<>(count);
        try {
            long heap = heap();
            int threads = ManagementFactory.getThreadMXBean().getThreadCount();
            fill(children, count, command);
            bench.add(Row.of("heap of each of " + count, Figure.exactly((double) (heap() - heap) / count, "B"), HEAP,
                    ""));
            bench.add(Row.of("threads more, of " + count, Figure.exactly(
                    ManagementFactory.getThreadMXBean().getThreadCount() - threads, "threads"), NO_THREAD, ""));
            notice(bench, children, count, TOLD, "C, another thread told", null,
                    "from the signal that kills the child until onExit() is complete, in a thread other than the one that watches; and in C until such a thread has been told");
            fill(children, count, command);
            notice(bench, children, count, REAPED, "C, the child reaped", NOTICE,
                    "in C no other thread has been told by then");
        } finally {
            end(children);
        }
    }

    private static void notice(Workbench bench, Queue<NamespaceProcess> children, int count, int until, String beside,
            @Nullable Goal goal, String note) throws IOException, InterruptedException {
        try (Helper inC = Helper.start(List.of(bench.programs().watch().toString(), Integer.toString(count),
                bench.programs().stay().toString()))) {
            bench.hold(new Contest("notice of an end, one of " + count, "completion", beside, inC.side(until),
                    Side.of(() -> killOne(children)), Rhythm.PACED, 1, goal, note));
        }
    }

    /** Starts children until there are so many. */
    private void fill(Queue<NamespaceProcess> children, int count, Command command) throws IOException {
        while (children.size() < count) {
            children.add(plain.spawn(command));
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

    /** What is reachable. What is cleaned up behind one collection is freed by the next, so there are as many as free anything. */
    private static long heap() {
        long before;
        long used = Long.MAX_VALUE;
        do {
            before = used;
            System.gc();
            LockSupport.parkNanos(MOMENT_NANOS);
            used = usedAfterCollection();
        } while (before - used > NEXT_TO_NOTHING);
        return used;
    }

    /** Not what is used now: a thread that allocates takes room for much at once. */
    private static long usedAfterCollection() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getCollectionUsage).filter(Objects::nonNull).mapToLong(MemoryUsage::getUsed)
                .sum();
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
