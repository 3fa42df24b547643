package dev.namespaces.ffm.mount;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.Command;
import dev.namespaces.MountConfig;
import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is said of what cannot be mounted or made: the step, the path, and what to do if that is known. */
class RefusedMountsTest extends MountTest {

    private static final byte[] HELLO = "hello\n".getBytes(UTF_8);

    private static final String READ_ONLY = "; it would lie in what is mounted read-only by then: put it first, or make it in the source";

    private List<String> before;

    @BeforeEach
    void makeSomeFiles() throws Exception {
        rootDirectory();
        directory("dir");
        file("file", "content");
        Files.createSymbolicLink(folder.resolve("root/dangling"), Path.of("nowhere/at/all"));
        Files.createSymbolicLink(folder.resolve("root/loop"), Path.of("loop"));
        Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        Files.writeString(folder.resolve("root/file"), "content");
        before = Listing.of(folder);
    }

    @AfterEach
    void nothingWasChanged() throws Exception {
        assertThat(Listing.of(folder)).isEqualTo(before);
    }

    private Path at(String name) {
        return folder.resolve(name);
    }

    @Test
    void aMissingSourceNamesItself() {
        assertRefused(mount -> mount.bind(at("missing"), "/x"), Step.MOUNT_SOURCE,
                "cannot find the source " + at("missing") + " for /x: No such file or directory (ENOENT)");
        assertRefused(mount -> mount.readOnlyBind(at("missing/deep"), "/x"), Step.MOUNT_SOURCE,
                "cannot find the source " + at("missing/deep") + " for /x: No such file or directory (ENOENT)");
        assertRefused(mount -> mount.bind(at("missing").toString()), Step.MOUNT_SOURCE,
                "cannot find the source " + at("missing") + ": No such file or directory (ENOENT)");
        assertRefused(mount -> mount.bind(at("file/below"), "/x"), Step.MOUNT_SOURCE,
                "cannot find the source " + at("file/below") + " for /x: Not a directory (ENOTDIR)");
        assertRefused(mount -> mount.bind(at("loop"), "/x"), Step.MOUNT_SOURCE,
                "cannot find the source " + at("loop") + " for /x: Too many levels of symbolic links (ELOOP)");
    }

    @Test
    void aMissingRootOrOneThatIsNoDirectoryNamesItself() {
        assertThatRefused(box -> box.root(at("missing")), Step.MOUNT_SOURCE, "cannot find the source " + at("missing")
                + " for the root directory: No such file or directory (ENOENT)");
        assertThatExceptionOfType(NamespaceException.class)
                .isThrownBy(() -> box(mount -> mount.root(at("file"))).spawn("true"))
                .withMessageStartingWith("cannot mount " + at("file") + " on /: ")
                .satisfies(e -> assertThat(e.remedy()).contains("the root must be a directory"));
    }

