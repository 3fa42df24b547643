package dev.namespaces;

import dev.namespaces.spi.Content;
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

    private static final int LARGEST_SIZE = 0xffff;

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
     * <p>
     * If that is a terminal, the command and its descendants may read and write it, but not push input into it, which the shell would read
     * after them: a system call filter refuses TIOCSTI and TIOCLINUX. Installing it takes either privilege in the command's user namespace or
     * {@code no_new_privs}, which is then set (so without {@link NamespaceBuilder#user()}, setuid programs have no effect for an ordinary user). A
     * command that has no stream from a terminal has none at all, {@code /dev/tty} included. See ioctl_tty(2), seccomp(2).
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
     * For standard input: a new pseudo-terminal, which is the command's controlling terminal, in a session of its own. Standard output and
     * error are the same terminal, unless the command says otherwise.
     *
     * <p>
     * What is written to {@link NamespaceProcess#getOutputStream()} is typed into it: byte 3 is Ctrl-C, byte 4 the end of file at the start of a line;
     * closing the stream types nothing. What the terminal shows, the echo included, is read from {@link NamespaceProcess#getInputStream()}, or
     * from {@link NamespaceProcess#getErrorStream()} if standard output is a pipe of its own. It has to be read: a terminal holds no more than a few KiB.
     * It is at its end when nobody holds the terminal any more. {@link NamespaceProcess#resize} changes its size. See pty(7).
     *
     * <p>
     * For {@link Spawner#spawn(Command) spawn} only. Most programs want the environment variable {@code TERM} as well.
     *
     * @param rows its height in characters
     * @param columns its width in characters
     * @return the terminal
     * @throws IllegalArgumentException if either is not between 1 and 65535
     */
    public static Stdio terminal(int rows, int columns) {
        return new Stdio(new Stream.Terminal(size("rows", rows), size("columns", columns)));
    }

    /** A terminal's size as struct winsize holds it. */
    static int size(String what, int characters) {
        if (characters < 1 || characters > LARGEST_SIZE) {
            throw new IllegalArgumentException(
                    "a terminal has between 1 and " + LARGEST_SIZE + " " + what + ": " + characters);
        }
        return characters;
    }

    /**
     * For standard input: these bytes, then the end of file. The command finds them in a sealed file in memory, so no thread has to feed them.
     *
     * @param content the bytes, copied
     * @return the content
     */
    public static Stdio bytes(byte[] content) {
        return new Stdio(new Stream.Bytes(new Content(content.clone())));
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
            case Stream.Terminal terminal ->
                "terminal of " + terminal.rows() + " rows and " + terminal.columns() + " columns";
            case Stream.Bytes bytes -> bytes.content().toString();
        };
    }
}
