package dev.namespaces.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * What the kernel puts off until after a process has ended. Network namespaces are taken down by a work queue of their own, one of whose workers says so in
 * its name meanwhile.
 */
final class Teardown {

    private static final Path PROC = Path.of("/proc");
    /** Those of kthreadd: the kernel's own threads. */
    private static final Path KERNEL_THREADS = PROC.resolve("2/task/2/children");
    private static final String AT_WORK = "+netns";
    private static final long PATIENCE_NANOS = 100_000_000;
    private static final long MOMENT_NANOS = 1_000_000;

    private Teardown() {}

    /** Waits until no network namespace is taken down any more, but not for long: others on this machine may make some too. */
    static void drain() {
        long end = System.nanoTime() + PATIENCE_NANOS;
        do {
            LockSupport.parkNanos(MOMENT_NANOS);
        } while (atWork() && System.nanoTime() < end);
    }

    private static boolean atWork() {
        for (String thread : List.of(content(KERNEL_THREADS).split(" "))) {
            if (!thread.isEmpty() && content(PROC.resolve(thread).resolve("comm")).contains(AT_WORK)) {
                return true;
            }
        }
        return false;
    }

    /** Empty where there is no such file, or no longer. */
    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
