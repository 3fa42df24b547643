package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Stdio;
import dev.namespaces.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
