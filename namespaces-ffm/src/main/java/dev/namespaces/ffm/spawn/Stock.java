package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.spi.NamespaceSpec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The children that wait for commands, and a thread that sets up others in place of those that have been taken, and takes off the mounts of those that have
 * ended.
 *
 * <p>
 * The thread works when it is quiet: what it does would cost a command that has just been started more time than the pool has saved it.
 */
final class Stock {

    /** How long nobody must have taken a child, unless most of them are gone. */
    private static final long QUIET = TimeUnit.MILLISECONDS.toNanos(5);
    /** How long it takes before another is tried when one was refused, at first; twice as long each time. */
    private static final long SHORTEST_REST = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_REST = TimeUnit.SECONDS.toNanos(30);
    /** So many that run, beside those that wait, leave their mounts to the thread. */
    private static final int MOST_RUNNING = 64;
    private static final long NEVER = Long.MAX_VALUE;

    private final Recipe recipe;
    private final int size;
    private final Thread thread;
    private final ArrayDeque<Parked> waiting = new ArrayDeque<>();
    private final Holds mounts;
    private boolean closed;
    private boolean hasNothingToDo;
    private long lastTaken = System.nanoTime();
    private long refills;
    private long refillNanos;
    private long failures;

    private Stock(NamespaceSpec spec, int size) throws NamespaceException {
        this.recipe = Recipe.of(new Job(spec, Demands.NONE, Entrance.of(spec), Job.Purpose.PARK));
        this.size = size;
        this.mounts = new Holds(spec.has(NamespaceKind.MOUNT) ? size + MOST_RUNNING : 0);
        this.thread = Thread.ofPlatform().daemon().name("namespaces-pool").inheritInheritableThreadLocals(false)
                .unstarted(this::work);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
    }

    /** Sets the first child up, and starts the thread. */
    static Stock open(NamespaceSpec spec, int size) throws NamespaceException {
        Stock stock = new Stock(spec, size);
        stock.addOne();
        try {
            stock.thread.start();
        } catch (Error e) { // there is no room for it
            stock.close();
            throw e;
        }
        return stock;
    }

    // ---- giving and taking

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized @Nullable Parked take() {
        Parked child = waiting.poll();
        if (child != null) {
            lastTaken = System.nanoTime();
        }
        return child;
    }

    /** Lets a child wait, or ends it if nobody will want it any more. */
    void keep(Parked child) {
        synchronized (this) {
            if (!closed) {
                waiting.add(child);
                return;
            }
        }
        child.discard();
    }

    /** Lets the thread look at what is to be done, unless it will anyway. */
    synchronized void wake() {
        if (hasNothingToDo || isShort()) {
            hasNothingToDo = false;
            notifyAll();
        }
    }

    synchronized int waiting() {
        return waiting.size();
    }

    synchronized long refills() {
        return refills;
    }

    synchronized long failures() {
        return failures;
    }

    synchronized Duration meanRefill() {
        return refills == 0 ? Duration.ZERO : Duration.ofNanos(refillNanos / refills);
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

    /** Waits until there is something to do. */
    private synchronized Task next(long rest) {
        long start = System.nanoTime();
        try {
            while (!closed) {
                long now = System.nanoTime();
                long untilQuiet = QUIET - (now - lastTaken);
                long untilClose = !mounts.hasOver() ? NEVER : mounts.isCrowded() ? 0 : untilQuiet;
                long untilRefill = waiting.size() >= size
                        ? NEVER
                        : Math.max(rest - (now - start), isShort() ? 0 : untilQuiet);
                if (untilClose <= 0) {
                    return Task.CLOSE;
                }
                if (untilRefill <= 0) {
                    return Task.REFILL;
                }
                hasNothingToDo = untilClose == NEVER && untilRefill == NEVER;
                TimeUnit.NANOSECONDS.timedWait(this, Math.min(untilClose, untilRefill));
            }
        } catch (InterruptedException _) {
            // nobody has a reason to; it is as if closed
        }
        return Task.END;
    }

    private boolean isShort() {
        return waiting.size() < size / 2;
    }

    /** How long to rest from now on. */
    private long refill(long rest) {
        try {
            addOne();
            return 0;
        } catch (NamespaceException | RuntimeException e) {
            Watcher.logger().log(System.Logger.Level.DEBUG, "no process for the pool", e);
        }
        synchronized (this) {
            failures++;
        }
        return rest == 0 ? SHORTEST_REST : Math.min(2 * rest, LONGEST_REST);
    }

    private void addOne() throws NamespaceException {
        PoolRefillEvent event = new PoolRefillEvent();
        event.begin();
        long start = System.nanoTime();
        try {
            Parked child = recipe.park();
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

    // ---- mounts

    private void hold(Newborn child) {
        synchronized (this) {
            if (!mounts.hasRoom()) {
                return;
            }
        }
        int fd = Holds.open(child);
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

    private void closeOne() {
        int fd;
        synchronized (this) {
            fd = mounts.takeOver();
        }
        Syscalls.close(fd); // which takes its time
    }

    // ---- the end

    /** Ends the thread and the children that wait. */
    void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        Uninterruptibly.await(thread::join);
        Parked child = take();
        while (child != null) {
            child.discard();
            child = take();
        }
        synchronized (this) {
            mounts.close();
        }
    }
}
