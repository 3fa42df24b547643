package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.program.Program;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.List;

/** A copy of a recipe's first program and room for a command, for one spawn at a time: a program that runs holds its results in itself. */
final class Copy {

    private static final long CACHE_LINE = 64;

    private final FirstStage first;
    /** Where in it the JVM's descriptors are. */
    private final int[] descriptors;
    private final MemorySegment pristine;
    private final MemorySegment memory;
    private final ByteBuffer values;
    private final CommandBlock block = new CommandBlock();

    Copy(FirstStage first) {
        this.first = first;
        descriptors = first.descriptors();
        Program program = first.program();
        memory = Arena.ofAuto().allocate(program.size(), CACHE_LINE);
        values = Buffers.values(memory);
        pristine = Arena.ofAuto().allocate(program.size(), CACHE_LINE);
        program.place(pristine, memory.address());
    }

    /** Undoes what the last run has left in the program, and says which descriptors the child gets. */
    void prepare(StandardStreams streams, List<Integer> passed) {
        MemorySegment.copy(pristine, 0, memory, 0, memory.byteSize());
        for (int i = 0; i < first.streams().length; i++) {
            set(first.streams()[i], streams.child(i));
        }
        for (int i = 0; i < first.passed().length; i++) {
            set(first.passed()[i], passed.get(i));
        }
    }

    /** Runs the program. For as long as that takes, what the child needs has numbers as low as can be. */
    void run() {
        boolean lends = first.passed().length <= FirstStage.LOWEST_LENT - FirstStage.LOWEST_SOURCE;
        int lent = 0;
        int above = first.lowestAbove();
        for (int i = 0; i < descriptors.length; i++) {
            int fd = getInt(descriptors[i]);
            int number = lends ? LowDescriptors.lend(fd) : fd;
            if (number != fd) {
                set(descriptors[i], number);
                lent |= 1 << i;
            }
            above = Math.max(above, number + 1);
        }
        set(first.above(), above);
        try {
            Native.interpret(memory.address());
        } finally {
            for (int i = 0; i < descriptors.length; i++) {
                if ((lent & 1 << i) != 0) {
                    LowDescriptors.takeBack(getInt(descriptors[i]));
                }
            }
            Reference.reachabilityFence(this);
        }
    }

    CommandBlock block() {
        return block;
    }

    MemorySegment memory() {
        return memory;
    }

    ByteBuffer values() {
        return values;
    }

    void set(int offset, long value) {
        values.putLong(offset, value);
    }

    long get(int offset) {
        return values.getLong(offset);
    }

    int getInt(int offset) {
        return values.getInt(offset);
    }
}
