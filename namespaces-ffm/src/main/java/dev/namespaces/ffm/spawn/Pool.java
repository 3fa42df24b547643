package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespacePool;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.Outcome;
import dev.namespaces.spi.Stream;
import dev.namespaces.spi.WarmPool;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Children that are set up and wait for commands, and one thread that sets up others in place of those that have been taken.
 *
 * <p>
 * Nobody waits for that thread: a command for which no child waits is started as it would be without a pool.
 */
public final class Pool implements WarmPool {

    private static final System.Logger LOGGER = System.getLogger("dev.namespaces");
    /** How long the thread rests when it has been refused something, at first; twice as long each time. */
    private static final long SHORTEST_REST = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_REST = TimeUnit.SECONDS.toNanos(30);
    /** How long it waits for the next command to be taken, before it takes time from those that run, unless half of the children are gone. */
    private static final long QUIET = TimeUnit.MILLISECONDS.toNanos(5);

    /** So many commands, beside those that wait, may leave their mounts to the thread. */
    private static final int MOST_RUNNING = 64;

    private final Recipe cold;
    private final Recipe parking;
    private final int size;
    private final Thread thread;

    private final ArrayDeque<Parked> waiting = new ArrayDeque<>();
    private final ArrayDeque<Handover> messages = new ArrayDeque<>();
    private final Holds mounts;
    private boolean idle;
    private boolean closed;
    private long lastTaken = System.nanoTime();
    private long hits;
    private long misses;
    private long refills;
    private long refillNanos;
    private long failures;

    private Pool(NamespaceSpec spec, int size) throws NamespaceException {
        this.cold = Recipe.of(spec);
        this.parking = Recipe.of(new Job(spec, Demands.NONE, Entrance.of(spec), Job.Purpose.PARK));
        this.size = size;
        this.mounts = new Holds(spec.has(NamespaceKind.MOUNT) ? size + MOST_RUNNING : 0);
        this.thread = Thread.ofPlatform().daemon().name("namespaces-pool").inheritInheritableThreadLocals(false)
                .unstarted(this::work);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
    }

    /**
     * Starts a pool; the first of its children waits when this returns.
     *
     * @param spec what to isolate
     * @param size how many children wait when all is quiet
     * @return the pool
     * @throws NamespaceException if a step is refused
     */
    public static Pool open(NamespaceSpec spec, int size) throws NamespaceException {
        Pool pool = new Pool(spec, size);
        pool.addOne();
        pool.thread.start();
        return pool;
    }

    // ---- commands

    @Override
    public NamespaceProcess spawn(CommandSpec command) throws NamespaceException {
        return spawn(command, Objects.requireNonNullElseGet(command.stdin(), Stream.Pipe::new));
    }

    @Override
    public Outcome run(CommandSpec command) throws NamespaceException, InterruptedException {
        long start = System.nanoTime();
        Stream stdin = Objects.requireNonNullElseGet(command.stdin(), Stream.Discard::new);
        try (ChildProcess process = spawn(command, stdin)) {
            return new Collector(process, command, start).collect();
        }
    }

    private ChildProcess spawn(CommandSpec command, Stream stdin) throws NamespaceException {
        checkOpen();
        PoolSpawnEvent event = new PoolSpawnEvent();
        event.begin();
        try (StandardStreams streams = StandardStreams.open(command, stdin)) {
            Parked child = hand(command, streams);
            event.hit = child != null;
            ChildProcess process = child == null ? cold.spawn(command, streams) : child.run(command, streams);
            event.pid = process.pid();
            return process;
        } finally {
            event.commit();
            wake();
        }
    }

    /** The child that has taken a command, or null where none could. */
    private @Nullable Parked hand(CommandSpec command, StandardStreams streams) {
        Parked taken = null;
        if (Demands.of(command, streams).equals(Demands.NONE)) {
            Handover message = borrow();
            if (message.write(command, streams)) {
                taken = hand(message);
            }
            giveBack(message);
        }
        count(taken != null);
        return taken;
    }

    private @Nullable Parked hand(Handover message) {
        Parked child = take();
        while (child != null) {
            switch (child.hand(message)) {
                case TAKEN -> {
                    return child;
                }
                case GONE -> {
                    child.discard();
                    wake();
                    child = take();
                }
                case KEPT -> {
                    keep(child);
                    return null;
                }
            }
        }
        return null;
    }

    private synchronized void checkOpen() {
        if (closed) {
            throw new IllegalStateException("this pool is closed");
        }
    }

