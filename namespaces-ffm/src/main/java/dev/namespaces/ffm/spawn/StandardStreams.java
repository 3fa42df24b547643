package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.Stream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The descriptors of a spawn's standard streams: the child's ends, closed once it has them, and the JVM's, which a process takes over. */
final class StandardStreams implements AutoCloseable {

    private static final int NONE = -1;
    private static final Stream PIPE = new Stream.Pipe();
    private static final int SEALS = Linux.F_SEAL_SEAL | Linux.F_SEAL_SHRINK | Linux.F_SEAL_GROW | Linux.F_SEAL_WRITE;

    private final int[] child = {0, 1, 2};
    private final boolean[] ours = new boolean[3];
    private final int[] jvm = {NONE, NONE, NONE};
    private int master = NONE;
    private boolean shared;

    private StandardStreams() {}

    static StandardStreams open(CommandSpec command, Stream stdin) throws NamespaceException {
        StandardStreams streams = new StandardStreams();
        try {
            streams.connect(0, stdin);
            if (stdin instanceof Stream.Terminal) {
                streams.follow(command.stdout(), command.stderr());
            } else {
                streams.connect(1, Objects.requireNonNullElse(command.stdout(), PIPE));
                streams.connect(2, Objects.requireNonNullElse(command.stderr(), PIPE));
            }
            return streams;
        } catch (NamespaceException e) {
            streams.close();
            throw e;
        }
    }

    /** The descriptor that becomes the child's; the number itself if it is inherited. */
    int child(int stream) {
        return child[stream];
    }

    /** The JVM's descriptor of what becomes a stream of the child's, also where the child would take it from another of its streams. */
    int source(int stream) {
        int fd = child[stream];
        return fd < stream ? source(fd) : fd;
    }

    /** Hands over the JVM's end of a pipe, -1 if there is none. */
    int take(int stream) {
        int fd = jvm[stream];
        jvm[stream] = NONE;
        return fd;
    }

    private void connect(int stream, Stream to) throws NamespaceException {
        switch (to) {
            case Stream.Pipe _ -> pipe(stream);
            case Stream.Inherit _ -> {
                child[stream] = stream;
                shared |= Pty.isTerminal(stream);
            }
            case Stream.Terminal size -> terminal(stream, size);
            case Stream.Discard _ -> child[stream] = NullDevice.descriptor();
            case Stream.Stdout _ -> child[stream] = 1; // connected before
            case Stream.From from -> open(stream, from.path(), 0);
            case Stream.To file -> open(stream, file.path(),
                    Linux.O_WRONLY | Linux.O_CREAT | (file.append() ? Linux.O_APPEND : Linux.O_TRUNC));
            case Stream.Bytes bytes -> memory(stream, bytes.content().bytes());
        }
    }

    private void pipe(int stream) throws NamespaceException {
        long pipe = Descriptors.pipe(Step.OPEN_STREAM, "(a pipe)");
        boolean input = stream == 0;
        child[stream] = input ? Descriptors.reading(pipe) : Descriptors.writing(pipe);
        ours[stream] = true;
        jvm[stream] = input ? Descriptors.writing(pipe) : Descriptors.reading(pipe);
    }

    private void open(int stream, Path path, int flags) throws NamespaceException {
        child[stream] = StreamFile.open(path, flags);
        ours[stream] = true;
        shared |= Pty.isTerminal(child[stream]);
    }

    private void terminal(int stream, Stream.Terminal size) throws NamespaceException {
        Pty opened = Pty.open(size.rows(), size.columns());
        child[stream] = opened.slave();
        ours[stream] = true;
        master = opened.master();
        jvm[stream] = Pty.copy(master);
    }

    /** What is not connected elsewhere goes to the terminal, which is read in place of the first that is no pipe of its own. */
    private void follow(@Nullable Stream stdout, @Nullable Stream stderr) throws NamespaceException {
        if (stdout == null) {
            child[1] = 0; // connected before
        } else {
            connect(1, stdout);
        }
        if (stderr == null) {
            child[2] = 0;
        } else {
            connect(2, stderr);
        }
        jvm[jvm[1] == NONE ? 1 : 2] = Pty.copy(master);
    }

    /** Hands over a descriptor of the terminal that was made for the child, -1 if there is none. */
    int takeTerminal() {
        int fd = master;
        master = NONE;
        return fd;
    }

    /** What the child's streams have to do with terminals. */
    TerminalUse terminals() {
        return TerminalUse.of(shared, master != NONE);
    }

    private void memory(int stream, byte[] content) throws NamespaceException {
        int fd = Descriptors.high(Descriptors.memory("stdin", false, true), Step.OPEN_STREAM, "(bytes in memory)");
        child[stream] = fd;
        ours[stream] = true;
        int result = 0;
        if (content.length > 0) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment copy = arena.allocate(content.length);
                copy.copyFrom(MemorySegment.ofArray(content));
                result = Descriptors.writeAll(fd, copy.address(), content.length);
            }
        }
        if (result >= 0) {
            result = Syscalls.fcntl(fd, Linux.F_ADD_SEALS, SEALS);
        }
        if (result < 0) {
            throw Refusals.exception(Step.OPEN_STREAM, "(" + content.length + " bytes in memory)", -result);
        }
    }

    void closeChildEnds() {
        for (int i = 0; i < child.length; i++) {
            if (ours[i]) {
                Syscalls.close(child[i]);
                ours[i] = false;
            }
        }
    }

    @Override
    public void close() {
        closeChildEnds();
        for (int i = 0; i < jvm.length; i++) {
            if (jvm[i] >= 0) {
                Syscalls.close(take(i));
            }
        }
        if (master >= 0) {
            Syscalls.close(takeTerminal());
        }
    }
}
