package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Stdio;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Standard streams that are no pipes. */
@ExtendWith(LeavesNothingBehind.class)
class RedirectsTest {

    private static final Command BOTH = Child.shell("echo 1; echo 2 >&2; echo 3; echo 4 >&2");

    @TempDir
    Path folder;

    // ---- files

    @ParameterizedTest
    @EnumSource(Way.class)
    void filesAreReadTruncatedAndAppendedTo(Way way) throws Exception {
        Path in = Files.writeString(folder.resolve("in"), "content");
        Path out = Files.writeString(folder.resolve("out"), "something longer than the content");
        Path err = Files.writeString(folder.resolve("err"), "first ");
        Command command = Child.shell("cat; printf second >&2").stdin(Stdio.from(in)).stdout(Stdio.to(out))
                .stderr(Stdio.append(err));

        assertThat(way.namespace().run(command).succeeded()).isTrue();
        assertThat(out).hasContent("content");
        assertThat(err).hasContent("first second");
    }

    @Test
    void aFileThatIsMissingIsMadeWithTheUsualMode() throws Exception {
        Path expected = folder.resolve("expected");
        new ProcessBuilder("sh", "-c", ": > \"$1\"", "sh", expected.toString()).start().waitFor();
        for (Stdio stdio : new Stdio[]{Stdio.to(folder.resolve("to")), Stdio.append(folder.resolve("append"))}) {
            Namespace.builder().run(BOTH.stdout(stdio)).orThrow();
        }

        assertThat(folder.resolve("to")).hasContent("1\n3\n");
        assertThat(folder.resolve("append")).hasContent("1\n3\n");
        assertThat(Files.getPosixFilePermissions(folder.resolve("to")))
                .isEqualTo(Files.getPosixFilePermissions(expected));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aFileThatCannotBeOpenedIsNamed(Way way) {
        Path missing = folder.resolve("missing/file");
        for (Command command : new Command[]{BOTH.stdin(Stdio.from(missing)), BOTH.stdout(Stdio.to(missing)),
                BOTH.stderr(Stdio.append(missing))}) {
            assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> way.builder().spawn(command))
                    .satisfies(e -> {
                        assertThat(e.step()).isEqualTo(Step.OPEN_STREAM);
                        assertThat(e.errnoName()).isEqualTo("ENOENT");
                        assertThat(e.detail()).contains(missing.toString());
                    });
        }
    }

    @Test
    void filesAreNotLeftNonBlocking() throws Exception {
        Path in = Files.writeString(folder.resolve("in"), "content");
        Path report = folder.resolve("report");
        String script = "for fd in 0 1 2; do grep flags /proc/self/fdinfo/$fd; done > \"$1\"";
        Namespace.builder().run(Child.shell(script, report.toString()).stdin(Stdio.from(in))
                .stdout(Stdio.to(folder.resolve("out"))).stderr(Stdio.append(folder.resolve("err")))).orThrow();

        List<Integer> flags = Files.readAllLines(report).stream()
                .map(line -> Integer.parseInt(line.replaceAll("\\D", ""), 8)).toList();
        assertThat(flags).hasSize(3).allSatisfy(f -> assertThat(f & Linux.O_NONBLOCK).isZero());
        assertThat(flags.getLast() & Linux.O_APPEND).isNotZero();
    }

    // ---- FIFOs

