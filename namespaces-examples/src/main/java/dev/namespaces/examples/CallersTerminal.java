package dev.namespaces.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.namespaces.NamespaceProcess;
import dev.namespaces.Stdio;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * Standard input and output of this process, connected to a terminal of a command's own. If standard input is a terminal, everything is passed on as it is
 * typed, Ctrl-C included, and the command's terminal follows its size. Takes stty(1), as Java cannot set a terminal.
 */
final class CallersTerminal {

    private static final int ROWS = 24;
    private static final int COLUMNS = 80;
    private static final int END_OF_FILE = 4;
    private static final Duration DRAIN = Duration.ofSeconds(1);

    private final NamespaceProcess process;
    private final Thread shows;

    private CallersTerminal(NamespaceProcess process) {
        this.process = process;
        shows = Thread.ofPlatform().daemon().name("terminal output").start(this::show);
        Thread.ofPlatform().daemon().name("terminal input").start(this::type);
    }

    /** A terminal for a command, as large as the caller's. */
    static Stdio ofSameSize() throws IOException {
        int[] size = size();
        return Stdio.terminal(size[0], size[1]);
    }

    /** Passes on what is typed and shown. The caller's terminal gets its settings back when this JVM ends, whatever ends it, SIGKILL excepted. */
    static CallersTerminal connect(NamespaceProcess process) throws IOException {
        String settings = stty("-g");
        if (settings != null) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> restore(settings), "terminal settings"));
            stty("raw", "-echo");
        }
        CallersTerminal terminal = new CallersTerminal(process); // what is shown before would be changed once more
        if (settings != null) {
            Signal.handle(new Signal("WINCH"), _ -> terminal.follow());
            terminal.follow(); // it may have changed since the command's was made
        }
        return terminal;
    }

    private static void restore(String settings) {
        try {
            stty(settings);
        } catch (IOException _) {
            // it is gone
        }
    }

    private synchronized void follow() {
        try {
            int[] size = size();
            process.resize(size[0], size[1]);
        } catch (IOException _) {
            // the command keeps the size that it has
        }
    }

    /** Rows and columns; of a terminal that does not know them, and where there is none, what they always were. */
    private static int[] size() throws IOException {
        String text = stty("size");
        String[] words = text == null ? new String[0] : text.split(" ", -1);
        int rows = words.length == 2 ? Integer.parseInt(words[0]) : 0;
        int columns = words.length == 2 ? Integer.parseInt(words[1]) : 0;
        return rows == 0 || columns == 0 ? new int[]{ROWS, COLUMNS} : new int[]{rows, columns};
    }

    private void show() {
        try (InputStream from = process.getInputStream()) {
            from.transferTo(new FileOutputStream(FileDescriptor.out));
        } catch (IOException _) {
            // nobody looks any more
        }
    }

    private void type() {
        InputStream from = new FileInputStream(FileDescriptor.in);
        byte[] chunk = new byte[1 << 12];
        try (OutputStream keys = process.getOutputStream()) {
            for (int n = from.read(chunk); n >= 0; n = from.read(chunk)) {
                keys.write(chunk, 0, n);
                keys.flush();
            }
            keys.write(END_OF_FILE);
        } catch (IOException _) {
            // the command has ended
        }
    }

    /** Waits for the last that an ended command has shown; for somebody else who still holds its terminal, not long. */
    void drain() throws InterruptedException {
        shows.join(DRAIN);
    }

    /** What stty says, or null if standard input is no terminal. */
    private static @Nullable String stty(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(arguments));
        Process stty = new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(stty.getInputStream().readAllBytes(), US_ASCII).strip();
        try {
            return stty.waitFor() == 0 ? output : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for stty", e);
        }
    }
}
