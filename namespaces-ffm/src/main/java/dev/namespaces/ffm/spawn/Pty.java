package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Syscalls;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A pseudo-terminal; pty(7).
 *
 * @param master the end that is typed into and read from
 * @param slave the end that is the command's terminal
 */
record Pty(int master, int slave) {

    private static final String PTMX = "/dev/ptmx";
    private static final String TTY = "/dev/tty";
    private static final int UNKNOWN = -2;
    private static final int NONE = -1;

    private static int controlling = UNKNOWN;

    static Pty open(int rows, int columns) throws NamespaceException {
        int master = Descriptors.open(PTMX, Linux.O_RDWR, Step.OPEN_STREAM, PTMX);
        int result;
        try (Buffers.Lease buffer = Buffers.borrow()) {
            buffer.setInt(0, 0);
            result = Syscalls.ioctl(master, Linux.TIOCSPTLCK, buffer.address());
        }
        if (result >= 0) {
            result = resize(master, rows, columns);
        }
        if (result >= 0) { // by descriptor, as no path leads there where another devpts is mounted
            result = Syscalls.ioctl(master, Linux.TIOCGPTPEER, Linux.O_RDWR | Linux.O_NOCTTY | Linux.O_CLOEXEC);
        }
        try {
            return new Pty(master, Descriptors.high(result, Step.OPEN_STREAM, "(a terminal)"));
        } catch (NamespaceException e) {
            Syscalls.close(master);
            throw e;
        }
    }

    /** Another descriptor for the same. */
    static int copy(int master) throws NamespaceException {
        int copy = Syscalls.fcntl(master, Linux.F_DUPFD_CLOEXEC, FirstStage.LOWEST_SOURCE);
        if (copy < 0) {
            throw Refusals.exception(Step.OPEN_STREAM, "(a terminal)", -copy);
        }
        return copy;
    }

    static int resize(int master, int rows, int columns) {
        try (Buffers.Lease size = Buffers.borrow()) {
            size.clear(Struct.Winsize.SIZE);
            size.memory().set(ValueLayout.JAVA_SHORT, Struct.Winsize.ROWS, (short) rows);
            size.memory().set(ValueLayout.JAVA_SHORT, Struct.Winsize.COLUMNS, (short) columns);
            return Syscalls.ioctl(master, Linux.TIOCSWINSZ, size.address());
        }
    }

    static boolean isTerminal(int fd) {
        try (Buffers.Lease settings = Buffers.borrow()) {
            return Syscalls.ioctl(fd, Linux.TCGETS, settings.address()) >= 0;
        }
    }

    /** The first terminal among this process's standard streams, or null where none is, or where it is nowhere to be seen. */
    static @Nullable Path ofThisProcess() {
        for (int fd = 0; fd <= 2; fd++) {
            if (isTerminal(fd)) {
                try {
                    Path path = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(fd)));
                    return Files.exists(path) ? path : null;
                } catch (IOException _) {
                    return null; // then it has no name
                }
            }
        }
        return null;
    }

    /** A descriptor of this process's controlling terminal, opened once; -1 if there is none. */
    static synchronized int controlling() throws NamespaceException {
        if (controlling == UNKNOWN) {
            int opened = Descriptors.tryOpen(TTY, Linux.O_RDWR);
            boolean exhausted = opened == -Errno.EMFILE || opened == -Errno.ENFILE; // that says nothing about the terminal
            controlling = opened >= 0 || exhausted
                    ? LowDescriptors.settle(Descriptors.high(opened, Step.PROTECT_TERMINAL, TTY))
                    : NONE;
        }
        return controlling;
    }
}
