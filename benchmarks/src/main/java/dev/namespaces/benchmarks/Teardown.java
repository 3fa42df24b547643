package dev.namespaces.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * What the kernel puts off until after a process has ended. Network namespaces are taken down by a work queue of their own, one of whose workers says so in
 * its name meanwhile.
 */
final class Teardown {

    private static final Path PROC = Path.of("/proc");
    private static final String AT_WORK = "+netns";
    private static final long PATIENCE_NANOS = 100_000_000;
    private static final long MOMENT_NANOS = 1_000_000;

    private Teardown() {}

    /** Waits until no network namespace is taken down any more, but not for ever: others on this machine may make some too. */
    static void drain() throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        do {
            LockSupport.parkNanos(MOMENT_NANOS);
        } while (atWork() && System.nanoTime() < end);
    }

    private static boolean atWork() throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (name(process).contains(AT_WORK)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static String name(Path process) {
        try {
            return Files.readString(process.resolve("comm"));
        } catch (IOException e) {
            return ""; // it has ended
        }
    }
}
