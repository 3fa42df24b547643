package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.Program;
import java.nio.ByteBuffer;

/** Where in a copy of a program the addresses of a {@link CommandBlock} go. */
record CommandPatches(int candidates, int arguments, int environment, int directory) {

    static CommandPatches of(Program program, Operand.Data candidates) {
        return new CommandPatches(program.offset(candidates), program.patch(CommandOps.ARGUMENTS),
                program.patch(CommandOps.ENVIRONMENT),
                program.patch(CommandOps.DIRECTORY));
    }

    void apply(ByteBuffer copy, CommandBlock block) {
        copy.putLong(candidates, block.candidates());
        copy.putLong(arguments, block.arguments());
        copy.putLong(environment, block.environment());
        copy.putLong(directory, block.directory());
    }
}
