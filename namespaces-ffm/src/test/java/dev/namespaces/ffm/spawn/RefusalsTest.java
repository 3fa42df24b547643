package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.Stdio;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands that cannot be executed: each is refused by the spawn itself, and leaves nothing behind, whichever way it went. */
@ExtendWith(LeavesNothingBehind.class)
class RefusalsTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Way.class)
    void aMissingProgram(Way way) {
        String missing = folder.resolve("missing").toString();

        assertRefused(way, Command.of(missing), Step.EXECUTE, "ENOENT", missing, "");
        assertRefused(way, Command.of(missing + "/program"), Step.EXECUTE, "ENOENT", missing, "");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aProgramThatIsNotInPath(Way way) {
        assertRefused(way, Command.of("no-such-program").environment("PATH", "/nowhere:" + folder), Step.EXECUTE,
                "ENOENT",
                "no-such-program", "no such program in PATH=/nowhere:" + folder);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aProgramBelowSomethingThatIsNoFolder(Way way) throws IOException {
        String program = file("file", "", "rw-r--r--") + "/program";

        assertRefused(way, Command.of(program), Step.EXECUTE, "ENOTDIR", program, "");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aFileThatIsNotExecutable(Way way) throws IOException {
        String file = file("file", "#!/bin/sh\n", "rw-r--r--");

        assertRefused(way, Command.of(file), Step.EXECUTE, "EACCES", file, "chmod +x");
        assertRefused(way, Command.of("file").environment("PATH", folder.toString()), Step.EXECUTE, "EACCES", "file",
                "may not be executed");
        assertRefused(way, Command.of("./file").directory(folder.toString()), Step.EXECUTE, "EACCES", "./file",
                "chmod +x");
    }

    @Test
    void aFolderOfPathThatIsClosedToTheUserIsNotTakenForAFile() throws Exception {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        String outcome = ChildJvm.of(SearchesIn.class, closed.toString()).asOrdinaryUser().output();

        assertThat(outcome).startsWith("EXECUTE EACCES ").doesNotContain("a file of this name is in PATH");
    }

    /** Looks for a program in one folder. */
    static final class SearchesIn {
        static void main(String[] arguments) throws Exception {
            System.out
                    .println(Attempt.of(Namespace.builder(), Command.of("program").environment("PATH", arguments[0])));
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aDirectoryAsProgram(Way way) {
        assertRefused(way, Command.of(folder.toString()), Step.EXECUTE, "EACCES", folder.toString(), "is a directory");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aFileOfNoKnownFormat(Way way) throws IOException {
        String file = file("file", "echo no first line\n", "rwxr-xr-x");

        assertRefused(way, Command.of(file), Step.EXECUTE, "ENOEXEC", file, "#!/bin/sh");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aScriptWhoseInterpreterIsMissing(Way way) throws IOException {
        String file = file("file", "#!/no/such/interpreter\n", "rwxr-xr-x");

        assertRefused(way, Command.of(file), Step.EXECUTE, "ENOENT", file, "interpreter in its first line");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aWorkingDirectoryThatIsMissingOrNone(Way way) throws IOException {
        String missing = folder.resolve("missing").toString();
        String file = file("file", "", "rw-r--r--");

        assertRefused(way, Command.of("true").directory(missing), Step.CHANGE_DIRECTORY, "ENOENT", missing, "");
        assertRefused(way, Command.of("true").directory(file), Step.CHANGE_DIRECTORY, "ENOTDIR", file, "");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void argumentsThatAreTooLong(Way way) {
        assertRefused(way, Command.of("/bin/true", "x".repeat(200_000)), Step.EXECUTE, "E2BIG", "/bin/true", "128 KiB");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void streamsThatWereOpenedAlreadyAreClosedAgain(Way way) {
        Command command = Command.of("no-such-program").stdin(Stdio.bytes(new byte[10]))
                .stdout(Stdio.to(folder.resolve("out"))).environment("PATH", folder.toString());

        assertRefused(way, command, Step.EXECUTE, "ENOENT", "no-such-program", "no such program in PATH=" + folder);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aRefusalDoesNotSpoilTheNextSpawn(Way way) throws Exception {
        Namespace namespace = way.namespace();
        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> namespace.spawn("no-such-program"));
            assertThat(Child.says(namespace, "echo", "fine")).isEqualTo("fine");
        }
    }

    @Test
    void nulIsRefusedBeforeAnythingIsStarted() {
        for (ThrowingCallable call : new ThrowingCallable[]{() -> Command.of("pro\0gram"),
                () -> Command.of("program", "argu\0ment"), () -> Command.of("program").environment("A\0", "b"),
                () -> Command.of("program").environment("A", "b\0"), () -> Command.of("program").directory("/\0")}) {
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(call).withMessageContaining("NUL");
        }
    }

    private String file(String name, String content, String mode) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode)).toString();
    }

    private static void assertRefused(Way way, Command command, Step step, String errno, String detail, String remedy) {
        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> way.builder().spawn(command))
                .withMessageContainingAll(errno, detail).satisfies(e -> {
                    assertThat(e.step()).isEqualTo(step);
                    assertThat(e.errnoName()).isEqualTo(errno);
                    assertThat(e.detail()).contains(detail);
                    if (remedy.isEmpty()) {
                        assertThat(e.remedy()).isEmpty();
                    } else {
                        assertThat(e.remedy().orElse("")).contains(remedy);
                    }
                });
    }
}
