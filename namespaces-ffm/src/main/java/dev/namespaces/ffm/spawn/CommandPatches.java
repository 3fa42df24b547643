package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.Program;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Where in a copy of a program the addresses of a {@link CommandBlock} go. */
record CommandPatches(int candidates, int arguments, int environment, int directory) {

    static CommandPatches of(Program program, Operand.Data candidates) {
        return new CommandPatches(program.offset(candidates), program.patch(CommandOps.ARGUMENTS),
                program.patch(CommandOps.ENVIRONMENT),
                program.patch(CommandOps.DIRECTORY));
    }

    void apply(MemorySegment copy, CommandBlock block) {
        copy.set(ValueLayout.JAVA_LONG, candidates, block.candidates());
        copy.set(ValueLayout.JAVA_LONG, arguments, block.arguments());
        copy.set(ValueLayout.JAVA_LONG, environment, block.environment());
        copy.set(ValueLayout.JAVA_LONG, directory, block.directory());
    }
}
