package dev.namespaces.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A program that makes sandboxes, started by {@link ProcessBuilder}.
 *
 * @param name its name
 * @param command its command line
 * @param note in what its sandbox differs
 */
record Peer(String name, List<String> command, String note) {

    /** Tries it; says why it cannot be compared with, or nothing. */
    String whyNot() throws IOException, InterruptedException {
        if (!installed(name)) {
            return name + " is not installed";
        }
        Process process = new ProcessBuilder(command).redirectInput(new File("/dev/null")).redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return process.waitFor() == 0 ? "" : name + " fails here: " + output;
    }

    Spawn spawn() {
        return Spawn.processBuilder(Streams.DISCARDED.connect(new ProcessBuilder(command)));
    }

    /** Whether a program is in PATH. */
    static boolean installed(String program) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
