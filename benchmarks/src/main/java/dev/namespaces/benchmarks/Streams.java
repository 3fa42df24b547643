package dev.namespaces.benchmarks;

import dev.namespaces.Command;
import dev.namespaces.Stdio;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;

/** What the standard streams of a command are connected to, all three alike. */
public enum Streams {
    /** Pipes, which nobody reads from or writes to; the default of both. */
    PIPED,
    /** The null device. */
    DISCARDED;

    ProcessBuilder connect(ProcessBuilder builder) {
        return switch (this) {
            case PIPED -> builder;
            case DISCARDED -> builder.redirectInput(new File("/dev/null")).redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD);
        };
    }

    Command connect(Command command) {
        return switch (this) {
            case PIPED -> command;
            case DISCARDED -> command.stdin(Stdio.discard()).stdout(Stdio.discard()).stderr(Stdio.discard());
        };
    }
}
