package dev.namespaces.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** One of the two in a {@link Contest}. */
interface Side {

    /**
     * Does something, such as a spawn, and measures how long it takes.
     *
     * @param times how often
     * @param pause what is waited for before each
     * @return how long each took
     */
    long[] nanos(int times, Duration pause) throws IOException, InterruptedException;

    /** A side that is in this JVM, and measures itself. */
    static Side of(Stopwatch stopwatch) {
        return (times, pause) -> {
            long[] nanos = new long[times];
            for (int i = 0; i < times; i++) {
                waitUntil(System.nanoTime() + pause.toNanos());
                nanos[i] = stopwatch.nanos();
            }
            return nanos;
        };
    }

    /** Waits until a time, by {@link System#nanoTime}; not at all if there is nothing to wait for. */
    static void waitUntil(long time) {
        for (long left; (left = time - System.nanoTime()) > 0;) {
            LockSupport.parkNanos(left);
        }
    }

    /** A spawn in this JVM. */
    static Side of(Spawn spawn, Endpoint endpoint) {
        return of(() -> {
            long start = System.nanoTime();
            long execDone = spawn.run();
            return (endpoint == Endpoint.EXEC_DONE ? execDone : System.nanoTime()) - start;
        });
    }

    /** Does something once and says how long it took. */
    @FunctionalInterface
    interface Stopwatch {

        long nanos() throws IOException, InterruptedException;
    }
}
