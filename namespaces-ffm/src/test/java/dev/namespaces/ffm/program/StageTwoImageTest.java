package dev.namespaces.ffm.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Abi;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.linux.Tool;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StageTwoImageTest {

    private static final Operand STDOUT = Operand.of(1);

    @TempDir
    Path directory;

    private final ProgramBuilder b = ProgramBuilder.ofStageTwo(Native.abi());
    private final Label failed = b.label("failed");

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "aarch64"})
    void theImageIsAnExecutableWithoutMemoryThatIsBothWritableAndExecutable(String architecture) throws IOException {
        Path image = image(Abi.of(architecture).orElseThrow());

        assertThat(Tool.run(Tool.find("readelf"), "-hlW", image)).doesNotContainIgnoringCase("warning")
                .containsPattern("Type: +EXEC")
                .containsPattern("Machine: +" + (architecture.equals("amd64") ? "Advanced Micro.*X86-64" : "AArch64"))
                .containsPattern("LOAD +0x0+ 0x0*200000000 .* R E 0x10000\n")
                .containsPattern("LOAD +0x0*10000 0x0*200010000 .* RW +0x10000\n")
                .containsPattern("GNU_STACK .* RW +0x10000\n").doesNotContain("RWE");
    }

    @Test
    void aProgramRunsInAProcessOfItsOwn() throws IOException {
        b.onRefusal(failed);
        b.call(Sys.WRITE, STDOUT, b.string("hello from stage 2\n"), Operand.of(19));
        exit(7);
        b.place(failed);
        exit(1);

        assertThat(output(b.build(), 7)).isEqualTo("hello from stage 2\n".getBytes(UTF_8));
    }

    @Test
    void itsProcessHoldsNothingOfTheJvms() throws IOException {
        Label closed = b.label("closed");
        for (int fd : new int[]{3, 4, 5, 6, 7, 8, 9}) {
            Label next = fd == 9 ? closed : b.label("next");
            b.call(Sys.FCNTL, Operand.of(fd), Operand.of(Linux.F_GETFD)).onNegative(next).onZero(failed)
                    .onPositive(failed);
            b.place(next);
        }
        exit(0);
        b.place(failed);
        exit(1);

        assertThat(output(b.build(), 0)).isEmpty();
    }

    @Test
    void itMayHaveChildrenOfItsOwn() throws IOException {
        Label child = b.label("child");
        Operand.Data status = b.space("status", Long.BYTES);
        b.onRefusal(failed);
        b.call(Sys.CLONE, Operand.of(Linux.CLONE_VM | Linux.CLONE_VFORK | Linux.SIGCHLD), Operand.of(0)).onZero(child);
        b.call(Sys.WAIT4, Operand.of(-1), status, Operand.of(0), Operand.of(0));
        Op ended = b.load32(status);
        Op compare = b.subtract(Operand.of(0), Operand.of(5 << 8)).onNegative(failed).onPositive(failed);
        exit(0);
        b.place(child);
        exit(5);
        b.place(failed);
        exit(1);
        ended.into("status", compare, 0);

        assertThat(output(b.build(), 0)).isEmpty();
    }

    @Test
    void aRefusalStandsInTheBootProgramsHeader() throws IOException {
        b.onRefusal(failed);
        b.call(Sys.GETPID).step(Step.WAIT, "");
        b.call(Sys.CLOSE, Operand.of(-1)).step(Step.MOUNT, "proc");
        exit(1);
        b.place(failed);
        b.call(Sys.WRITE, STDOUT, b.header(Op.REFUSED_OP, "refusal"), Operand.of(2 * Long.BYTES));
        exit(0);
        Program program = b.build();

        ByteBuffer refusal = ByteBuffer.wrap(output(program, 0)).order(ByteOrder.nativeOrder());
        assertThat(program.refusal(refusal.getLong(), StageTwoImage.PROGRAM_ADDRESS))
                .isEqualTo(new Program.Refusal(Step.MOUNT, "proc"));
        assertThat(refusal.getLong()).isEqualTo(-Errno.EBADF);
        assertThat(refusal.hasRemaining()).isFalse();
    }

    @Test
    void withoutAProgramItEndsWith127() throws IOException {
        Path image = image(Native.abi());

        Tool.output(new ProcessBuilder("sh", "-c", "exec \"$0\" 3<&-", image.toString()), 127);
    }

    private void exit(int value) {
        Label exit = b.label("exit");
        b.place(exit).call(Sys.EXIT_GROUP, Operand.of(value)).then(exit);
    }

    /** What a program wrote that ran in stage 2 and had to exit with a certain value. */
    private byte[] output(Program program, int exitValue) throws IOException {
        byte[] copy = new byte[program.size()];
        program.place(MemorySegment.ofArray(copy), StageTwoImage.PROGRAM_ADDRESS);
        Path file = Files.write(directory.resolve("program"), copy);
        Path output = directory.resolve("output");
        Tool.output(new ProcessBuilder("sh", "-c", "exec \"$0\" 3<\"$1\" >\"$2\"", image(Native.abi()).toString(),
                file.toString(), output.toString()), exitValue);
        return Files.readAllBytes(output);
    }

    private Path image(Abi abi) throws IOException {
        Path image = Files.write(directory.resolve("image"), StageTwoImage.elf(abi));
        return Files.setPosixFilePermissions(image, PosixFilePermissions.fromString("r-x------"));
    }
}
