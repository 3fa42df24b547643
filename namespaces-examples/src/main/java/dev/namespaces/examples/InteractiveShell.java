package dev.namespaces.examples;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A shell in a terminal of its own: job control and Ctrl-C work in it, its size follows the caller's, and nothing inside can reach the caller's terminal.
 *
 * <p>
 * {@code ./ns example InteractiveShell} starts it.
 */
public final class InteractiveShell {

    private InteractiveShell() {}

    /**
     * Runs the shell, and exits with what it returns.
     *
     * @param arguments the shell's
     * @throws IOException if it cannot be started
     * @throws InterruptedException never: nobody interrupts this thread
     */
    public static void main(String... arguments) throws IOException, InterruptedException {
        Namespace box = Namespace.builder().user().pid().mount().ipc().uts(uts -> uts.hostname("box")).dieWithJvm()
                .build();
        List<String> words = new ArrayList<>(List.of("sh"));
        words.addAll(List.of(arguments));
        try (NamespaceProcess shell = box.spawn(Command.of(words).stdin(CallersTerminal.ofSameSize()))) {
            CallersTerminal terminal = CallersTerminal.connect(shell);
            int exitValue = shell.waitFor();
            terminal.drain();
            System.exit(exitValue);
        }
    }
}