    private synchronized void count(boolean hit) {
        if (hit) {
            hits++;
            lastTaken = System.nanoTime();
        } else {
            misses++;
        }
    }

    private synchronized @Nullable Parked take() {
        return waiting.poll();
    }

    private Handover borrow() {
        synchronized (messages) {
            Handover idle = messages.poll();
            if (idle != null) {
                return idle;
            }
        }
        return new Handover();
    }

    private void giveBack(Handover message) {
        synchronized (messages) {
            if (messages.size() < size && message.isWorthKeeping()) {
                messages.push(message);
            }
        }
    }

    // ---- children

    /** Sets a child up and lets it wait. */
    private void addOne() throws NamespaceException {
        PoolRefillEvent event = new PoolRefillEvent();
        event.begin();
        long start = System.nanoTime();
        try {
            Parked child = parking.park();
            event.pid = child.child().pid();
            hold(child.child());
            synchronized (this) {
                refills++;
                refillNanos += System.nanoTime() - start;
            }
            keep(child);
        } finally {
            event.commit();
        }
    }

    private void hold(Newborn child) {
        synchronized (this) {
            if (closed || !mounts.hasRoom()) {
                return;
            }
        }
        int fd = Holds.open(child.pid());
        if (fd >= 0) {
            synchronized (this) {
                mounts.add(fd);
            }
            child.keep(() -> release(fd));
        }
    }

    private synchronized void release(int fd) {
        mounts.release(fd);
        wake();
    }

    private void keep(Parked child) {
        synchronized (this) {
            if (!closed) {
                waiting.add(child);
                return;
            }
        }
        child.discard();
    }

    // ---- the thread

    private void work() {
        long rest = 0;
        Task task = next(rest);
        while (task != Task.END) {
            if (task == Task.CLOSE) {
                closeOne();
            } else {
                rest = refill(rest);
            }
            task = next(rest);
        }
    }

    private enum Task {
        REFILL, CLOSE, END
    }

    private long refill(long rest) {
        try {
            addOne();
            return 0;
        } catch (NamespaceException | RuntimeException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "no process for the pool", e);
        }
        synchronized (this) {
            failures++;
        }
        return rest == 0 ? SHORTEST_REST : Math.min(2 * rest, LONGEST_REST);
    }

    private void closeOne() {
        int fd;
        synchronized (this) {
            if (!mounts.hasOver()) {
                return;
            }
            fd = mounts.takeOver();
        }
        Syscalls.close(fd);
    }

    /** Waits until there is something to do; until then, after a refusal, another is not provoked for a time. */
    private synchronized Task next(long rest) {
        long start = System.nanoTime();
        try {
            while (!closed) {
                long now = System.nanoTime();
                long untilQuiet = QUIET - (now - lastTaken);
                long untilRefill = waiting.size() >= size
                        ? Long.MAX_VALUE
                        : Math.max(rest - (now - start), isShort() ? 0 : untilQuiet);
                long untilClose = mounts.hasOver() ? mounts.isCrowded() ? 0 : untilQuiet : Long.MAX_VALUE;
                if (untilClose <= 0) {
                    return Task.CLOSE;
                }
                if (untilRefill <= 0) {
                    return Task.REFILL;
                }
                await(Math.min(untilRefill, untilClose));
            }
        } catch (InterruptedException _) {
            // nobody has a reason to; it is as if closed
        }
        return Task.END;
    }

    private synchronized boolean isShort() {
        return waiting.size() < size / 2;
    }

    private synchronized void await(long nanos) throws InterruptedException {
        if (nanos == Long.MAX_VALUE) {
            idle = true;
            wait();
        } else {
            TimeUnit.NANOSECONDS.timedWait(this, nanos);
        }
    }

    /** Lets the thread look again, unless it is about to anyway. */
    private synchronized void wake() {
        if (idle || isShort()) {
            idle = false;
            notifyAll();
        }
    }

    // ----

    @Override
    public synchronized NamespacePool.Statistics statistics() {
        return new NamespacePool.Statistics(waiting.size(), hits, misses, refills, failures,
                refills == 0 ? Duration.ZERO : Duration.ofNanos(refillNanos / refills));
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        awaitThread();
        Parked child = take();
        while (child != null) {
            child.discard();
            child = take();
        }
        synchronized (this) {
            mounts.close();
        }
    }

    /** Waits without being interruptible; keeps the thread's interrupt status. */
    private void awaitThread() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized String toString() {
        return "NamespacePool[" + waiting.size() + " of " + size + " waiting]";
    }
}
