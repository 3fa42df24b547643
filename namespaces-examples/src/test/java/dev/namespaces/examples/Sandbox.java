package dev.namespaces.examples;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A running sandbox to be entered. */
record Sandbox(NamespaceProcess process) implements AutoCloseable {

    static Sandbox of(Namespace namespace) throws IOException {
        NamespaceProcess process = namespace.spawn(Command.of("sh", "-c", "echo ready; exec cat"));
        if (!"ready".equals(process.inputReader().readLine())) {
            throw new AssertionError("the sandbox is not ready");
        }
        return new Sandbox(process);
    }

    String pid() throws IOException {
        return Long.toString(process.commandPid());
    }

    /** Where it is, as {@code readlink /proc/PID/ns/KIND} says. */
    String place(NamespaceKind kind) throws IOException {
        return Files.readSymbolicLink(file(kind)).toString();
    }

    Path file(NamespaceKind kind) throws IOException {
        return Path.of("/proc", pid(), "ns", kind.procName());
    }

    @Override
    public void close() {
        process.close();
    }
}
