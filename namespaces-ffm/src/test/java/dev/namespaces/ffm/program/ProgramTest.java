package dev.namespaces.ffm.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.linux.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ProgramTest {

    private final ProgramBuilder b = new ProgramBuilder(Native.abi());

    @Test
    void aPatchIsWrittenOverBeforeEachRun() {
        b.returns(new Operand.Patch("value"));

        try (Arena arena = Arena.ofConfined()) {
            Run run = new Run(arena, b.build());
            run.patch("value", 17);
            assertThat(run.result()).isEqualTo(17);
            run.patch("value", -4);
            assertThat(run.result()).isEqualTo(-4);
        }
    }

    @Test
    void aPatchThatIsNotThereIsNamedTogetherWithThoseThatAre() {
        b.returns(new Operand.Patch("value"));
        Program program = b.build();

        assertThatIllegalArgumentException().isThrownBy(() -> program.patch("other"))
                .withMessage("no patch other in [value]");
    }

    @Test
    void twoCopiesOfAProgramDoNotTouchEachOther() {
        Operand.Data out = b.space("out", Long.BYTES);
        b.subtract(new Operand.Patch("value"), Operand.of(0)).into("value", out);
        Op load = b.load64(out);
        load.into("value", b.returns(Operand.of(0)), 0);
        Program program = b.build();

        try (Arena arena = Arena.ofConfined()) {
            Run first = new Run(arena, program);
            Run second = new Run(arena, program);
            first.patch("value", 1);
            second.patch("value", 2);

            assertThat(first.result()).isEqualTo(1);
            assertThat(second.result()).isEqualTo(2);
            assertThat(first.word(out)).isEqualTo(1);
            assertThat(second.word(out)).isEqualTo(2);
        }
    }

    @Test
    void aCopyMayBeWrittenWhereItDoesNotRun() {
        Operand.Data pointer = b.space("pointer", Long.BYTES);
        Operand.Data target = b.string("target");
        b.address(pointer, target);
        b.word(b.space("number", Long.BYTES), 0x1000);
        b.returns(pointer);
        Program program = b.build();

        long[] atOneAddress = placed(program, 0x5000_0000L);
        long[] atAnother = placed(program, 0x7000_0000L);
        long[] distances = new long[atAnother.length];
        Arrays.setAll(distances, i -> atAnother[i] - atOneAddress[i]);

        assertThat(distances).containsOnly(0, 0x2000_0000L);
        assertThat(atOneAddress[program.offset(pointer) / Long.BYTES])
                .isEqualTo(0x5000_0000L + program.offset(target));
        assertThat(Arrays.stream(distances).filter(distance -> distance != 0)).as("addresses").hasSize(2);
    }

    @Test
    void dataKeepsItsContentHoweverMuchFollows() {
        Operand.Data first = b.string("first");
        Operand.Data large = b.string("x".repeat(10_000));
        Operand.Data last = b.string("last");
        b.returns(Operand.of(0));
        Program program = b.build();

        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = new Run(arena, program).memory;

            assertThat(memory.getString(program.offset(first))).isEqualTo("first");
            assertThat(memory.getString(program.offset(large))).hasSize(10_000);
            assertThat(memory.getString(program.offset(last))).isEqualTo("last");
        }
    }

    @Test
    void anAddressOutsideTheOpsIsNoRefusal() {
        Label end = b.label("end");
        b.call(Sys.GETPID).onNegative(end).step(Step.SIGNAL, "");
        b.place(end).returns(Operand.of(0));
        Program program = b.build();

        assertThat(program.refusal(0x1000 + Op.HEADER, 0x1000).step()).isEqualTo(Step.SIGNAL);
        assertThatIllegalStateException().isThrownBy(() -> program.refusal(0, 0x1000)).withMessage("no op at 0");
        assertThatIllegalStateException().isThrownBy(() -> program.refusal(0x1000 + Op.HEADER + 2 * Op.SIZE, 0x1000))
                .withMessage("no op at 1100");
    }

    @Test
    void anOpThatMayBeRefusedNeedsAStep() {
        Label end = b.label("end");
        b.call(Sys.GETPID).onNegative(end);
        b.place(end).returns(Operand.of(0));
        Program program = b.build();

        assertThatIllegalStateException().isThrownBy(() -> program.refusal(Op.HEADER, 0))
                .withMessageStartingWith("an op without a step was refused");
    }

    private static long[] placed(Program program, long base) {
        MemorySegment memory = Arena.ofAuto().allocate(program.size(), Long.BYTES);
        program.place(memory, base);
        return memory.toArray(ValueLayout.JAVA_LONG);
    }
}
