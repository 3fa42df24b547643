package dev.namespaces.ffm.program;

import dev.namespaces.ffm.linux.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A copy of a program that runs in this thread. */
final class Run {

    final MemorySegment memory;
    private final Program program;

    Run(Arena arena, Program program) {
        this.program = program;
        memory = arena.allocate(program.size(), Long.BYTES);
        program.place(memory, memory.address());
    }

    long result() {
        return Native.interpret(memory.address());
    }

    void patch(String name, long value) {
        memory.set(ValueLayout.JAVA_LONG, program.patch(name), value);
    }

    long word(Operand.Data data) {
        return memory.get(ValueLayout.JAVA_LONG, program.offset(data));
    }

    long header(int offset) {
        return memory.get(ValueLayout.JAVA_LONG, offset);
    }

    Program.Refusal refusal() {
        return program.refusal(header(Op.REFUSED_OP), memory.address());
    }
}
