package dev.namespaces.ffm.spawn;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Waits for a condition. The time limit says when to give a hopeless case up, far beyond what a loaded or an emulated machine takes. */
public final class Await {

    private static final long HOPELESS = TimeUnit.MINUTES.toNanos(3);
    private static final long PAUSE_MILLIS = 5;

    private Await() {}

    public static void until(String what, Callable<Boolean> condition) throws Exception {
        value(what, condition, met -> met);
    }

    /** Waits until a value is as wanted. */
    public static <T> T value(String what, Callable<T> current, Predicate<? super T> wanted) throws Exception {
        return value(what, HOPELESS, current, wanted);
    }

    public static <T> T value(String what, long nanos, Callable<T> current, Predicate<? super T> wanted)
            throws Exception {
        long start = System.nanoTime();
        while (true) {
            T value = current.call();
            if (wanted.test(value)) {
                return value;
            }
            if (System.nanoTime() - start > nanos) {
                throw new AssertionError("waited in vain for " + what + ", last seen: " + value);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }
}
