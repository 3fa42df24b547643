package dev.namespaces;

import dev.namespaces.spi.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * What came of a command that was {@linkplain Spawner#run(Command) run} to its end.
 *
 * <p>
 * Immutable and thread-safe.
 */
public final class Result {

    /** How much of standard error {@link #orThrow()} quotes. */
    private static final int QUOTED = 2000;

    private final Command command;
    private final Outcome outcome;

    Result(Command command, Outcome outcome) {
        this.command = command;
        this.outcome = outcome;
    }

    /**
     * The exit value.
     *
     * @return what the command returned, or 128+n if signal n ended it
     */
    public int exitValue() {
        return outcome.exitValue();
    }

    /**
     * The signal that ended the command. An exit value of 137 alone does not tell: a command may also return it.
     *
     * @return the signal's number, or empty if the command exited by itself
     */
    public OptionalInt signal() {
        return outcome.signal() == 0 ? OptionalInt.empty() : OptionalInt.of(outcome.signal());
    }

    /**
     * Whether the command exited by itself, in time, with 0.
     *
     * @return true if it did
     */
    public boolean succeeded() {
        return outcome.exitValue() == 0 && !outcome.timedOut();
    }

    /**
     * Whether the command was killed because its {@linkplain Command#timeout time} had passed.
     *
     * @return true if it was
     */
    public boolean timedOut() {
        return outcome.timedOut();
    }

    /**
     * Whether output is missing: it went beyond {@link Command#outputLimit}, or a descendant still held a pipe one second after the exit.
     *
     * @return true if some is missing
     */
    public boolean truncated() {
        return outcome.truncated();
    }

    /**
     * Standard output as text.
     *
     * @return the bytes, decoded as UTF-8; empty if the stream was not a pipe
     */
    public String stdout() {
        return new String(outcome.stdout(), StandardCharsets.UTF_8);
    }

    /**
     * Standard error as text.
     *
     * @return the bytes, decoded as UTF-8; empty if the stream was not a pipe
     */
    public String stderr() {
        return new String(outcome.stderr(), StandardCharsets.UTF_8);
    }

    /**
     * Standard output.
     *
     * @return a copy of the bytes
     */
    public byte[] stdoutBytes() {
        return outcome.stdout().clone();
    }

    /**
     * Standard error.
     *
     * @return a copy of the bytes
     */
    public byte[] stderrBytes() {
        return outcome.stderr().clone();
    }

    /**
     * How long it took.
     *
     * @return the time from before the spawn until the exit was seen
     */
    public Duration elapsed() {
        return outcome.elapsed();
    }

    /**
     * What it used.
     *
     * @return processor time and memory, as far as they are known
     */
    public Usage usage() {
        return outcome.usage();
    }

    /**
     * This result if the command {@linkplain #succeeded() succeeded}.
     *
     * @return this
     * @throws IOException if it did not; the message says how it ended and quotes the end of standard error
     */
    public Result orThrow() throws IOException {
        if (succeeded()) {
            return this;
        }
        String ending = timedOut()
                ? "was killed after " + elapsed().toMillis() + " ms"
                : signal().isPresent() ? "was ended by signal " + signal().getAsInt() : "exited with " + exitValue();
        String errors = stderr().strip();
        String quoted = errors.length() > QUOTED ? "…" + errors.substring(errors.length() - QUOTED) : errors;
        throw new IOException(command + " " + ending + (quoted.isEmpty() ? "" : ": " + quoted));
    }

    @Override
    public String toString() {
        return "Result[" + command + ", exit value " + exitValue() + (timedOut() ? ", timed out" : "") + ", "
                + outcome.stdout().length
                + " bytes of output, " + outcome.stderr().length + " of errors]";
    }
}