    @ParameterizedTest
    @EnumSource(Way.class)
    void aFifoWithNobodyAtItsOtherEndIsRefusedAndHoldsNobodyUp(Way way) throws Exception {
        Path fifo = Child.fifo(folder);
        for (Command command : new Command[]{BOTH.stdin(Stdio.from(fifo)), BOTH.stdout(Stdio.to(fifo)),
                BOTH.stderr(Stdio.append(fifo))}) {
            assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> way.builder().spawn(command))
                    .satisfies(e -> {
                        assertThat(e.step()).isEqualTo(Step.OPEN_STREAM);
                        assertThat(e.errnoName()).isEqualTo("ENXIO");
                        assertThat(e.detail()).isEqualTo(fifo.toString());
                        assertThat(e.remedy()).hasValueSatisfying(remedy -> assertThat(remedy).contains("FIFO"));
                    });
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void theCommandWaitsForWhoWritesToAFifo(Way way) throws Exception {
        Path fifo = Child.fifo(folder);
        FileChannel writer = FileChannel.open(fifo, READ, WRITE);
        try (NamespaceProcess cat = way.namespace().spawn(Command.of("cat").stdin(Stdio.from(fifo)))) {
            try (writer) {
                long command = way.command(cat);
                Await.value("cat to wait", () -> Proc.statOf(command),
                        stat -> stat.name().equals("cat") && stat.state() == 'S');
                writer.write(UTF_8.encode("content"));
            }

            assertThat(cat.inputReader().readAllAsString()).isEqualTo("content");
            assertThat(cat.waitFor()).isZero();
        }
    }

    @Test
    void aFifoThatIsBeingReadIsWrittenTo() throws Exception {
        Path fifo = Child.fifo(folder);
        try (FileChannel reader = FileChannel.open(fifo, READ, WRITE)) {
            Namespace.builder().run(BOTH.stdout(Stdio.to(fifo)).stderr(Stdio.append(fifo))).orThrow();
            ByteBuffer content = ByteBuffer.allocate(100);
            while (content.position() < "1\n2\n3\n4\n".length()) {
                reader.read(content);
            }

            assertThat(UTF_8.decode(content.flip()).toString()).isEqualTo("1\n2\n3\n4\n");
        }
    }

    @Test
    void whoWaitsToOpenTheOtherEndOfAFifoIsFound() throws Exception {
        Path fifo = Child.fifo(folder);
        Process writer = new ProcessBuilder("sh", "-c", "echo content > \"$1\"", "sh", fifo.toString()).start();
        Await.until("the writer to wait", () -> Proc.statOf(writer.pid()).state() == 'S');

        assertThat(Child.says(Namespace.builder(), Command.of("cat").stdin(Stdio.from(fifo)))).isEqualTo("content");
        assertThat(writer.waitFor()).isZero();

        Process reader = new ProcessBuilder("cat", fifo.toString()).start();
        Await.until("the reader to wait", () -> Proc.statOf(reader.pid()).state() == 'S');
        Namespace.builder().run(BOTH.stdout(Stdio.to(fifo))).orThrow();

        assertThat(reader.inputReader().readAllAsString()).isEqualTo("1\n3\n");
        assertThat(reader.waitFor()).isZero();
    }

    @Test
    void aNamelessPipeThatNobodyWritesToHasAnEndAsEver() throws Exception {
        long pipe = Descriptors.pipe(Step.OPEN_STREAM, "");
        try {
            Path path = Path.of("/proc/self/fd/" + Descriptors.reading(pipe));
            Syscalls.close(Descriptors.writing(pipe));

            assertThat(Child.says(Namespace.builder(), Command.of("cat").stdin(Stdio.from(path)))).isEmpty();
        } finally {
            Syscalls.close(Descriptors.reading(pipe));
        }
    }

    // ---- discarded

    @ParameterizedTest
    @EnumSource(Way.class)
    void discardedStreamsAreTheNullDevice(Way way) throws Exception {
        Command command = Child.shell("cat; for fd in 0 1 2; do readlink /proc/self/fd/$fd; done > \"$1\"",
                folder.resolve("links").toString()).stdin(Stdio.discard()).stdout(Stdio.discard())
                .stderr(Stdio.discard());
        try (NamespaceProcess process = way.namespace().spawn(command)) {
            assertThat(process.waitFor()).isZero();
            assertThat(process.getInputStream().read()).isEqualTo(-1);
            assertThat(process.getErrorStream().read()).isEqualTo(-1);
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> process.getOutputStream().write(1));
        }
        assertThat(folder.resolve("links")).content(UTF_8).startsWith("/dev/null\n").endsWith("/dev/null\n");
    }

    // ---- merged

    @ParameterizedTest
    @EnumSource(Way.class)
    void mergedErrorsComeInTheOrderOfWriting(Way way) throws Exception {
        assertThat(Child.says(way.builder(), BOTH.stderr(Stdio.stdout()))).isEqualTo("1\n2\n3\n4");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void errorsAreMergedIntoAFileToo(Way way) throws Exception {
        Path file = folder.resolve("file");
        way.namespace().run(BOTH.stdout(Stdio.to(file)).stderr(Stdio.stdout())).orThrow();

        assertThat(file).hasContent("1\n2\n3\n4\n");
    }

    // ---- bytes

    @ParameterizedTest
    @EnumSource(Way.class)
    void bytesAreReadUpToTheirEnd(Way way) throws Exception {
        byte[] content = new byte[1 << 20];
        new Random(2).nextBytes(content);
        Command cat = Command.of("cat").outputLimit(2 << 20);

        assertThat(way.namespace().run(cat.stdin(Stdio.bytes(content))).stdoutBytes()).isEqualTo(content);
        assertThat(way.namespace().run(cat.stdin(Stdio.bytes(new byte[0]))).stdoutBytes()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void whoeverReadsTheBytesCannotChangeThem(Way way) throws Exception {
        Command command = Child.shell("""
                echo X >&0 && echo written
                echo X > /proc/self/fd/0 && echo truncated
                echo X >> /proc/self/fd/0 && echo appended
                cat""").stdin(Stdio.bytes("content".getBytes(UTF_8)));

        assertThat(way.namespace().run(command).stdout()).isEqualTo("content");
    }

    @Test
    void changingTheArrayAfterwardsChangesNothing() throws Exception {
        byte[] content = "content".getBytes(UTF_8);
        Command command = Command.of("cat").stdin(Stdio.bytes(content));
        Arrays.fill(content, (byte) 'x');

        assertThat(Child.says(Namespace.builder(), command)).isEqualTo("content");
        assertThat(Child.says(Namespace.builder(), command)).isEqualTo("content");
    }

    // ---- from ProcessBuilder

    @Test
    void aCommandOfAProcessBuilderDoesWhatItWouldDo() throws Exception {
        Path out = folder.resolve("out");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "pwd; echo $A; echo err >&2; cat")
                .directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(out.toFile())
                .redirectInput(Files.writeString(folder.resolve("in"), "input").toFile());
        builder.environment().put("A", "variable");
        builder.start().waitFor();
        String expected = Files.readString(out);
        Namespace.builder().user().pid().run(Command.from(builder)).orThrow();

        assertThat(out).hasContent(expected);
    }
}
