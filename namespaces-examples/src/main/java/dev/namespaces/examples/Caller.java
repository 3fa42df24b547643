package dev.namespaces.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who has started this process. */
final class Caller {

    private Caller() {}

    /** Whether the effective user is root: the second number behind "Uid:" in proc_pid_status(5). */
    static boolean isRoot() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("Uid:"))
                    .anyMatch(line -> line.split("\\s+", 4)[2].equals("0"));
        } catch (IOException _) {
            return false;
        }
    }
}
