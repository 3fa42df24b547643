package dev.namespaces.examples;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/** Hands the signals that would end {@code ns} on to its command; those that come before it has one wait for it. */
final class Signals {

    private static final List<String> FORWARDED = List.of("HUP", "INT", "TERM");

    private final List<Signal> early = new ArrayList<>();
    private final boolean sharesTerminal;
    private @Nullable NamespaceProcess process;

    /**
     * For a command.
     *
     * @param sharesTerminal whether it is in the session of {@code ns}, so that Ctrl-C reaches it by itself
     */
    Signals(boolean sharesTerminal) {
        this.sharesTerminal = sharesTerminal;
    }

    /** Takes the signals over; to be called before there is a command. */
    void takeOver() {
        for (String name : FORWARDED) {
            Signal.handle(new Signal(name), this::received);
        }
    }

    synchronized void forwardTo(NamespaceProcess command) {
        process = command;
        early.forEach(signal -> send(signal, command));
    }

    /** A terminal sends Ctrl-C to its whole foreground, the command included, which would have it twice. */
    private synchronized void received(Signal signal) {
        if (sharesTerminal && signal.getName().equals("INT") && inForeground()) {
            return;
        }
        if (process == null) {
            early.add(signal);
        } else {
            send(signal, process);
        }
    }

    private static void send(Signal signal, NamespaceProcess command) {
        try {
            command.signal(signal.getNumber());
        } catch (NamespaceException e) {
            System.err.println("ns: " + e.getMessage());
        }
    }

    /** Whether the process group of this process is the foreground one of its terminal: fields 5 and 8 of proc_pid_stat(5). */
    private static boolean inForeground() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 7);
            return fields[2].equals(fields[5]);
        } catch (IOException _) {
            return false;
        }
    }
}
