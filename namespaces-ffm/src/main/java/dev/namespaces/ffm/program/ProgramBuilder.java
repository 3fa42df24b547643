package dev.namespaces.ffm.program;

import dev.namespaces.ffm.linux.Abi;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.CStrings;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Sys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds a syscall program, op after op. An op goes on to the one behind it unless it says otherwise, except after a refusal, when it goes to
 * {@link #onRefusal}.
 *
 * <p>
 * Not thread-safe.
 */
public final class ProgramBuilder {

    private final Abi abi;
    private final List<Op> ops = new ArrayList<>();
    private final List<Label> labels = new ArrayList<>();
    private final DataArea data = new DataArea();
    private final Map<Integer, String> strings = new HashMap<>();
    private final Map<Integer, Long> openFlags = new HashMap<>();
    /** Ops of a child that shares memory, which are checked again at the end: results may have been led into their arguments since. */
    private final Map<Op, Sys> sharing = new HashMap<>();
    private final boolean inStageTwo;
    private boolean sharesMemory;
    private boolean sharesDescriptors;
    private int highestDescriptor;
    private @Nullable Label onRefusal;

    private ProgramBuilder(Abi abi, boolean inStageTwo) {
        this.abi = abi;
        this.inStageTwo = inStageTwo;
    }

    /**
     * Starts a program that this process will run.
     *
     * @param abi the architecture that it is for
     */
    public ProgramBuilder(Abi abi) {
        this(abi, false);
    }

    /**
     * Starts a program for stage 2.
     *
     * @param abi the architecture that it is for
     * @return a builder
     */
    public static ProgramBuilder ofStageTwo(Abi abi) {
        return new ProgramBuilder(abi, true);
    }

    /** Makes a label, to be {@linkplain #place placed}. */
    public Label label(String name) {
        return new Label(name, 0);
    }

    /** Places a label in front of the next op. */
    public ProgramBuilder place(Label label) {
        if (label.index != null) {
            throw new IllegalStateException("the label " + label.name + " has its place already");
        }
        label.index = ops.size();
        labels.add(label);
        return this;
    }

    /** Whether the ops that follow run in a child that shares the memory of the JVM; {@link SharedMemoryRule} says what they may do then. */
    public ProgramBuilder sharesMemory(boolean shares) {
        sharesMemory = shares;
        sharesDescriptors &= shares;
        return this;
    }

    /** The same for a child that shares the JVM's table of descriptors too, until an op gives it one of its own. */
    public ProgramBuilder sharesMemoryAndDescriptors() {
        sharesDescriptors = true;
        return sharesMemory(true);
    }

    /** Where the ops that follow go on when they are refused and say nothing themselves. */
    public ProgramBuilder onRefusal(Label label) {
        onRefusal = label;
        return this;
    }

    /** A descriptor of this process that has the same number in every run. */
    public Operand descriptor(int number, String text) {
        highestDescriptor = Math.max(highestDescriptor, number);
        return Operand.of(number, text);
    }

    /** The highest of them, which a child's own table has to have room for; 0 if there are none. */
    public int highestDescriptor() {
        return highestDescriptor;
    }

    /** Room in the program's data, zero at first. */
    public Operand.Data space(String name, int bytes) {
        return new Operand.Data(data.add(new byte[bytes]), name);
    }

    /** Bytes in the program's data. */
    public Operand.Data bytes(String name, byte[] content) {
        return new Operand.Data(data.add(content), name);
    }

    /** A string in the program's data, ending with NUL. */
    public Operand.Data string(String text) {
        int offset = data.add(CStrings.bytes(text));
        strings.put(offset, text);
        return new Operand.Data(offset, '"' + text + '"');
    }

    /** A {@code struct open_how} in the program's data; openat2(2). */
    public Operand.Data openHow(long flags, long resolve, String text) {
        Operand.Data how = space("{" + text + "}", Struct.OpenHow.SIZE);
        word(how.plus(Struct.OpenHow.FLAGS), flags);
        word(how.plus(Struct.OpenHow.RESOLVE), resolve);
        openFlags.put(how.offset(), flags);
        return how;
    }

    /** Adds a word to the program's data that holds an address. */
    public void address(Operand.Data at, Operand.Data target) {
        data.address(at.offset(), target.offset());
    }

    /** Adds a word to the program's data. */
    public void word(Operand.Data at, long value) {
        data.word(at.offset(), value);
    }

    /** The address of a word of the header that the interpreter uses. */
    public Operand header(int offset, String text) {
        return inStageTwo ? StageTwoImage.header(offset, text) : new Operand.Header(offset, text);
    }

    /**
     * Adds a system call.
     *
     * @throws IllegalArgumentException if the op must not run while memory is shared
     */
    public Op call(Sys call, Operand... arguments) {
        Op op = new Op(call, abi.number(call), padded(arguments));
        if (sharesDescriptors) {
            SharedMemoryRule.checkSharingDescriptors(call, op.arguments);
            sharesDescriptors = !SharedMemoryRule.isUnsharing(call, op.arguments);
        } else if (sharesMemory) {
            check(op, call);
            sharing.put(op, call);
        }
        return add(op);
    }

    private void check(Op op, Sys call) {
        String path = op.arguments[1] instanceof Operand.Data data ? strings.get(data.offset()) : null;
        long flags = op.arguments[2] instanceof Operand.Data data ? openFlags.getOrDefault(data.offset(), 0L) : 0;
        SharedMemoryRule.check(call, op.arguments, path, flags);
    }

    /** Adds {@code left - right}. */
    public Op subtract(Operand left, Operand right) {
        return add(new Op(Op.SUBTRACT, "subtract", padded(left, right)));
    }

    /** Adds the reading of a 64-bit word. */
    public Op load64(Operand address) {
        return add(new Op(Op.LOAD64, "load64", padded(address)));
    }

    /** Adds the reading of a signed 32-bit word. */
    public Op load32(Operand address) {
        return add(new Op(Op.LOAD32, "load32", padded(address)));
    }

    /** Adds a jump. */
    public void go(Label label) {
        add(new Op(Op.SUBTRACT, "go", padded())).then(label);
    }

    /** Adds the end of the interpreter's run. */
    public Op returns(Operand value) {
        return add(new Op(Op.RETURN, "return", padded(value)));
    }

    private static Operand[] padded(Operand... arguments) {
        Operand[] all = new Operand[6];
        for (int i = 0; i < all.length; i++) {
            all[i] = i < arguments.length ? arguments[i] : Operand.of(0);
        }
        return all;
    }

    private Op add(Op op) {
        op.index = ops.size();
        op.onNegative = op.number >= 0 ? onRefusal : null;
        ops.add(op);
        return op;
    }

    /** Adds a refusal that is not the kernel's: the header says that this step failed with this error number. Goes where refusals go. */
    public void refuse(Step step, String detail, int errno) {
        Op result = subtract(Operand.of(-errno, "-" + Errno.name(errno)), Operand.of(0)).step(step, detail);
        result.into("error", header(Op.REFUSED_RESULT, "&error"));
        Op which = subtract(new Operand.Word(result, 0), Operand.of(0)).into("refused op",
                header(Op.REFUSED_OP, "&op"));
        if (onRefusal == null) {
            throw new IllegalStateException("nothing is said of refusals");
        }
        which.then(onRefusal);
    }

    /**
     * Finishes the program.
     *
     * @return the program
     * @throws IllegalStateException if an op has no next one, or a label no place
     * @throws IllegalArgumentException if a result is led into an argument on which it depends whether the op may run while memory is shared
     */
    public Program build() {
        sharing.forEach(this::check);
        return new Assembler(ops, data).assemble(labels);
    }
}
