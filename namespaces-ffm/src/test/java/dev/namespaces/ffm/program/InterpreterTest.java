package dev.namespaces.ffm.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.linux.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Harmless programs in this very thread. */
class InterpreterTest {

    private final ProgramBuilder b = new ProgramBuilder(Native.abi());

    @ParameterizedTest
    @ValueSource(longs = {0, 42, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void aProgramReturnsWhatItSays(long value) {
        b.returns(Operand.of(value));

        assertThat(result()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({"-9223372036854775808, -1", "-4294967296, -1", "-1, -1", "0, 0", "1, 1", "4294967296, 1",
            "9223372036854775807, 1"})
    void theNextOpIsChosenByTheSignOfAll64Bits(long value, int sign) {
        Label negative = b.label("negative");
        Label zero = b.label("zero");
        Label positive = b.label("positive");
        b.subtract(Operand.of(value), Operand.of(0)).onNegative(negative).onZero(zero).onPositive(positive);
        b.place(negative).returns(Operand.of(-1));
        b.place(zero).returns(Operand.of(0));
        b.place(positive).returns(Operand.of(1));

        assertThat(result()).isEqualTo(sign);
    }

    @Test
    void anOpThatSaysNothingGoesOnToTheOneBehindIt() {
        for (long value : new long[]{-1, 0, 1}) {
            b.subtract(Operand.of(value), Operand.of(0));
        }
        b.returns(Operand.of(4));

        assertThat(result()).isEqualTo(4);
    }

    @Test
    void aLoopRunsUntilItsCounterIsZero() {
        Operand.Data counter = b.space("counter", Long.BYTES);
        Operand.Data turns = b.space("turns", Long.BYTES);
        b.word(counter, 1000);
        Label loop = b.label("loop");
        b.place(loop);
        change(turns, 1);
        change(counter, -1).onPositive(loop);
        b.returns(Operand.of(0));

        try (Arena arena = Arena.ofConfined()) {
            Run run = new Run(arena, b.build());
            run.result();

            assertThat(run.word(counter)).isZero();
            assertThat(run.word(turns)).isEqualTo(1000);
        }
    }

    @Test
    void aJumpLeavesOutWhatIsInBetween() {
        Label end = b.label("end");
        b.go(end);
        b.returns(Operand.of(1));
        b.place(end).returns(Operand.of(2));

        assertThat(result()).isEqualTo(2);
    }

    @Test
    void descriptorsFlowFromOneOpIntoOthers() {
        Label failed = b.label("failed");
        b.onRefusal(failed);
        Operand.Data ends = b.space("ends", 2 * Integer.BYTES);
        Operand.Data received = b.space("received", Long.BYTES);
        b.call(Sys.PIPE2, ends, Operand.of(Linux.O_CLOEXEC));
        Op writer = b.load32(ends.plus(Integer.BYTES));
        Op write = b.call(Sys.WRITE, Operand.of(0), b.string("flow"), Operand.of(5));
        Op writerAgain = b.load32(ends.plus(Integer.BYTES));
        Op closeWriter = b.call(Sys.CLOSE, Operand.of(0));
        Op reader = b.load32(ends);
        Op read = b.call(Sys.READ, Operand.of(0), received, Operand.of(Long.BYTES));
        Op readerAgain = b.load32(ends);
        Op closeReader = b.call(Sys.CLOSE, Operand.of(0));
        Op length = b.load64(read.result());
        Op end = b.returns(Operand.of(0));
        b.place(failed).returns(Operand.of(-1));
        writer.into("writer", write, 0);
        writerAgain.into("writer", closeWriter, 0);
        reader.into("reader", read, 0);
        readerAgain.into("reader", closeReader, 0);
        length.into("length", end, 0);

        try (Arena arena = Arena.ofConfined()) {
            Program program = b.build();
            Run run = new Run(arena, program);

            assertThat(run.result()).isEqualTo(5);
            assertThat(run.memory.getString(program.offset(received))).isEqualTo("flow");
        }
    }

    @Test
    void anArgumentThatALaterOpWritesOverStartsWithItsNumber() {
        Operand.Data turns = b.space("turns", Long.BYTES);
        Label loop = b.label("loop");
        b.place(loop);
        change(turns, 1);
        Op current = b.subtract(Operand.of(3), Operand.of(0));
        Op load = b.load64(current.argument(0));
        Op less = b.subtract(Operand.of(0), Operand.of(1)).into("n", current, 0).onPositive(loop);
        load.into("n", less, 0);
        Op end = b.load64(turns);
        end.into("turns", b.returns(Operand.of(0)), 0);

        assertThat(result()).isEqualTo(3);
    }

    @Test
    void aDifferenceIsTakenInAll64Bits() {
        Op subtract = b.subtract(Operand.of(5_000_000_000L), Operand.of(-7));
        subtract.into("difference", b.returns(Operand.of(0)), 0);

        assertThat(result()).isEqualTo(5_000_000_007L);
    }

    @Test
    void aShortWordIsReadWithItsSignAndALongOneWhole() {
        Operand.Data word = b.space("word", Long.BYTES);
        b.word(word, 0x12345678_fffffffeL);
        Op low = b.load32(word);
        Op whole = b.load64(word);
        Op difference = b.subtract(Operand.of(0), Operand.of(0));
        low.into("low", difference, 1);
        whole.into("whole", difference, 0);
        difference.into("difference", b.returns(Operand.of(0)), 0);

        assertThat(result()).isEqualTo(0x12345678_fffffffeL + 2);
    }

    @Test
    void allSixArgumentsReachTheKernel() {
        Label refused = b.label("refused");
        Op map = b.call(Sys.MMAP, Operand.of(0), Operand.of(4096), Operand.of(Linux.PROT_READ),
                Operand.of(Linux.MAP_PRIVATE | 0x20, "MAP_PRIVATE|MAP_ANONYMOUS"), Operand.of(-1), Operand.of(1))
                .onNegative(refused);
        b.returns(Operand.of(0));
        b.place(refused);
        Op result = b.load64(map.result());
        result.into("result", b.returns(Operand.of(0)), 0);

        assertThat(result()).as("an offset that is no multiple of the page size").isEqualTo(-Errno.EINVAL);
    }

    @Test
    void aRefusalIsKeptWithTheStepThatItEnded() {
        Label end = b.label("end");
        b.onRefusal(end);
        b.call(Sys.GETPID).step(Step.WAIT, "before");
        b.call(Sys.CLOSE, Operand.of(-1)).step(Step.MOUNT, "proc on /proc");
        b.call(Sys.GETPID).step(Step.WAIT, "after");
        b.place(end).returns(Operand.of(3));

        try (Arena arena = Arena.ofConfined()) {
            Run run = new Run(arena, b.build());

            assertThat(run.result()).isEqualTo(3);
            assertThat(run.header(Op.REFUSED_RESULT)).isEqualTo(-Errno.EBADF);
            assertThat(run.refusal()).isEqualTo(new Program.Refusal(Step.MOUNT, "proc on /proc"));
        }
    }

    @Test
    void theLastOfSeveralRefusalsIsKept() {
        Label second = b.label("second");
        Label end = b.label("end");
        b.call(Sys.CLOSE, Operand.of(-1)).onNegative(second).step(Step.MOUNT, "");
        b.place(second).call(Sys.KILL, Operand.of(1), Operand.of(-1)).onNegative(end).step(Step.SIGNAL, "");
        b.place(end).returns(Operand.of(0));

        try (Arena arena = Arena.ofConfined()) {
            Run run = new Run(arena, b.build());
            run.result();

            assertThat(run.header(Op.REFUSED_RESULT)).isEqualTo(-Errno.EINVAL);
            assertThat(run.refusal().step()).isEqualTo(Step.SIGNAL);
        }
    }

    @Test
    void whereNothingIsRefusedTheHeaderStaysEmpty() {
        Label end = b.label("end");
        b.call(Sys.GETPID).onNegative(end);
        b.subtract(Operand.of(0), Operand.of(1));
        b.place(end).returns(Operand.of(0));

        try (Arena arena = Arena.ofConfined()) {
            Run run = new Run(arena, b.build());
            run.result();

            assertThat(run.memory.asSlice(0, Op.HEADER).toArray(ValueLayout.JAVA_LONG))
                    .containsOnly(0);
        }
    }

    /** Adds ops that change a word by a number, and returns the op whose result is the new value. */
    private Op change(Operand.Data word, long by) {
        Op load = b.load64(word);
        Op changed = b.subtract(Operand.of(0), Operand.of(-by)).into("changed", word);
        load.into("word", changed, 0);
        return changed;
    }

    private long result() {
        try (Arena arena = Arena.ofConfined()) {
            return new Run(arena, b.build()).result();
        }
    }
}
