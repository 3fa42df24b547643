package dev.namespaces.ffm.program;

import dev.namespaces.Step;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A finished program: words, of which some are addresses that count from its start until it is {@linkplain #place placed}.
 *
 * <p>
 * Immutable. Ops hold results, so every run in flight needs a copy of its own.
 */
public final class Program {

    private static final long NO_SUCH_CALL = 0x7fff;

    private final long[] words;
    private final int[] relocations;
    private final int dataOffset;
    private final Map<String, Integer> patches;
    private final List<Op> ops;
    private final List<Label> labels;

    /** An op that the kernel refused. */
    public record Refusal(Step step, String detail) {}

    Program(long[] words, int[] relocations, int dataOffset, Map<String, Integer> patches, List<Op> ops,
            List<Label> labels) {
        this.words = words;
        this.relocations = relocations;
        this.dataOffset = dataOffset;
        this.patches = patches;
        this.ops = ops;
        this.labels = labels;
    }

    /**
     * The size of a copy.
     *
     * @return bytes
     */
    public int size() {
        return words.length * Long.BYTES;
    }

    /**
     * Writes a copy that will run at an address.
     *
     * @param target where the copy is written to, as bytes
     * @param base the address at which it will be when it runs
     */
    public void place(MemorySegment target, long base) {
        target.copyFrom(MemorySegment.ofArray(words));
        ByteBuffer values = target.asByteBuffer().order(ByteOrder.nativeOrder());
        for (int at : relocations) {
            values.putLong(at * Long.BYTES, base + words[at]);
        }
    }

    /**
     * Where in a copy a patch goes.
     *
     * @param name the patch
     * @return the offset in bytes
     */
    public int patch(String name) {
        Integer offset = patches.get(name);
        if (offset == null) {
            throw new IllegalArgumentException("no patch " + name + " in " + patches.keySet());
        }
        return offset;
    }

    /**
     * Where in a copy a piece of data is.
     *
     * @param data the data
     * @return the offset in bytes
     */
    public int offset(Operand.Data data) {
        return dataOffset + data.offset();
    }

    /**
     * What an op was for.
     *
     * @param address the op's address in a copy, as the header holds it
     * @param base the copy's address
     * @return its step
     */
    public Refusal refusal(long address, long base) {
        long index = (address - base - Op.HEADER) / Op.SIZE;
        if (index < 0 || index >= ops.size()) {
            throw new IllegalStateException("no op at " + Long.toHexString(address));
        }
        Op op = ops.get((int) index);
        if (op.step == null) {
            throw new IllegalStateException("an op without a step was refused: " + explain());
        }
        return new Refusal(op.step, op.detail);
    }

    /**
     * How many ops there are.
     *
     * @return the number
     */
    public int ops() {
        return ops.size();
    }

    /**
     * The same program with one system call replaced by one that no kernel has; for tests of what happens on a refusal.
     *
     * @param op the op, from 0
     * @return the program, or empty where the op makes no system call, or is none of a step that may be refused
     */
    public Optional<Program> refusedAt(int op) {
        int at = (Op.HEADER + op * Op.SIZE) / Long.BYTES;
        if (words[at] < 0 || ops.get(op).step == null) {
            return Optional.empty();
        }
        long[] changed = words.clone();
        changed[at] = NO_SUCH_CALL;
        return Optional.of(new Program(changed, relocations, dataOffset, patches, ops, labels));
    }

    /**
     * The program as text for people.
     *
     * @return a line for each op and label
     */
    public List<String> explain() {
        return new ProgramText(ops, labels).lines();
    }
}
