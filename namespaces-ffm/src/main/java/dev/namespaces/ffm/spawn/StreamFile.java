package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Opens a host's file for a standard stream, or for packets. A FIFO would hold the caller, in native code, until somebody opens its other end (fifo(7)): where nobody
 * has, and nobody waits for us to, it is refused instead.
 */
final class StreamFile {

    private static final int S_IFMT = 0170000;
    private static final int S_IFIFO = 0010000;

    private StreamFile() {}

    /** For a standard stream. */
    static int open(Path path, int flags) throws NamespaceException {
        return open(path, flags, Step.OPEN_STREAM, path.toString());
    }

    static int open(Path path, int flags, Step step, String detail) throws NamespaceException {
        String name = path.toString();
        int result = Descriptors.tryOpen(name, flags | Linux.O_NONBLOCK);
        if (result == -Errno.EAGAIN) {
            result = Descriptors.tryOpen(name, flags); // no FIFO: somebody has a lease on the file, and a time to give it up; fcntl(2)
        }
        boolean reads = (flags & Linux.O_WRONLY) == 0;
        if (result == -Errno.ENXIO && isFifo(path)) {
            throw nobodyThere(step, detail, reads);
        }
        int fd = Descriptors.high(result, step, detail);
        try {
            if (reads && isPipe(fd) && hasEnded(fd, step, detail) && isFifo(path)) {
                throw nobodyThere(step, detail, reads);
            }
        } catch (NamespaceException e) {
            Syscalls.close(fd);
            throw e;
        }
        Syscalls.fcntl(fd, Linux.F_SETFL, flags & Linux.O_APPEND); // the command is to wait, as it is used to
        return fd;
    }

    private static NamespaceException nobodyThere(Step step, String detail, boolean reads) {
        return Refusals.exception(step, detail, Errno.ENXIO, reads
                ? "nobody has this FIFO open for writing: start who writes to it first"
                : "nobody has this FIFO open for reading: start who reads from it first");
    }

    /** With a name of its own, that is. What /proc/self/fd and /dev/stdin lead to may be a nameless pipe, which has an end like a file. */
    private static boolean isFifo(Path path) {
        try {
            return ((int) Files.getAttribute(path, "unix:mode") & S_IFMT) == S_IFIFO
                    && !path.toRealPath().getFileName().toString().startsWith("pipe:[");
        } catch (IOException _) {
            return false;
        }
    }

    private static boolean isPipe(int fd) {
        return Syscalls.fcntl(fd, Linux.F_GETPIPE_SZ, 0) > 0;
    }

    /** Whether a pipe holds nothing, and nobody can write: tee(2), which takes nothing out of it, answers EAGAIN if somebody can. */
    private static boolean hasEnded(int fd, Step step, String detail) throws NamespaceException {
        long pipe = Descriptors.pipe(step, detail);
        try {
            return Syscalls.tee(fd, Descriptors.writing(pipe), 1, Linux.SPLICE_F_NONBLOCK) == 0;
        } finally {
            Syscalls.close(Descriptors.reading(pipe));
            Syscalls.close(Descriptors.writing(pipe));
        }
    }
}
