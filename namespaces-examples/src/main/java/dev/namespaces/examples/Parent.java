package dev.namespaces.examples;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The process that has started this one. */
final class Parent {

    /** As of a process that was killed; nobody is there any more to see it. */
    private static final int KILLED = 137;
    private static final int MILLIS_BETWEEN_LOOKS = 50;

    private Parent() {}

    /**
     * Ends this process when its parent ends. PR_SET_PDEATHSIG would go by the parent's <em>thread</em>. Whoever has lost its parent is given another at
     * once, before anybody has waited for the one that ended; that is what is looked for.
     */
    static void dieWith() throws IOException {
        ProcessHandle parent = ProcessHandle.current().parent().orElseThrow(() -> new IOException(
                "cannot die with the parent, as it is not in the pid namespace of ns"));
        ScheduledExecutorService looks = Executors
                .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("parent").factory());
        Future<?> _ = looks.scheduleWithFixedDelay(() -> {
            if (!ProcessHandle.current().parent().equals(Optional.of(parent))) {
                System.exit(KILLED);
            }
        }, 0, MILLIS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS);
    }
}
