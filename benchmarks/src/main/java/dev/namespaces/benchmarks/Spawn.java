package dev.namespaces.benchmarks;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import java.io.IOException;

/** Starts a program that does nothing, waits for its end and closes its streams. */
@FunctionalInterface
interface Spawn {

    String PROGRAM = "/bin/true";

    void run() throws IOException, InterruptedException;

    static Spawn processBuilder(Streams streams) {
        return processBuilder(streams.connect(new ProcessBuilder(PROGRAM)));
    }

    static Spawn processBuilder(ProcessBuilder builder) {
        return () -> {
            Process process = builder.start();
            require(process.waitFor());
            process.getOutputStream().close();
            process.getInputStream().close();
            process.getErrorStream().close();
        };
    }

    static Spawn namespace(Isolation isolation, Streams streams) throws IOException, InterruptedException {
        return namespace(isolation.namespace(), streams.connect(Command.of(PROGRAM)));
    }

    static Spawn namespace(Namespace namespace, Command command) {
        return () -> {
            try (NamespaceProcess process = namespace.spawn(command)) {
                require(process.waitFor());
            }
        };
    }

    private static void require(int exitValue) {
        if (exitValue != 0) {
            throw new IllegalStateException("a program that should succeed ended with exit value " + exitValue);
        }
    }
}
