package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.Program;
import dev.namespaces.ffm.program.ProgramBuilder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** System calls that tests make and the library does not, each by a program of one op. */
final class Kernel {

    static final int RLIMIT_NPROC = 6;

    private Kernel() {}

    /** The result, a negative error number if it was refused. */
    static long call(Sys call, long... arguments) {
        ProgramBuilder b = new ProgramBuilder(Native.abi());
        Label done = b.label("done");
        Op op = b.call(call, Arrays.stream(arguments).mapToObj(Operand::of).toArray(Operand[]::new)).then(done);
        b.place(done);
        op.into("result", b.returns(Operand.of(0)), 0);
        Program program = b.build();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(program.size(), 64);
            program.place(copy, copy.address());
            return Native.interpret(copy.address());
        }
    }

    /** Sets this process's soft limit, and leaves the hard one as it is. */
    static void limit(int resource, long soft) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limits = arena.allocate(ValueLayout.JAVA_LONG, 2);
            require(call(Sys.PRLIMIT64, 0, resource, 0, limits.address()));
            limits.set(ValueLayout.JAVA_LONG, 0, soft);
            require(call(Sys.PRLIMIT64, 0, resource, limits.address(), 0));
        }
    }

    private static void require(long result) {
        if (result < 0) {
            throw new AssertionError("refused with error number " + -result);
        }
    }
}
