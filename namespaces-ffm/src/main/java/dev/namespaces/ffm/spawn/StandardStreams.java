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

/** The descriptors of a spawn's standard streams: the child's ends, closed once it has them, and the JVM's, which a process takes over. */
final class StandardStreams implements AutoCloseable {

    private static final int NONE = -1;
    private static final int SEALS = Linux.F_SEAL_SEAL | Linux.F_SEAL_SHRINK | Linux.F_SEAL_GROW | Linux.F_SEAL_WRITE;

    private final int[] child = {0, 1, 2};
    private final boolean[] ours = new boolean[3];
    private final int[] jvm = {NONE, NONE, NONE};

    private StandardStreams() {}

    static StandardStreams open(CommandSpec command, Stream stdin) throws NamespaceException {
        StandardStreams streams = new StandardStreams();
        try {
            streams.connect(0, stdin);
            streams.connect(1, command.stdout());
            streams.connect(2, command.stderr());
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

    /** Hands over the JVM's end of a pipe, -1 if there is none. */
    int take(int stream) {
        int fd = jvm[stream];
        jvm[stream] = NONE;
        return fd;
    }

    private void connect(int stream, Stream to) throws NamespaceException {
        switch (to) {
            case Stream.Pipe _ -> pipe(stream);
            case Stream.Inherit _ -> child[stream] = stream;
            case Stream.Discard _ -> child[stream] = NullDevice.descriptor();
            case Stream.Stdout _ -> child[stream] = 1; // connected before
            case Stream.From from -> open(stream, from.path(), 0);
            case Stream.To file -> open(stream, file.path(),
                    Linux.O_WRONLY | Linux.O_CREAT | (file.append() ? Linux.O_APPEND : Linux.O_TRUNC));
            case Stream.Bytes bytes -> memory(stream, bytes.content());
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
    }
}
