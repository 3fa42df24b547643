package dev.namespaces.examples;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The few functions of libc that act on a descriptor by its number, for which Java has no word. They are linked when they are used, so that a run that
 * needs none does not pay for them.
 */
final class Libc {

    private static final long SYS_PIDFD_OPEN = 434;
    private static final short POLLIN = 1;
    private static final MemoryLayout POLLFD = MemoryLayout.structLayout(JAVA_INT, JAVA_SHORT, JAVA_SHORT);
    private static final long EVENTS = JAVA_INT.byteSize();

    private Libc() {}

    /** A descriptor of a process, or -1; pidfd_open(2), for which old C libraries have no function. */
    static int pidfdOpen(long pid) {
        MethodHandle syscall = function("syscall", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.firstVariadicArg(1));
        try {
            return (int) (long) syscall.invokeExact(SYS_PIDFD_OPEN, pid, 0L);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until a descriptor can be read, is at its end, or, if it is one of a process, that has ended; poll(2). */
    static void awaitReadable(int descriptor) {
        MethodHandle poll = function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pollfd = arena.allocate(POLLFD);
            pollfd.set(JAVA_INT, 0, descriptor);
            pollfd.set(JAVA_SHORT, EVENTS, POLLIN);
            int ready;
            do {
                ready = (int) poll.invokeExact(pollfd, 1L, -1);
            } while (ready < 0); // a signal came
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Reads a byte, or finds the end; read(2). */
    static void readByte(int descriptor) throws IOException {
        MethodHandle read = function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
        long result;
        try (Arena arena = Arena.ofConfined()) {
            result = (long) read.invokeExact(descriptor, arena.allocate(1), 1L);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        if (result < 0) {
            throw new IOException("cannot read descriptor " + descriptor);
        }
    }

    /** Writes all; write(2). */
    static void write(int descriptor, byte[] bytes) throws IOException {
        MethodHandle write = function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment rest = arena.allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
            while (rest.byteSize() > 0) {
                long written = (long) write.invokeExact(descriptor, rest, rest.byteSize());
                if (written < 0) {
                    throw new IOException("cannot write to descriptor " + descriptor);
                }
                rest = rest.asSlice(written);
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Closes a descriptor; close(2). */
    static void close(int descriptor) {
        MethodHandle close = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        try {
            int _ = (int) close.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
    }
}
