package dev.namespaces.benchmarks;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;

/** A program that does something when it is told to, and measures that itself: one in C, or another JVM. {@code side.h} says how it is talked to. */
final class Helper implements Closeable {

    private static final int TIMES = 0;

    private final List<String> command;
    private final Process process;
    private final DataInputStream answers;

    private Helper(List<String> command, Process process) {
        this.command = List.copyOf(command);
        this.process = process;
        this.answers = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    }

    static Helper start(List<String> command) throws IOException {
        return new Helper(command, new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
    }

    /**
     * What it does so many times.
     *
     * @param detail the last number of each request, whose meaning is the program's
     */
    Side side(long detail) {
        return (times, pause) -> ask(times, TIMES, times, pause.toNanos(), detail);
    }

    /** Makes a request of four numbers and reads so many. */
    long[] ask(int count, long what, long a, long b, long c) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        DataOutputStream numbers = new DataOutputStream(request);
        for (long number : new long[]{what, a, b, c}) {
            numbers.writeLong(number);
        }
        request.writeTo(process.getOutputStream());
        process.getOutputStream().flush();
        long[] result = new long[count];
        try {
            for (int i = 0; i < count; i++) {
                result[i] = answers.readLong();
            }
        } catch (EOFException e) {
            throw new IOException(command.getFirst() + " has ended, instead of answering", e);
        }
        return result;
    }

    /** Ends it, as it finds the end of its input, and waits for that. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
    }
}
