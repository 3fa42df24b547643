package dev.namespaces.benchmarks;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program in C that does something, such as a spawn, when it is told to: a byte in, the nanoseconds that it took out. */
final class CFloor implements Contest.Stopwatch, AutoCloseable {

    private final Process process;
    private final DataInputStream times;

    private CFloor(Process process) {
        this.process = process;
        this.times = new DataInputStream(process.getInputStream());
    }

    /** Compiles a program that is beside this class. */
    static Path compile(String source, Path program, String... more) throws IOException, InterruptedException {
        Path file = program.resolveSibling(source);
        try (InputStream text = CFloor.class.getResourceAsStream("/" + source)) {
            if (text == null) {
                throw new IllegalStateException(source + " is missing from the benchmarks");
            }
            Files.copy(text, file);
        }
        List<String> words = new ArrayList<>(List.of("cc", "-std=gnu11", "-O2", "-Wall"));
        words.addAll(List.of(more));
        words.addAll(List.of("-o", program.toString(), file.toString()));
        int exitValue = new ProcessBuilder(words).inheritIO().start().waitFor();
        if (exitValue != 0) {
            throw new IllegalStateException(String.join(" ", words) + " ended with exit value " + exitValue);
        }
        return program;
    }

    static CFloor start(Path program, List<String> arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(program.toString()));
        words.addAll(arguments);
        return new CFloor(new ProcessBuilder(words).redirectError(Redirect.INHERIT).start());
    }

    @Override
    public long nanos() throws IOException {
        process.getOutputStream().write(1);
        process.getOutputStream().flush();
        return times.readLong();
    }

    /** Ends it: it finds the end of its input. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
    }
}
