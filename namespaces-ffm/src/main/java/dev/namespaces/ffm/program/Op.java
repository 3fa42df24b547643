package dev.namespaces.ffm.program;

import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Sys;
import org.jspecify.annotations.Nullable;

/**
 * One op of a program while it is built: what to do, where the result goes, and which op comes next by the result's sign.
 *
 * <p>
 * In memory an op is twelve 64-bit words: {@code nr a0 a1 a2 a3 a4 a5 result dest onNegative onZero onPositive}. In front of a program's ops
 * stands a header of eight words, of which three are used: the address of the op that was refused last, its negative error number, and a flag
 * that a failing child sets.
 */
public final class Op {

    /** The size of an op. */
    public static final int SIZE = 96;
    /** The size of the header. */
    public static final int HEADER = 64;
    /** Header: the address of the op whose system call was refused last. */
    public static final int REFUSED_OP = 0;
    /** Header: the negative error number of that refusal. */
    public static final int REFUSED_RESULT = 8;
    /** Header: not 0 once a child that shares this memory has given up. */
    public static final int FAILED = 16;

    static final int RESULT = 7;
    static final int DEST = 8;
    static final int ON_NEGATIVE = 9;
    static final int ON_ZERO = 10;
    static final int ON_POSITIVE = 11;
    static final int WORDS = 12;

    static final int RETURN = -1;
    static final int SUBTRACT = -2;
    static final int LOAD64 = -3;
    static final int LOAD32 = -4;

    final long number;
    final String name;
    final Operand[] arguments;
    int index;
    @Nullable
    String result;
    @Nullable
    Operand destination;
    @Nullable
    Label onNegative;
    @Nullable
    Label onZero;
    @Nullable
    Label onPositive;
    @Nullable
    Step step;
    String detail = "";

    Op(long number, String name, Operand... arguments) {
        this.number = number;
        this.name = name;
        this.arguments = arguments;
    }

    Op(Sys call, long number, Operand... arguments) {
        this(number, call.text(), arguments);
    }

    /** What it is called. */
    public String text() {
        return name;
    }

    /** Says which step this is part of, for the exception if it is refused. */
    public Op step(Step part, String about) {
        step = part;
        detail = about;
        return this;
    }

    /** Hands the result, under a name, to an argument of another op. */
    public Op into(String resultName, Op target, int argument) {
        result = resultName;
        destination = target.argument(argument);
        long initially = target.arguments[argument] instanceof Operand.Constant number ? number.value() : 0;
        target.arguments[argument] = new Operand.Flow(resultName, initially);
        return this;
    }

    /** Stores the result at an address. */
    public Op into(String resultName, Operand address) {
        result = resultName;
        destination = address;
        return this;
    }

    /** Where to go on after a negative result. */
    public Op onNegative(Label label) {
        onNegative = label;
        return this;
    }

    /** Where to go on after a result of zero. */
    public Op onZero(Label label) {
        onZero = label;
        return this;
    }

    /** Where to go on after a positive result. */
    public Op onPositive(Label label) {
        onPositive = label;
        return this;
    }

    /** Where to go on, whatever the result. */
    public Op then(Label label) {
        return onNegative(label).onZero(label).onPositive(label);
    }

    /** The address of one of this op's arguments, 0 to 5. */
    public Operand argument(int argument) {
        return new Operand.Word(this, 1 + argument);
    }

    /** The address of this op's result. */
    public Operand result() {
        return new Operand.Word(this, RESULT);
    }
}
