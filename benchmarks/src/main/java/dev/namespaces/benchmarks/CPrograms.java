package dev.namespaces.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The programs in C that are beside the benchmarks, compiled when they are first asked for. */
record CPrograms(Path directory) {

    private static final String HEADER = "side.h";

    static CPrograms in(Path directory) throws IOException {
        copy(HEADER, directory);
        return new CPrograms(directory);
    }

    /** Spawns. */
    Path floor() throws IOException, InterruptedException {
        return compile("floor.c", "floor", "-pthread");
    }

    /** Enters namespaces. */
    Path setns() throws IOException, InterruptedException {
        return compile("setns.c", "setns");
    }

    /** Watches many children. */
    Path watch() throws IOException, InterruptedException {
        return compile("watch.c", "watch", "-pthread");
    }

    /** Runs a program among many mounts. */
    Path mounts() throws IOException, InterruptedException {
        return compile("mounts.c", "mounts");
    }

    /** Makes networks. */
    Path net() throws IOException, InterruptedException {
        return compile("net.c", "net");
    }

    /** Ends at once. */
    Path exit() throws IOException, InterruptedException {
        return compile("tiny.c", "exit", "-static", "-nostdlib");
    }

    /** Writes the time to standard output and ends. */
    Path stamp() throws IOException, InterruptedException {
        return compile("tiny.c", "stamp", "-static", "-nostdlib", "-DSTAMP");
    }

    /** Never ends. */
    Path stay() throws IOException, InterruptedException {
        return compile("tiny.c", "stay", "-static", "-nostdlib", "-DSTAY");
    }

    private Path compile(String source, String name, String... more) throws IOException, InterruptedException {
        Path program = directory.resolve(name);
        if (Files.exists(program)) {
            return program;
        }
        Path file = copy(source, directory);
        List<String> words = new ArrayList<>(List.of("cc", "-std=gnu11", "-O2", "-Wall"));
        words.addAll(List.of(more));
        words.addAll(List.of("-o", program.toString(), file.toString()));
        int exitValue = new ProcessBuilder(words).inheritIO().start().waitFor();
        if (exitValue != 0) {
            throw new IOException(String.join(" ", words) + " ended with exit value " + exitValue);
        }
        return program;
    }

    private static Path copy(String source, Path directory) throws IOException {
        Path file = directory.resolve(source);
        if (!Files.exists(file)) {
            try (InputStream text = CPrograms.class.getResourceAsStream("/" + source)) {
                if (text == null) {
                    throw new IllegalStateException(source + " is missing from the benchmarks");
                }
                Files.copy(text, file);
            }
        }
        return file;
    }
}
