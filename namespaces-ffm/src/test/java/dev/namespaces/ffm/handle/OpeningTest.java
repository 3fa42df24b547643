package dev.namespaces.ffm.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Tool;
import dev.namespaces.ffm.spawn.Child;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import dev.namespaces.ffm.spawn.Proc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways to a handle, and what does not lead to one. */
@ExtendWith(LeavesNothingBehind.class)
class OpeningTest {

    private static final Namespace ALL = Namespace.builder().create(EnumSet.allOf(NamespaceKind.class)).build();

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(NamespaceKind.class)
    void theIdIsWhatStatSays(NamespaceKind kind) throws Exception {
        try (NamespaceProcess process = Child.ready(ALL, "echo ready; cat");
                NamespaceHandle handle = NamespaceHandle.of(kind, process)) {
            assertThat(handle.kind()).isEqualTo(kind);
            assertThat(handle.id()).isEqualTo(Stat.id(Proc.path(process.commandPid(), "ns/" + kind.procName())));
            assertThat(handle).hasToString(Proc.namespaces(process.commandPid()).get(kind));
        }
    }

    @ParameterizedTest
    @EnumSource(NamespaceKind.class)
    void everyWayLeadsToTheSameNamespace(NamespaceKind kind) throws Exception {
        try (NamespaceProcess process = Child.ready(ALL, "echo ready; cat")) {
            long pid = process.commandPid();
            ProcessHandle command = ProcessHandle.of(pid).orElseThrow();
            try (NamespaceHandle one = NamespaceHandle.of(kind, process);
                    NamespaceHandle byNumber = NamespaceHandle.of(kind, pid);
                    NamespaceHandle byHandle = NamespaceHandle.of(kind, command);
                    NamespaceHandle byPath = NamespaceHandle.of(Proc.path(pid, "ns/" + kind.procName()));
                    NamespaceHandle own = NamespaceHandle.ofCurrentThread(kind)) {
                assertThat(one).isEqualTo(byNumber).hasSameHashCodeAs(byNumber).isEqualTo(byHandle).isEqualTo(byPath)
                        .isNotEqualTo(own);
                assertThat(own.id()).isEqualTo(Stat.id(Proc.path(Proc.SELF, "ns/" + kind.procName())));
            }
        }
    }

    @Test
    void aProcessOfTheJdksIsOneToo() throws Exception {
        Process cat = new ProcessBuilder("cat").start();
        try (NamespaceHandle handle = NamespaceHandle.of(NamespaceKind.NET, cat);
                NamespaceHandle own = NamespaceHandle.ofCurrentThread(NamespaceKind.NET)) {
            assertThat(handle).isEqualTo(own);
        } finally {
            Child.finish(cat);
        }
    }

    @Test
    void aDescriptorIsDuplicated() throws Exception {
        try (Handle handle = (Handle) NamespaceHandle.ofCurrentThread(NamespaceKind.UTS);
                Handle.Use use = handle.use()) {
            try (Handle copy = (Handle) NamespaceHandle.ofDescriptor(use.descriptor()); Handle.Use used = copy.use()) {
                assertThat(copy).isEqualTo(handle);
                assertThat(Proc.descriptors(Proc.SELF)).containsEntry(used.descriptor(), handle.toString());
            }
            assertThat(Proc.descriptors(Proc.SELF)).containsEntry(use.descriptor(), handle.toString());
        }
    }

    @Test
    void aSymbolicLinkIsFollowed() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Proc.path(Proc.SELF, "ns/net"));

        try (NamespaceHandle handle = NamespaceHandle.of(link)) {
            assertThat(handle.id()).isEqualTo(Stat.id(link));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "/proc/self/ns", "/proc/self/status", "/dev/tty", "/dev/null"})
    void whatIsNoNamespaceIsSaidToBeNone(String path) {
        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> NamespaceHandle.of(Path.of(path)))
                .matches(e -> e.step() == Step.OPEN_NAMESPACE && e.errno() == Errno.EINVAL)
                .withMessageStartingWith(
                        "cannot open the namespace " + path + ": Invalid argument (EINVAL); this is no namespace");
    }

    @Test
    void aFifoThatNobodyWritesToHoldsNobodyUp() throws IOException {
        Path fifo = directory.resolve("fifo");
        Tool.run("mkfifo", fifo);

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> NamespaceHandle.of(fifo))
                .matches(e -> e.errno() == Errno.EINVAL);
    }

    @Test
    void aMissingPathIsAnError() {
        Path missing = directory.resolve("missing");

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> NamespaceHandle.of(missing))
                .withMessage("cannot open the namespace " + missing + ": No such file or directory (ENOENT)");
        assertThatIllegalArgumentException().isThrownBy(() -> NamespaceHandle.of(Path.of("")));
    }

    @Test
    void aDescriptorThatIsNotOpenOrOnSomethingElseIsAnError() {
        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> NamespaceHandle.ofDescriptor(1_000_000))
                .withMessage("cannot open the namespace of descriptor 1000000: Bad file descriptor (EBADF)");
        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> NamespaceHandle.ofDescriptor(-1))
                .matches(e -> e.errno() == Errno.EBADF);
        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> NamespaceHandle.ofDescriptor(0))
                .withMessageStartingWith(
                        "cannot open the namespace of descriptor 0: Invalid argument (EINVAL); this is no namespace");
    }

    @Test
    void aClosedHandleIsRefused() throws Exception {
        NamespaceHandle handle = NamespaceHandle.ofCurrentThread(NamespaceKind.USER);
        String name = handle.toString();
        handle.close();
        handle.close();

        String message = "the handle of " + name + " is closed";
        assertThatIllegalStateException().isThrownBy(handle::id).withMessage(message);
        assertThatIllegalStateException().isThrownBy(handle::owner).withMessage(message);
        assertThatIllegalStateException().isThrownBy(handle::parent).withMessage(message);
        assertThatIllegalStateException().isThrownBy(handle::creatorUid).withMessage(message);
        assertThatIllegalStateException().isThrownBy(() -> handle.pin(directory.resolve("pin"))).withMessage(message);
        assertThat(directory).isEmptyDirectory();
        assertThat(handle).hasToString(name);
        assertThat(handle.kind()).isEqualTo(NamespaceKind.USER);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1L << 31, (1L << 32) + 1})
    void whatCannotBeAProcesssNumberIsRefused(long pid) {
        assertThatIllegalArgumentException().isThrownBy(() -> NamespaceHandle.of(NamespaceKind.NET, pid))
                .withMessageEndingWith(": " + pid);
    }
}
