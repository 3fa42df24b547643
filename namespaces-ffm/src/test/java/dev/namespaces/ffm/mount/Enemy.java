package dev.namespaces.ffm.mount;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** A thread that makes two names change places, without a pause, until it is closed: renameat2(2), RENAME_EXCHANGE. */
final class Enemy implements AutoCloseable {

    private static final int AT_FDCWD = -100;
    private static final int RENAME_EXCHANGE = 2;

    private final Thread thread;
    private final Semaphore turn = new Semaphore(1, true);
    private volatile boolean over;
    private final AtomicLong exchanges = new AtomicLong();

    Enemy(Path one, Path other) {
        thread = Thread.ofPlatform().start(() -> exchange(one.toString(), other.toString()));
    }

    private void exchange(String one, String other) {
        MethodHandle rename = Linker.nativeLinker().downcallHandle(
                Linker.nativeLinker().defaultLookup().find("renameat2").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment first = arena.allocateFrom(one);
            MemorySegment second = arena.allocateFrom(other);
            while (!over) {
                turn.acquire();
                if ((int) rename.invokeExact(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE) == 0) {
                    exchanges.incrementAndGet();
                }
                turn.release();
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Does something while it waits. */
    void held(Callable<?> action) throws Exception {
        turn.acquire();
        try {
            action.call();
        } finally {
            turn.release();
        }
    }

    /** How often it has exchanged them so far. */
    long exchanges() {
        return exchanges.get();
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
