package dev.namespaces.ffm.live;

import dev.namespaces.NamespaceKind;
import dev.namespaces.ffm.spawn.Holder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that are in live namespaces without a visit: they were started by a visitor, and inherited where it was. Those of the JVM's pools are called
 * home, as they would run others' tasks there.
 */
final class Strays {

    private static final Path TASKS = Path.of("/proc/self/task");
    /** How long a thread whose work is over may take to end. */
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final long OCCUPIED_NANOS = 5_000_000;

    private final Visits visits;
    /** How many calls have not been run. */
    private final AtomicInteger pending = new AtomicInteger();

    Strays(Visits visits) {
        this.visits = visits;
    }

    static IllegalStateException exception(List<String> stayed) {
        return new IllegalStateException(
                String.join(", ", stayed) + " stayed in the namespaces: a thread or a process that is started there"
                        + " inherits them. Inside, start threads by threadFactory() alone, and processes by spawn()");
    }

    /** Waits for those that are about to end, and calls those home that can be; the result is who did not come by itself. */
    List<String> settle() {
        Map<String, String> strays = find();
        if (strays.isEmpty()) {
            return List.of();
        }
        Set<String> called = ConcurrentHashMap.newKeySet();
        Map<String, String> names = new HashMap<>();
        long deadline = System.nanoTime() + GRACE.toNanos();
        while (!strays.isEmpty() && System.nanoTime() < deadline) {
            names.putAll(strays);
            callHome(Set.copyOf(strays.keySet()), called);
            LockSupport.parkNanos(1_000_000);
            strays = find();
        }
        List<String> stayed = new ArrayList<>();
        names.forEach((thread, comm) -> {
            if (called.contains(thread)) {
                stayed.add("thread " + thread + " (" + comm + ", called home since)");
            }
        });
        strays.forEach((thread, comm) -> stayed.add("thread " + thread + " (" + comm + ")"));
        return stayed;
    }

    /** By number, the names of those who are there now. */
    private Map<String, String> find() {
        Map<String, String> found = new HashMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                String thread = task.getFileName().toString();
                if (link(task, visits.kind()).equals(visits.inside()) && !Visits.isVisitor(thread)) {
                    found.put(thread, name(task));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new IllegalStateException("/proc cannot be read", e);
        }
        return found;
    }

    /**
     * Has the pools' threads leave, whichever of them come to run this, unless they have not come to the last calls yet. Whoever asks may be inside himself, and must not be
     * the one who starts them.
     */
    private void callHome(Set<String> strays, Set<String> called) {
        int calls = Math.max(2 * Runtime.getRuntime().availableProcessors(), ForkJoinPool.getCommonPoolParallelism());
        if (!pending.compareAndSet(0, 2 * calls)) {
            return;
        }
        long flags = Holder.flags(visits.kinds());
        Runnable call = () -> {
            try {
                answer(strays, called, flags);
            } finally {
                pending.decrementAndGet();
            }
        };
        Home.run(() -> {
            for (int i = 0; i < calls; i++) {
                Thread.ofVirtual().start(call);
                ForkJoinPool.commonPool().execute(call);
            }
        });
    }

    private static void answer(Set<String> strays, Set<String> called, long flags) {
        String thread = Visit.ownNumber();
        if (strays.contains(thread)) {
            if (Home.enter(flags) == 0) {
                called.add(thread);
            }
        } else if (!Thread.currentThread().isVirtual()) {
            LockSupport.parkNanos(OCCUPIED_NANOS); // or one worker would take all the calls, and the others sleep on
        }
    }

    /** What a link of a process or a thread leads to; empty if it has ended. */
    static String link(Path process, NamespaceKind kind) {
        try {
            return Files.readSymbolicLink(process.resolve("ns").resolve(kind.procName())).toString();
        } catch (IOException _) {
            return "";
        }
    }

    /** What a process or a thread is called, which may be in any encoding; empty if it has ended. */
    static String name(Path process) {
        try {
            return new String(Files.readAllBytes(process.resolve("comm")), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException _) {
            return "";
        }
    }
}
