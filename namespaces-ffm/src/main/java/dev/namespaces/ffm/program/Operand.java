package dev.namespaces.ffm.program;

/** What an op's argument is. */
public sealed interface Operand {

    /** A number. */
    static Operand of(long value) {
        return new Constant(value, Long.toString(value));
    }

    /** A number, and what it is called. */
    static Operand of(long value, String text) {
        return new Constant(value, text);
    }

    /** A number that is the same in every run. */
    record Constant(long value, String text) implements Operand {}

    /** The address of something in the program's data. */
    record Data(int offset, String text) implements Operand {

        /** The address of something further on. */
        public Data plus(int bytes) {
            return new Data(offset + bytes, text + "+" + bytes);
        }
    }

    /** A word of the program's header. */
    record Header(int offset, String text) implements Operand {}

    /** A word of an op. */
    record Word(Op op, int word) implements Operand {}

    /** What an earlier op's result is written over, and what stands there until then. */
    record Flow(String name, long initially) implements Operand {}

    /** What is written over before each run. */
    record Patch(String name) implements Operand {}
}
