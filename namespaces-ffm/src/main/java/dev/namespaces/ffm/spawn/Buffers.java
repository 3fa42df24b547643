package dev.namespaces.ffm.spawn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;

/**
 * Native buffers for the length of a system call. Nobody holds one for longer than a moment, so a few serve any number of streams.
 */
final class Buffers {

    /** As much as a pipe holds. */
    static final int SIZE = 1 << 16;
    private static final int MOST_KEPT = 16;

    private static final ArrayDeque<Lease> IDLE = new ArrayDeque<>();

    private Buffers() {}

    static Lease borrow() {
        synchronized (IDLE) {
            Lease idle = IDLE.poll();
            if (idle != null) {
                return idle;
            }
        }
        return new Lease(Arena.ofAuto().allocate(SIZE, Long.BYTES));
    }

    /** For single values of a segment: the handles of its layouts, made at their first use, would cost every first spawn of a JVM 3 ms. */
    static ByteBuffer values(MemorySegment memory) {
        return memory.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** A borrowed buffer. Its content is anybody's. */
    static final class Lease implements AutoCloseable {

        private final MemorySegment memory;
        private final ByteBuffer values;
        private final long address;

        private Lease(MemorySegment memory) {
            this.memory = memory;
            this.values = values(memory);
            this.address = memory.address();
        }

        long address() {
            return address;
        }

        MemorySegment memory() {
            return memory;
        }

        int getInt(long offset) {
            return values.getInt((int) offset);
        }

        long getLong(long offset) {
            return values.getLong((int) offset);
        }

        void setInt(long offset, int value) {
            values.putInt((int) offset, value);
        }

        void setLong(long offset, long value) {
            values.putLong((int) offset, value);
        }

        void clear(long bytes) {
            memory.asSlice(0, bytes).fill((byte) 0);
        }

        @Override
        public void close() {
            synchronized (IDLE) {
                if (IDLE.size() < MOST_KEPT) {
                    IDLE.push(this);
                }
            }
        }
    }
}
