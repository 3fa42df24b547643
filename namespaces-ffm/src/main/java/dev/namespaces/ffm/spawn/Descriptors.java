package dev.namespaces.ffm.spawn;

import dev.namespaces.Step;
import dev.namespaces.NamespaceException;
import dev.namespaces.ffm.linux.CStrings;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Syscalls;
import java.lang.foreign.Arena;

/** Makes descriptors, all close-on-exec, none so low that it could stand in the way of a child's own. */
final class Descriptors {

    private Descriptors() {}

    /** Opens a file. */
    static int open(String path, int flags, Step step, String detail) throws NamespaceException {
        return high(tryOpen(path, flags), step, detail);
    }

    /** A descriptor that may be too low, for {@link #high}, or a negative error number. */
    static int tryOpen(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return Syscalls.open(CStrings.allocate(arena, path), flags | Linux.O_CLOEXEC | Linux.O_NOCTTY, 0666);
        }
    }

    /**
     * Makes a pipe.
     *
     * @return the reading end in the upper half, the writing end in the lower half
     */
    static long pipe(Step step, String detail) throws NamespaceException {
        try (Buffers.Lease buffer = Buffers.borrow()) {
            int result = Syscalls.pipe2(buffer.address(), Linux.O_CLOEXEC);
            if (result < 0) {
                throw Refusals.exception(step, detail, -result);
            }
            return highPair(buffer.getInt(0), buffer.getInt(4), step, detail);
        }
    }

    /**
     * Makes two sockets that are connected with each other, which keep messages apart.
     *
     * @return one in the upper half, the other in the lower half
     */
    static long socketPair(Step step, String detail) throws NamespaceException {
        try (Buffers.Lease buffer = Buffers.borrow()) {
            int result = Syscalls.socketpair(Linux.AF_UNIX, Linux.SOCK_SEQPACKET | Linux.SOCK_CLOEXEC,
                    buffer.address());
            if (result < 0) {
                throw Refusals.exception(step, detail, -result);
            }
            return highPair(buffer.getInt(0), buffer.getInt(4), step, detail);
        }
    }

    /** Takes a descriptor that somebody has sent, who has done so already; unix(7), SCM_RIGHTS. */
    static int receive(int socket, Step step, String detail) throws NamespaceException {
        try (Buffers.Lease buffer = Buffers.borrow()) {
            long control = Struct.Msghdr.SIZE;
            long part = control + Struct.Cmsg.SPACE;
            long data = part + Struct.Iovec.SIZE;
            buffer.clear(data);
            buffer.setLong(Struct.Msghdr.IOV, buffer.address() + part);
            buffer.setLong(Struct.Msghdr.IOV_LENGTH, 1);
            buffer.setLong(Struct.Msghdr.CONTROL, buffer.address() + control);
            buffer.setLong(Struct.Msghdr.CONTROL_LENGTH, Struct.Cmsg.SPACE);
            buffer.setLong(part + Struct.Iovec.BASE, buffer.address() + data);
            buffer.setLong(part + Struct.Iovec.LENGTH, 1);
            int result = Syscalls.recvmsg(socket, buffer.address(), Linux.MSG_CMSG_CLOEXEC | Linux.MSG_DONTWAIT);
            if (result < 0) {
                throw Refusals.exception(step, detail, -result);
            }
            if (buffer.getLong(Struct.Msghdr.CONTROL_LENGTH) < Struct.Cmsg.LENGTH) {
                throw Refusals.exception(step, detail, Errno.EMFILE); // the kernel leaves out what there is no room for
            }
            return high(buffer.getInt(control + Struct.Cmsg.DATA), step, detail);
        }
    }

    /** Two descriptors, high enough, the first in the upper half; both are closed if that fails. */
    static long highPair(int reading, int writing, Step step, String detail) throws NamespaceException {
        int first;
        try {
            first = high(reading, step, detail);
        } catch (NamespaceException e) {
            Syscalls.close(writing);
            throw e;
        }
        try {
            return (long) first << 32 | high(writing, step, detail);
        } catch (NamespaceException e) {
            Syscalls.close(first);
            throw e;
        }
    }

    static int reading(long pipe) {
        return (int) (pipe >>> 32);
    }

    static int writing(long pipe) {
        return (int) pipe;
    }

    /** A file in memory, empty; executable or not, as kernels since 6.3 want to be told. */
    static int memory(String name, boolean executable, boolean sealable) {
        int flags = Linux.MFD_CLOEXEC | (sealable ? Linux.MFD_ALLOW_SEALING : 0);
        int told = flags | (executable ? Linux.MFD_EXEC : Linux.MFD_NOEXEC_SEAL);
        try (Arena arena = Arena.ofConfined()) {
            long nameAddress = CStrings.allocate(arena, name);
            int fd = Syscalls.memfdCreate(nameAddress, told);
            return fd == -Errno.EINVAL ? Syscalls.memfdCreate(nameAddress, flags) : fd;
        }
    }

    /**
     * A descriptor for the same as this one, but high enough; this one is closed then.
     *
     * @param result a descriptor, or a negative error number
     */
    static int high(int result, Step step, String detail) throws NamespaceException {
        return high(result, FirstStage.LOWEST_SOURCE, step, detail);
    }

    /** A descriptor for the same as this one, but at least as high as a number; this one is closed then. */
    static int high(int result, int lowest, Step step, String detail) throws NamespaceException {
        if (result < 0) {
            throw Refusals.exception(step, detail, -result);
        }
        if (result >= lowest) {
            return result;
        }
        int higher = Syscalls.fcntl(result, Linux.F_DUPFD_CLOEXEC, lowest);
        Syscalls.close(result);
        if (higher < 0) {
            throw Refusals.exception(step, detail, -higher);
        }
        return higher;
    }

    /** A further descriptor for the same as this one, at least as high as a number. */
    static int copy(int fd, int lowest, Step step, String detail) throws NamespaceException {
        int copy = Syscalls.fcntl(fd, Linux.F_DUPFD_CLOEXEC, lowest);
        if (copy < 0) {
            throw Refusals.exception(step, detail, -copy);
        }
        return copy;
    }

    /** Writes all of a file. */
    static int writeAll(int fd, long address, long length) {
        long written = 0;
        while (written < length) {
            long n = Syscalls.pwrite(fd, address + written, length - written, written);
            if (n < 0) {
                return (int) n;
            }
            written += n;
        }
        return 0;
    }
}
