package dev.namespaces.ffm.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns ops and data into words, and notes which of them are addresses. */
final class Assembler {

    private static final int HEADER_WORDS = Op.HEADER / Long.BYTES;

    private final List<Op> ops;
    private final DataArea data;
    private final int dataStart;
    private final long[] words;
    private final List<Integer> relocations = new ArrayList<>();
    private final Map<String, Integer> patches = new HashMap<>();

    Assembler(List<Op> ops, DataArea data) {
        this.ops = ops;
        this.data = data;
        this.dataStart = HEADER_WORDS + ops.size() * Op.WORDS;
        this.words = new long[dataStart + data.words()];
    }

    Program assemble(List<Label> labels) {
        ops.forEach(this::op);
        for (int i = 0; i < data.words(); i++) {
            words[dataStart + i] = data.word(i);
        }
        data.addresses.forEach((at, target) -> address(dataStart + at / Long.BYTES, dataOffset(target)));
        int[] relocated = relocations.stream().mapToInt(Integer::intValue).toArray();
        return new Program(words, relocated, dataStart * Long.BYTES, Map.copyOf(patches), List.copyOf(ops),
                List.copyOf(labels));
    }

    private void op(Op op) {
        int at = start(op);
        words[at] = op.number;
        for (int i = 0; i < op.arguments.length; i++) {
            operand(at + 1 + i, op.arguments[i]);
        }
        if (op.destination != null) {
            operand(at + Op.DEST, op.destination);
        }
        if (op.number != Op.RETURN) {
            next(op, at + Op.ON_NEGATIVE, op.onNegative, op.number < 0);
            next(op, at + Op.ON_ZERO, op.onZero, true);
            next(op, at + Op.ON_POSITIVE, op.onPositive, true);
        }
    }

    private static int start(Op op) {
        return HEADER_WORDS + op.index * Op.WORDS;
    }

    private void operand(int at, Operand operand) {
        switch (operand) {
            case Operand.Constant number -> words[at] = number.value();
            case Operand.Data datum -> address(at, dataOffset(datum.offset()));
            case Operand.Header header -> address(at, header.offset());
            case Operand.Word word -> address(at, (start(word.op()) + word.word()) * Long.BYTES);
            case Operand.Flow flow -> words[at] = flow.initially();
            case Operand.Patch patch -> {
                if (patches.put(patch.name(), at * Long.BYTES) != null) {
                    throw new IllegalStateException("patched in two places: " + patch.name());
                }
            }
        }
    }

    private void next(Op op, int at, @Nullable Label label, boolean fallsThrough) {
        if (label == null && !fallsThrough) {
            throw new IllegalStateException("nothing is said of a refusal of " + op.name);
        }
        if (label != null && label.outside != 0) {
            words[at] = label.outside;
            return;
        }
        Integer target = label == null ? Integer.valueOf(op.index + 1) : label.index;
        if (target == null || target >= ops.size()) {
            throw new IllegalStateException(
                    op.name + " goes to " + (label == null ? "the end" : label.name) + ", where there is no op");
        }
        address(at, Op.HEADER + target * Op.SIZE);
    }

    private int dataOffset(int offset) {
        return dataStart * Long.BYTES + offset;
    }

    private void address(int at, int offset) {
        words[at] = offset;
        relocations.add(at);
    }
}
