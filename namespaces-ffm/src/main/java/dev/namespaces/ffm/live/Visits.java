package dev.namespaces.ffm.live;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.ffm.spawn.Holder;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The threads of this JVM that are in live namespaces. */
final class Visits {

    /** Those that a thread may enter; of the mount kind it could, but would load its classes from there. */
    static final Set<NamespaceKind> ENTERABLE = EnumSet.of(NamespaceKind.NET, NamespaceKind.UTS,
            NamespaceKind.IPC, NamespaceKind.CGROUP);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Of all live namespaces, as several may stand for the same ones. */
    private static final Set<Visit> PRESENT = ConcurrentHashMap.newKeySet();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Holder holder;
    private final Set<NamespaceKind> kinds = EnumSet.copyOf(ENTERABLE);
    /** By which a thread that is inside is known, such as {@code net:[4026531840]}; who has inherited one kind has inherited all. */
    private final String inside;
    private volatile boolean ended;

    /**
     * Those of a holder that has just been started.
     *
     * @param holder whose namespaces are entered
     */
    Visits(Holder holder) {
        this.holder = holder;
        kinds.retainAll(holder.kinds());
        kinds.removeIf(kind -> place(kind).equals(Strays.link(Path.of("/proc/self"), kind))); // it has been joined, and is home
        this.inside = kinds.isEmpty() ? "" : place(kind());
    }

    private String place(NamespaceKind kind) {
        return Strays.link(Path.of("/proc", Long.toString(holder.process().pid())), kind);
    }

    /** The kind by which a thread is known. */
    NamespaceKind kind() {
        return kinds.iterator().next();
    }

    String inside() {
        return inside;
    }

    /** Whether nobody may enter any more. */
    boolean hasEnded() {
        return ended;
    }

    Holder holder() {
        return holder;
    }

    /** The kinds that are entered. */
    Set<NamespaceKind> kinds() {
        return kinds;
    }

    static void add(Visit visit) {
        PRESENT.add(visit);
    }

    static void remove(Visit visit) {
        PRESENT.remove(visit);
    }

    private List<Visit> present() {
        return PRESENT.stream().filter(visit -> visit.isOf(this)).toList();
    }

    <T, E extends Throwable> T call(ScopedValue.CallableOp<? extends T, E> operation)
            throws NamespaceException, InterruptedException, E {
        checkEnterable();
        Home.prepare();
        Operation<T, E> wanted = new Operation<>(operation);
        Visit visit = new Visit(this, wanted);
        await(start(visit, "namespaces-call-"));
        NamespaceException refusal = visit.refusal();
        if (refusal != null) {
            throw refusal;
        }
        visit.checkDone();
        IllegalStateException stayed = whatStayed(visit.processes());
        return wanted.outcome(stayed);
    }

    private static Thread start(Visit visit, String name) {
        Thread thread = thread(visit, name);
        thread.start();
        return thread;
    }

    private static Thread thread(Runnable visit, String name) {
        return Thread.ofPlatform().daemon().name(name + NUMBER.incrementAndGet()).inheritInheritableThreadLocals(false)
                .unstarted(visit);
    }

    /** When this thread is interrupted, so is the other, which may take its time even so. */
    private static void await(Thread thread) throws InterruptedException {
        try {
            thread.join();
        } catch (InterruptedException e) {
            thread.interrupt();
            boolean again = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException _) {
                    again = true;
                    thread.interrupt();
                }
            }
            if (again) {
                Thread.currentThread().interrupt();
            }
            throw e;
        }
    }

    ThreadFactory threadFactory() {
        checkEnterable();
        return task -> thread(() -> {
            try {
                Home.prepare();
                Visit visit = new Visit(this, task);
                visit.run();
                if (visit.refusal() != null) {
                    throw visit.refusal();
                }
                visit.checkDone();
            } catch (NamespaceException e) {
                throw new UncheckedIOException(e);
            }
        }, "namespaces-thread-");
    }

    private void checkEnterable() {
        if (kinds.isEmpty()) {
            throw new IllegalStateException(
                    "a thread can enter namespaces of the kinds net, uts, ipc and cgroup, and none is open here,"
                            + " only " + holder.kinds() + ": run a command inside instead");
        }
    }

    /** Who stayed inside, unless others are there who may be about to end what they have started. */
    private @Nullable IllegalStateException whatStayed(Collection<String> processes) {
        List<String> stayed = new ArrayList<>(processes);
        if (PRESENT.stream().noneMatch(visit -> visit.isIn(inside))) {
            stayed.addAll(new Strays(this).settle());
        }
        return stayed.isEmpty() ? null : Strays.exception(stayed);
    }

    /** Whether a thread is one that is to be inside. */
    static boolean isVisitor(String thread) {
        return PRESENT.stream().anyMatch(visit -> visit.thread().equals(thread));
    }

    /** Has everybody leave. */
    void end() {
        ended = true; // before it is looked who is there: who comes later looks at this
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!present().isEmpty() && System.nanoTime() < deadline) {
            present().forEach(Visit::interrupt);
            LockSupport.parkNanos(1_000_000);
        }
        List<String> stayed = new ArrayList<>(present().stream().map(Visit::toString).toList());
        if (PRESENT.stream().noneMatch(visit -> visit.isIn(inside)) && !kinds.isEmpty() && Home.hasBeenLeft()) {
            stayed.addAll(new Strays(this).settle());
        }
        if (!stayed.isEmpty()) {
            throw Strays.exception(stayed);
        }
    }
}
