package dev.namespaces;

import dev.namespaces.spi.Stream;
import java.io.File;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What a command's standard input, output or error is connected to.
 *
 * <p>
 * Values: immutable and thread-safe. Nothing else of the JVM's descriptors ever reaches a command.
 */
public final class Stdio {

    private static final Stdio PIPE = new Stdio(new Stream.Pipe());
    private static final Stdio INHERIT = new Stdio(new Stream.Inherit());
    private static final Stdio DISCARD = new Stdio(new Stream.Discard());
    private static final Stdio STDOUT = new Stdio(new Stream.Stdout());

    private final Stream stream;

    private Stdio(Stream stream) {
        this.stream = stream;
    }

    /**
     * A pipe whose other end is a stream of the {@link NamespaceProcess}; the default.
     *
     * @return the pipe
     */
    public static Stdio pipe() {
        return PIPE;
    }

    /**
     * The JVM's own stream of the same number. Where the JVM's is closed, {@code /dev/null} takes its place.
     *
     * @return the inherited stream
     */
    public static Stdio inherit() {
        return INHERIT;
    }

    /**
     * {@code /dev/null}: reads find the end of file, writes vanish.
     *
     * @return the null device
     */
    public static Stdio discard() {
        return DISCARD;
    }

    /**
     * A file of the host to read standard input from. It is opened by the JVM, with the JVM's rights, before the command starts.
     *
     * <p>
     * A FIFO ({@code fifo(7)}) is not waited for, unlike with {@link ProcessBuilder}: if nobody has it open for writing, nor is about to open it,
     * the spawn throws a {@link NamespaceException} with {@link Step#OPEN_STREAM} and ENXIO.
     *
     * @param file a path on the host
     * @return the file
     */
    public static Stdio from(Path file) {
        return new Stdio(new Stream.From(Objects.requireNonNull(file, "file")));
    }

    /**
     * A file of the host to write to; created with mode 0666 less the umask where it is missing, truncated where it is there. It is opened by
     * the JVM, with the JVM's rights, before the command starts.
     *
     * <p>
     * A FIFO ({@code fifo(7)}) is not waited for, unlike with {@link ProcessBuilder}: if nobody has it open for reading, nor is about to open it,
     * the spawn throws a {@link NamespaceException} with {@link Step#OPEN_STREAM} and ENXIO.
     *
     * @param file a path on the host
     * @return the file
     */
    public static Stdio to(Path file) {
        return new Stdio(new Stream.To(Objects.requireNonNull(file, "file"), false));
    }

    /**
     * A file of the host to write to, as {@link #to} does, but behind what is there already.
     *
     * @param file a path on the host
     * @return the file
     */
    public static Stdio append(Path file) {
        return new Stdio(new Stream.To(Objects.requireNonNull(file, "file"), true));
    }

    /**
     * For standard input: these bytes, then the end of file. The command finds them in a sealed file in memory, so no thread has to feed them.
     *
     * @param content the bytes, copied
     * @return the content
     */
    public static Stdio bytes(byte[] content) {
        return new Stdio(new Stream.Bytes(content.clone()));
    }

    /**
     * For standard error: wherever standard output goes, in the order of writing.
     *
     * @return the merged stream
     */
    public static Stdio stdout() {
        return STDOUT;
    }

    /**
     * The same as a redirection of {@link ProcessBuilder}.
     *
     * @param redirect the redirection
     * @return its counterpart
     */
    public static Stdio of(ProcessBuilder.Redirect redirect) {
        File file = redirect.file();
        return switch (redirect.type()) {
            case PIPE -> PIPE;
            case INHERIT -> INHERIT;
            case READ -> from(required(file));
            case WRITE -> redirect.equals(ProcessBuilder.Redirect.DISCARD) ? DISCARD : to(required(file));
            case APPEND -> append(required(file));
        };
    }

    private static Path required(File file) {
        return Objects.requireNonNull(file, "the redirection has no file").toPath();
    }

    Stream stream() {
        return stream;
    }

    @Override
    public String toString() {
        return switch (stream) {
            case Stream.Pipe _ -> "pipe";
            case Stream.Inherit _ -> "inherit";
            case Stream.Discard _ -> "discard";
            case Stream.Stdout _ -> "stdout";
            case Stream.From from -> "from " + from.path();
            case Stream.To to -> (to.append() ? "append " : "to ") + to.path();
            case Stream.Bytes bytes -> bytes.content().length + " bytes";
        };
    }
}
