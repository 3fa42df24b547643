package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.Outcome;
import dev.namespaces.spi.Stream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a child to its end in the calling thread: collects both output streams as they come, up to a limit, minds the time, and after the exit waits
 * a moment for whoever else may hold the pipes.
 */
final class Collector {

    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ChildProcess process;
    private final @Nullable Duration timeout;
    private final long limit;
    private final long start;
    private final Semaphore news = new Semaphore(0);
    private final byte[] chunk = new byte[Buffers.SIZE];
    private boolean truncated;

    private Collector(ChildProcess process, CommandSpec command, long start) {
        this.process = process;
        this.timeout = command.timeout();
        this.limit = command.outputLimit();
        this.start = start;
    }

    /** Starts a command with a standard input that is chosen. */
    interface Spawning {
        ChildProcess spawn(CommandSpec command, Stream stdin) throws NamespaceException;
    }

    /** Runs a command to its end, telling somebody of the process as soon as it runs. */
    static Outcome run(CommandSpec command, Spawning spawning, Consumer<? super ChildProcess> started)
            throws NamespaceException, InterruptedException {
        long start = System.nanoTime();
        Stream stdin = Objects.requireNonNullElseGet(command.stdin(), Stream.Discard::new);
        try (ChildProcess process = spawning.spawn(command, stdin)) {
            started.accept(process);
            return new Collector(process, command, start).collect();
        }
    }

    /** One of the two streams. */
    private final class Output {
        private final @Nullable PipeInput pipe;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private boolean open;
        private volatile boolean ready = true;

        Output(@Nullable PipeInput pipe) {
            this.pipe = pipe;
            this.open = pipe != null;
        }

        boolean hasNews() {
            return open && ready;
        }

        /** Takes one chunk, if there is one; else asks to be told. */
        void advance() throws IOException {
            if (pipe == null || !hasNews()) {
                return;
            }
            int n = pipe.readAvailable(chunk);
            if (n < 0) {
                open = false;
            } else if (n == 0) {
                ready = false;
                pipe.whenReady(() -> {
                    ready = true;
                    news.release();
                });
            } else {
                int room = (int) Math.min(n, limit - kept.size());
                kept.write(chunk, 0, room);
                truncated |= room < n;
            }
        }
    }

    Outcome collect() throws InterruptedException {
        Output stdout = new Output(process.output());
        Output stderr = new Output(process.errors());
        process.onEnd(news::release);
        long deadline = timeout == null ? Long.MAX_VALUE : timeout.toNanos();
        boolean timedOut = false;
        long endedAt = 0;
        while (true) {
            advance(stdout);
            advance(stderr);
            long elapsed = System.nanoTime() - start;
            boolean alive = process.isAlive();
            if (!alive && endedAt == 0) {
                endedAt = elapsed;
            }
            if (!alive && !stdout.open && !stderr.open) {
                break;
            }
            if (!alive && elapsed - endedAt >= DRAIN_NANOS) {
                truncated = true;
                break;
            }
            if (alive && elapsed >= deadline) {
                timedOut = true;
                process.kill();
                continue;
            }
            if (stdout.hasNews() || stderr.hasNews()) {
                continue;
            }
            long left = alive ? deadline - elapsed : endedAt + DRAIN_NANOS - elapsed;
            if (news.tryAcquire(left, TimeUnit.NANOSECONDS)) {
                news.drainPermits();
            }
        }
        return new Outcome(process.exitValue(), process.terminationSignal().orElse(0), timedOut, truncated,
                stdout.kept.toByteArray(),
                stderr.kept.toByteArray(), Duration.ofNanos(endedAt), process.usage());
    }

    private void advance(Output output) {
        try {
            output.advance();
        } catch (IOException e) {
            output.open = false;
            truncated = true;
        }
    }
}
