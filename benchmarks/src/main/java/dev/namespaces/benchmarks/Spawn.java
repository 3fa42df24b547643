package dev.namespaces.benchmarks;

import com.zaxxer.nuprocess.NuAbstractProcessHandler;
import com.zaxxer.nuprocess.NuProcess;
import com.zaxxer.nuprocess.NuProcessBuilder;
import dev.namespaces.Command;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Spawner;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Starts a program that does nothing, waits for its end and closes its streams. */
@FunctionalInterface
interface Spawn {

    String PROGRAM = "/bin/true";

    /** Returns when the call that spawns did, by {@link System#nanoTime}. */
    long run() throws IOException, InterruptedException;

    static Spawn processBuilder(ProcessBuilder builder) {
        return () -> {
            Process process = builder.start();
            long execDone = System.nanoTime();
            require(process.waitFor());
            process.getOutputStream().close();
            process.getInputStream().close();
            process.getErrorStream().close();
            return execDone;
        };
    }

    static Spawn namespace(Spawner namespace, Command command) {
        return () -> {
            try (NamespaceProcess process = namespace.spawn(command)) {
                long execDone = System.nanoTime();
                require(process.waitFor());
                return execDone;
            }
        };
    }

    /** By NuProcess, whose streams are always pipes. */
    static Spawn nuProcess(String program) {
        return () -> {
            NuProcessBuilder builder = new NuProcessBuilder(program);
            builder.setProcessListener(new NuAbstractProcessHandler() {
            });
            NuProcess process = builder.start();
            long execDone = System.nanoTime();
            require(process.waitFor(0, TimeUnit.SECONDS)); // until it has ended
            return execDone;
        };
    }

    private static void require(int exitValue) {
        if (exitValue != 0) {
            throw new IllegalStateException("a program that should succeed ended with exit value " + exitValue);
        }
    }
}
