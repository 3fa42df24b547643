package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.namespaces.spi.CommandSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What an exec needs of a command, in native memory: the paths to try, the arguments, the environment and the working directory. Its addresses
 * are those at which the process that executes the command will see it.
 *
 * <p>
 * Reused from spawn to spawn; it grows to what the largest command needed.
 */
final class CommandBlock {

    private static final int INITIAL = 1 << 14;
    /** A block that one huge command has blown up is not kept. */
    private static final int LARGEST_KEPT = 1 << 20;
    private static final int LONGEST_CHARACTER = 3;

    private MemorySegment memory = Arena.ofAuto().allocate(INITIAL, Long.BYTES);
    private ByteBuffer values = Buffers.values(memory);
    private long base;
    private long end;
    private long candidates;
    private long arguments;
    private long environment;
    private long directory;

    /** Writes a command to be seen where it is. */
    void write(CommandSpec command, Environment variables) {
        reserve(command, variables, 0);
        base = memory.address();
        fill(command, variables, 0);
    }

    /**
     * Writes a command to be seen elsewhere.
     *
     * @param prefix how many bytes at the start to leave alone
     * @param seenAt the address at which the memory's start will be seen
     */
    void write(CommandSpec command, Environment variables, int prefix, long seenAt) {
        reserve(command, variables, prefix);
        base = seenAt;
        fill(command, variables, prefix);
    }

    /** Grows to what a command needs. */
    private void reserve(CommandSpec command, Environment variables, int prefix) {
        String program = command.arguments().getFirst();
        long characters = program.length() + 1L;
        for (String argument : command.words()) {
            characters += argument.length() + 1L;
        }
        for (byte[] folder : variables.path) {
            characters += folder.length + program.length() + 2L;
        }
        characters += command.directory() == null ? 0 : command.directory().length() + 1L;
        long pointers = variables.path.length + command.arguments().size() + variables.offsets.length + 4L;
        long needed = prefix + characters * LONGEST_CHARACTER + variables.block.length + pointers * Long.BYTES;
        if (needed > memory.byteSize()) {
            memory = Arena.ofAuto().allocate(Math.max(needed, 2 * memory.byteSize()), Long.BYTES);
            values = Buffers.values(memory);
        }
    }

    boolean isWorthKeeping() {
        return memory.byteSize() <= LARGEST_KEPT;
    }

    MemorySegment memory() {
        return memory;
    }

    ByteBuffer values() {
        return values;
    }

    private void fill(CommandSpec command, Environment variables, int prefix) {
        List<String> words = command.words();
        String program = command.arguments().getFirst();
        byte[][] folders = program.indexOf('/') >= 0 ? new byte[0][] : variables.path;
        int paths = Math.max(1, folders.length);
        long candidateAt = prefix;
        long argumentAt = candidateAt + (paths + 1L) * Long.BYTES;
        long variableAt = argumentAt + (words.size() + 1L) * Long.BYTES;
        end = variableAt + (variables.offsets.length + 1L) * Long.BYTES;
        candidates = base + candidateAt;
        arguments = base + argumentAt;
        environment = base + variableAt;

        if (folders.length == 0) {
            candidateAt = pointer(candidateAt, string(program));
        }
        for (byte[] folder : folders) {
            long path = base + end;
            if (folder.length > 0) {
                bytes(folder);
                values.put((int) end++, (byte) '/');
            }
            string(program);
            candidateAt = pointer(candidateAt, path);
        }
        pointer(candidateAt, 0);
        for (int i = 0; i < words.size(); i++) {
            argumentAt = pointer(argumentAt, string(words.get(i)));
        }
        pointer(argumentAt, 0);
        for (int offset : variables.offsets) {
            variableAt = pointer(variableAt, base + end + offset);
        }
        pointer(variableAt, 0);
        bytes(variables.block);
        directory = command.directory() == null ? 0 : string(command.directory());
    }

    private long pointer(long at, long address) {
        values.putLong((int) at, address);
        return at + Long.BYTES;
    }

    /** Appends a string with the NUL at its end. */
    private long string(String text) {
        long address = base + end;
        text(text);
        values.put((int) end++, (byte) 0);
        return address;
    }

    private void text(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                bytes(text.substring(i).getBytes(UTF_8));
                return;
            }
            values.put((int) end++, (byte) c);
        }
    }

    private void bytes(byte[] bytes) {
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, memory, end, bytes.length);
        end += bytes.length;
    }

    long candidates() {
        return candidates;
    }

    long arguments() {
        return arguments;
    }

    long environment() {
        return environment;
    }

    long directory() {
        return directory;
    }

    /** How much of the memory is used, the prefix included. */
    long length() {
        return end;
    }
}
