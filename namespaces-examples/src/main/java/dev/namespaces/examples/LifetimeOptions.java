package dev.namespaces.examples;

import dev.namespaces.Command;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Stdio;
import java.io.IOException;
import picocli.CommandLine.Option;

/** The options that say when the command ends, to whose session it belongs, and where its streams lead. */
final class LifetimeOptions {

    @Option(names = "--die-with-parent", description = "kill the command when ns ends, and ns when the process ends that started it, however they end")
    private boolean dieWithParent;

    @Option(names = "--new-session", description = "start the command in a session of its own, without a controlling terminal")
    private boolean newSession;

    @Option(names = "--terminal", description = "run the command in a session and a pseudo-terminal of its own, which has the size of the caller's terminal"
            + " and gets whatever is typed there; takes stty")
    private boolean terminal;

    boolean hasOwnSession() {
        return terminal || newSession;
    }

    void apply(NamespaceBuilder builder) {
        if (dieWithParent) {
            builder.dieWithJvm();
        }
        if (newSession) {
            builder.newSession();
        }
    }

    /** Sees to it, from here on, that this process ends with its parent; the command then ends with this process. */
    void watchParent() throws IOException {
        if (dieWithParent) {
            Parent.dieWith();
        }
    }

    /** The command with its streams: those of {@code ns}, or a terminal. */
    Command connected(Command command) throws IOException {
        return terminal
                ? command.stdin(CallersTerminal.ofSameSize())
                : command.stdin(Stdio.inherit()).stdout(Stdio.inherit()).stderr(Stdio.inherit());
    }

    /** Waits for its end; the result is its exit code. */
    int waitFor(NamespaceProcess process) throws IOException, InterruptedException {
        if (!terminal) {
            return process.waitFor();
        }
        CallersTerminal shown = CallersTerminal.connect(process);
        int exitCode = process.waitFor();
        shown.drain();
        return exitCode;
    }
}
