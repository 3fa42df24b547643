package dev.namespaces.ffm.mount;

import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;

/**
 * Descriptors whose numbers are fixed when the program is written: so any op can use them, and so can a path such as {@code /proc/self/fd/16}. They
 * are closed by the exec.
 */
final class Slots {

    /** Above whatever a stage is given, idmapped trees aside. */
    private static final int FIRST = 16;

    private final ProgramBuilder b;
    private int next;

    /**
     * For a program.
     *
     * @param b the program
     * @param firstFree the first number that is not given to the stage
     */
    Slots(ProgramBuilder b, int firstFree) {
        this.b = b;
        this.next = Math.max(FIRST, firstFree);
    }

    /** A descriptor under a fixed number. */
    record Slot(int number, String name) {

        Operand operand() {
            return Operand.of(number, name);
        }

        String path() {
            return "/proc/self/fd/" + number;
        }
    }

    Slot reserve(String name) {
        return new Slot(next++, name);
    }

    /** Moves the descriptor that an op has opened into a slot, and closes what was there. */
    void keep(Op opened, Slot slot, Step step, String detail) {
        Op from = b.load64(opened.result());
        Op move = b.call(Sys.DUP3, Operand.of(0), slot.operand(), Operand.of(Linux.O_CLOEXEC, "O_CLOEXEC")).step(step,
                detail);
        from.into("fd", move, 0);
        Op original = b.load64(opened.result());
        Op close = b.call(Sys.CLOSE, Operand.of(0)).step(step, detail);
        original.into("fd", close, 0);
    }
}
