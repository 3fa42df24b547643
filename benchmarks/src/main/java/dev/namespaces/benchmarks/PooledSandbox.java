package dev.namespaces.benchmarks;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespacePool;
import dev.namespaces.PidConfig;
import dev.namespaces.benchmarks.report.Goal;
import dev.namespaces.benchmarks.report.Row;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * S6, the sandbox with a new network namespace from a pool, beside the one without from no pool (S4); and S7, the same from a pool, beside an unisolated spawn in C. The spawns are
 * paced, and each block begins when the pool is full.
 */
final class PooledSandbox implements Scenario {

    private static final Goal BESIDE_C = Goal.atMost(1.1);
    private static final Goal BESIDE_SANDBOX = Goal.atMost(1.1);
    private static final int SIZE = 16;
    private static final int WARM_UP = 5000;
    private static final Duration WARMING_UP = Duration.ofSeconds(8);
    private static final long MOMENT_NANOS = 1_000_000;
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private final boolean besideC;

    PooledSandbox(boolean besideC) {
        this.besideC = besideC;
    }

    @Override
    public String id() {
        return besideC ? "S7" : "S6";
    }

    @Override
    public String title() {
        return besideC ? "a parked child, fully isolated" : "the sandbox with a pooled network namespace";
    }

    @Override
    public Duration planned(Effort effort) {
        return effort.contest().multipliedBy(besideC ? 3 : 1).plus(effort.full() ? WARMING_UP : Duration.ZERO);
    }

    @Override
    public void run(Workbench bench) throws IOException, InterruptedException {
        if (bench.effort().full()) {
            warmUp(Streams.DISCARDED.connect(Command.of(bench.programs().exit().toString())));
        }
        SandboxedProgram sandbox = FullSandbox.sandbox(bench, Spawn.PROGRAM, true);
        Namespace asPid1 = sandbox.builder().pid(PidConfig::asPid1).build();
        if (!besideC) {
            Side cold = Side.of(FullSandbox.sandbox(bench, Spawn.PROGRAM, false).asPid1(), Endpoint.EXIT_SEEN);
            hold(bench, Spawn.PROGRAM + ", as PID 1", "S4's sandbox", cold, asPid1, sandbox.discarding(),
                    BESIDE_SANDBOX);
            return;
        }
        Side inC = bench.floor(Endpoint.EXIT_SEEN, List.of("--vfork", "--", Spawn.PROGRAM));
        hold(bench, Spawn.PROGRAM + ", as PID 1", "C's vfork, unisolated", inC, asPid1, sandbox.discarding(), BESIDE_C);
        hold(bench, Spawn.PROGRAM + ", under the init", "C's vfork, unisolated", inC, sandbox.builder().pid().build(),
                sandbox.discarding(), null);
        Side inCStatic = bench.floor(Endpoint.EXIT_SEEN,
                List.of("--vfork", "--", bench.programs().exit().toString()));
        SandboxedProgram tiny = FullSandbox.sandbox(bench, "/opt/exit", true);
        hold(bench, "a static program, as PID 1", "C's vfork, unisolated", inCStatic,
                tiny.builder().pid(PidConfig::asPid1).build(), tiny.discarding(), null);
    }

    /** Has the JVM compile what a spawn runs: paced, and waiting for pools to be full, a contest makes too few for that. */
    private static void warmUp(Command command) throws IOException, InterruptedException {
        try (NamespacePool pool = Namespace.builder().user().pid(PidConfig::asPid1).build().pool(SIZE)) {
            Spawn spawn = Spawn.namespace(pool, command);
            for (int i = 0; i < WARM_UP; i++) {
                if (i % SIZE == 0) {
                    awaitFull(pool);
                }
                spawn.run();
            }
        }
    }

    private static void hold(Workbench bench, String what, String beside, Side other, Namespace namespace,
            Command command, @Nullable Goal goal) throws IOException, InterruptedException {
        try (NamespacePool pool = namespace.pool(SIZE)) {
            Side one = Side.of(Spawn.namespace(pool, command), Endpoint.EXIT_SEEN);
            Side ours = (times, pause) -> {
                awaitFull(pool);
                return one.nanos(times, pause);
            };
            Contest contest = Contest.of(what, Endpoint.EXIT_SEEN, beside, other, ours).at(Rhythm.PACED).to(goal);
            Row row = bench.measure(contest, 1);
            NamespacePool.Statistics statistics = pool.statistics();
            bench.add(new Row(row.what(), row.endpoint(), row.beside(), row.a(), row.b(), row.figure(), row.goal(),
                    "from a pool of " + SIZE + ", " + statistics.misses() + " of "
                            + (statistics.hits() + statistics.misses()) + " found it empty"));
        }
    }

    private static void awaitFull(NamespacePool pool) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (pool.statistics().waiting() < SIZE && System.nanoTime() < end) {
            LockSupport.parkNanos(MOMENT_NANOS);
        }
    }
}
