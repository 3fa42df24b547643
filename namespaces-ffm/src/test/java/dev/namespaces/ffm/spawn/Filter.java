package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.linux.Syscalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** A seccomp filter as container runtimes install it, which answers one system call with an error: seccomp(2). */
public final class Filter {

    private static final int SECCOMP_SET_MODE_FILTER = 1;
    private static final long SECCOMP_RET_ERRNO = 0x00050000;
    private static final long SECCOMP_RET_ALLOW = 0x7fff0000;
    private static final long BPF_LD_W_ABS = 0x20;
    private static final long BPF_JEQ_K = 0x15;
    private static final long BPF_RET_K = 0x06;

    private Filter() {}

    /** Calls something in a thread in which a system call is refused; the other threads are as they were. */
    public static <T> T refusing(Sys refused, int errno, Callable<T> callable) throws Exception {
        FutureTask<T> task = new FutureTask<>(() -> {
            install(refused, errno);
            return callable.call();
        });
        Thread thread = Thread.ofPlatform().start(task);
        try {
            return task.get();
        } finally {
            thread.join();
        }
    }

    /** Refuses a system call in this thread for good. */
    public static void install(Sys refused, int errno) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = arena.allocateFrom(ValueLayout.JAVA_LONG, // of eight bytes each: code, jt, jf, k
                    instruction(BPF_LD_W_ABS, 0, 0, 0), //
                    instruction(BPF_JEQ_K, 0, 1, Native.abi().number(refused)), //
                    instruction(BPF_RET_K, 0, 0, SECCOMP_RET_ERRNO | errno), //
                    instruction(BPF_RET_K, 0, 0, SECCOMP_RET_ALLOW));
            MemorySegment program = arena.allocateFrom(ValueLayout.JAVA_LONG, code.byteSize() / Long.BYTES,
                    code.address());
            if (Syscalls.prctl(Linux.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
                    || Syscalls.seccomp(SECCOMP_SET_MODE_FILTER, 0, program.address()) != 0) {
                throw new AssertionError("no filter could be installed");
            }
        }
    }

    private static long instruction(long code, long ifTrue, long ifFalse, long k) {
        return k << 32 | ifFalse << 24 | ifTrue << 16 | code;
    }
}