    @Test
    void aMissingLayerNamesItself() {
        if (!hasOverlays()) {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> emptyBox(mount -> mount.temporaryOverlay(List.of(at("missing")), "/x")).build());
            return;
        }
        assertRefused(mount -> mount.temporaryOverlay(List.of(at("dir"), at("missing")), "/x"), Step.MOUNT_SOURCE,
                "cannot find the source " + at("missing")
                        + " for the overlay on /x: No such file or directory (ENOENT)");
        assertRefused(mount -> mount.overlay(List.of(at("dir")), at("file"), at("missing"), "/x"), Step.MOUNT_SOURCE,
                "cannot find the source " + at("file") + " for the overlay on /x: Not a directory (ENOTDIR)");
    }

    @Test
    void aFileIsNotMountedOnADirectoryNorTheOtherWayRound() {
        String error = setting == Setting.OLD_CALLS ? "Not a directory (ENOTDIR)" : "Invalid argument (EINVAL)";
        assertRefused(mount -> mount.tmpfs("/x").bind(at("file"), "/x"), Step.MOUNT,
                "cannot mount " + at("file") + " on /x: " + error + "; a file can be mounted on a file only");
        assertRefused(mount -> mount.bind(at("file"), "/x").bind(at("dir"), "/x"), Step.MOUNT,
                "cannot mount " + at("dir") + " on /x: " + error + "; a directory can be mounted on a directory only");
        assertRefused(mount -> mount.file("/x", HELLO, 0600).tmpfs("/x/y"), Step.MOUNT_POINT,
                "cannot find or make the mount point /x/y: Not a directory (ENOTDIR); a file is where a directory should be");
        assertRefused(mount -> mount.file("/x", HELLO, 0600).tmpfs("/x"), Step.MOUNT_POINT,
                "cannot find or make the mount point /x: Not a directory (ENOTDIR); a file is where a directory should be");
        assertRefused(mount -> mount.directory("/x").bindData("/x", HELLO, 0600), Step.MOUNT,
                "cannot mount 6 bytes on /x: " + error);
    }

    @Test
    void withTheHostsRootAMissingMountPointIsRefused() {
        String missing = at("missing").toString();
        for (String target : List.of(missing, missing + "/deep")) {
            assertThatRefused(mount -> mount.tmpfs(target), Step.MOUNT_POINT,
                    "cannot find or make the mount point " + target
                            + ": No such file or directory (ENOENT); with the host's root nothing is made on the host:"
                            + " make it there yourself, or mount a tmpfs above it first");
            assertThatRefused(mount -> mount.bind(at("file"), target), Step.MOUNT_POINT,
                    "cannot find or make the mount point " + target
                            + ": No such file or directory (ENOENT); with the host's root nothing is made on the host:"
                            + " make it there yourself, or mount a tmpfs above it first");
        }
        assertThatRefused(mount -> mount.directory(missing), Step.MOUNT_POINT,
                "cannot find or make the mount point " + missing
                        + ": No such file or directory (ENOENT); with the host's root nothing is made on the host:"
                        + " make it there yourself, or mount a tmpfs above it first");
    }

    @Test
    void nothingIsMadeWhereNothingCanBeWritten() {
        assertRefused(mount -> mount.readOnlyBind(at("dir"), "/x").tmpfs("/x/y"), Step.MOUNT_POINT,
                "cannot find or make the mount point /x/y: Read-only file system (EROFS)" + READ_ONLY);
        assertRefused(mount -> mount.readOnlyBind(at("dir"), "/x").file("/x/y", HELLO, 0600), Step.MAKE_FILE,
                "cannot make /x/y: Read-only file system (EROFS)" + READ_ONLY);
        assertRefused(mount -> mount.readOnlyBind(at("dir"), "/x").symlink("z", "/x/y"), Step.MAKE_FILE,
                "cannot make /x/y: Read-only file system (EROFS)" + READ_ONLY);
        assertRefused(mount -> mount.tmpfs("/x").remountReadOnly("/x").directory("/x/y"), Step.MOUNT_POINT,
                "cannot find or make the mount point /x/y: Read-only file system (EROFS)" + READ_ONLY);
        assertRefused(mount -> mount.readOnlyBind(at("file"), "/x").chmod("/x", 0), Step.SET_MODE,
                "cannot set the permissions of /x: Read-only file system (EROFS)");
    }

    @Test
    void aLinkThatLeadsNowhereIsNoMountPoint() {
        assertThatRefused(mount -> Programs.show(mount.root(at("root"))).tmpfs("/dangling"), Step.MOUNT_POINT,
                "cannot find or make the mount point /dangling: No such file or directory (ENOENT); a symbolic link there leads to what is not there");
        assertThatRefused(mount -> Programs.show(mount.root(at("root"))).bind(at("file"), "/dangling"),
                Step.MOUNT_POINT,
                "cannot find or make the mount point /dangling: No such file or directory (ENOENT); a symbolic link there leads to what is not there");
        assertThatRefused(mount -> Programs.show(mount.root(at("root"))).tmpfs("/loop/x"), Step.MOUNT_POINT,
                "cannot find or make the mount point /loop/x: Too many levels of symbolic links (ELOOP)");
    }

    @Test
    void whatIsThereAlreadyIsNotMadeAnew() {
        assertThatRefused(mount -> Programs.show(mount.root(at("root"))).symlink("x", "/file"), Step.MAKE_FILE,
                "cannot make /file: File exists (EEXIST); something of this name is there already");
        assertThatRefused(mount -> Programs.show(mount.root(at("root"))).symlink("nowhere/at/all", "/dangling"),
                Step.MAKE_FILE, "cannot make /dangling: File exists (EEXIST); something of this name is there already");
        assertThatRefused(mount -> Programs.show(mount.root(at("root"))).file("/file", HELLO, 0600), Step.MAKE_FILE,
                "cannot make /file: File exists (EEXIST); something of this name is there already");
        assertThatRefused(mount -> Programs.show(mount.root(at("root"))).file("/dangling", HELLO, 0600), Step.MAKE_FILE,
                "cannot make /dangling: File exists (EEXIST); something of this name is there already");
    }

    @Test
    void permissionsOfWhatIsMissingAreRefused() {
        assertRefused(mount -> mount.chmod("/missing", 0600), Step.SET_MODE,
                "cannot set the permissions of /missing: No such file or directory (ENOENT)");
    }

    @Test
    void aFileThatDoesNotFitIsRefused() {
        assertRefused(mount -> mount.tmpfs("/x", 4096, 0700).file("/x/y", new byte[100_000], 0600), Step.MAKE_FILE,
                "cannot make /x/y: No space left on device (ENOSPC)");
    }

    @Test
    void aProgramThatIsNotInTheNewRootIsSoughtThere() {
        Command command = Command.of("no-such-program").environment("PATH", "/usr/bin:/bin");
        for (Command program : List.of(command, Command.of("true").environment("PATH", "/nowhere"))) {
            assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> emptyBox(_ -> {}).spawn(program))
                    .satisfies(e -> assertThat(e.step()).isEqualTo(Step.EXECUTE))
                    .satisfies(e -> assertThat(e.remedy().orElse("")).startsWith("no such program in PATH=/")
                            .endsWith(" inside the new root"));
        }
    }

    /** It is on the host, but that does not help. */
    @Test
    void aPathThatIsTheHostsAloneIsNotFound() throws Exception {
        Path host = at("file");
        assertThat(host.toFile().setExecutable(true)).isTrue();
        before = Listing.of(folder);
        assertThatExceptionOfType(NamespaceException.class)
                .isThrownBy(() -> emptyBox(_ -> {}).spawn(host.toString()))
                .withMessage(
                        "cannot execute " + host + ": No such file or directory (ENOENT); it is sought in the new root,"
                                + " with the interpreter in its first line, or its ELF loader: bind what is missing");
    }

    @Test
    void aWorkingDirectoryThatIsTheHostsAloneIsNotFound() {
        assertThatExceptionOfType(NamespaceException.class)
                .isThrownBy(() -> emptyBox(_ -> {}).spawn(Command.of("true").directory(folder.toString())))
                .satisfies(e -> assertThat(e.step()).isEqualTo(Step.CHANGE_DIRECTORY))
                .withMessageStartingWith(
                        "cannot change to the working directory " + folder + ": No such file or directory");
    }

    private void assertRefused(Consumer<MountConfig> files, Step step, String message) {
        assertThatRefused(mount -> files.accept(Programs.make(mount.emptyRoot())), step, message);
    }

    private void assertThatRefused(Consumer<MountConfig> files, Step step, String message) {
        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> box(files).spawn("true").close())
                .withMessage(message).satisfies(e -> assertThat(e.step()).isEqualTo(step));
    }
}
