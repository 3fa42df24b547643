package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespacePool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What tests do with pools. */
final class Pools {

    private static final String GUARD = "namespace-guard";

    private Pools() {}

    /** A pool in which all are waiting. */
    static NamespacePool full(NamespaceBuilder builder, int size) throws Exception {
        NamespacePool pool = builder.build().pool(size);
        try {
            awaitFull(pool, size);
            return pool;
        } catch (Exception | Error e) {
            pool.close();
            throw e;
        }
    }

    static void awaitFull(NamespacePool pool, int size) throws Exception {
        Await.value("a full pool", pool::statistics, statistics -> statistics.waiting() == size);
    }

    /** The processes that wait, inits and those below them, as far as they are this JVM's. */
    static List<Long> waiting() throws IOException {
        List<Long> waiting = new ArrayList<>();
        for (long child : Proc.children(Proc.SELF)) {
            addIfStageTwo(child, waiting);
            for (long below : Proc.children(child)) {
                addIfStageTwo(below, waiting);
            }
        }
        return waiting;
    }

    private static void addIfStageTwo(long pid, List<Long> to) throws IOException {
        if (Proc.isAlive(pid) && Proc.text(pid, "cmdline").startsWith(SecondStage.NAME)
                && !Proc.statOf(pid).name().equals(GUARD)) {
            to.add(pid);
        }
    }
}
