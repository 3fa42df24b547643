package dev.namespaces.examples;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import sun.misc.Signal;

/** Hands the signals that would end {@code ns} on to its command. */

final class Signals {

    private static final List<String> FORWARDED = List.of("HUP", "INT", "TERM");

    private Signals() {}

    static void forwardTo(NamespaceProcess process) {
        for (String name : FORWARDED) {
            Signal.handle(new Signal(name), signal -> forward(signal, process));
        }
    }

    /** A terminal sends Ctrl-C to its whole foreground, the command included, which would have it twice. */
    private static void forward(Signal signal, NamespaceProcess process) {
        if (signal.getName().equals("INT") && inForeground()) {
            return;
        }
        try {
            process.signal(signal.getNumber());
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
