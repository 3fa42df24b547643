package dev.namespaces.benchmarks;

import dev.namespaces.benchmarks.report.Goal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * S9: a thread's {@linkplain Entry way into namespaces} of each kind, or of all that a thread may enter at once, and home again, beside a program in C that makes
 * the same system calls ({@code setns.c}), into the same namespaces.
 */
final class ThreadEntry implements Scenario {

    private static final Goal BESIDE_C = Goal.atMost(1.1);
    private static final int LOOPS = 1000;

    @Override
    public String id() {
        return "S9";
    }

    @Override
    public String title() {
        return "Java code in a namespace: there and back, by setns";
    }

    @Override
    public Duration planned(Effort effort) {
        return effort.contest().multipliedBy(Enterable.values().length);
    }

    @Override
    public void run(Workbench bench) throws IOException, InterruptedException {
        if (!Isolation.privileged()) {
            bench.missing("entries by a thread", "takes root, if only of a user namespace: unshare -UrnuiC ./ns bench");
            return;
        }
        for (Enterable which : Enterable.values()) {
            Entry entry = bench.closing(Entry.open(which));
            Helper inC = bench.closing(Helper.start(List.of(bench.programs().setns().toString(),
                    Long.toString(entry.pid()), Long.toString(entry.flags()), Integer.toString(LOOPS))));
            String what = which == Enterable.ALL ? "all four by mask" : which.name().toLowerCase(Locale.ROOT);
            bench.hold(new Contest(what, "home again", "C", inC.side(0), Side.of(() -> nanos(entry)),
                    Rhythm.BACK_TO_BACK, LOOPS, BESIDE_C, ""));
        }
    }

    private static long nanos(Entry entry) {
        long start = System.nanoTime();
        for (int i = 0; i < LOOPS; i++) {
            entry.goAndReturn();
        }
        return System.nanoTime() - start;
    }
}
