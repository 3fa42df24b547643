package dev.namespaces.ffm.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.namespaces.IdRange;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.KernelVersion;
import dev.namespaces.ffm.linux.OrdinaryUser;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.spawn.Child;
import dev.namespaces.ffm.spawn.Filter;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Idmapped binds, which take the host's root and a file system that knows them. */
@ExtendWith(LeavesNothingBehind.class)
class IdmappedAsRootTest {

    private static final Set<String> CAPABLE = Set.of("ext4", "xfs", "btrfs");
    private static final List<IdRange> USERS = List.of(new IdRange(0, 5000, 100), new IdRange(200, 7000, 1));
    private static final List<IdRange> GROUPS = List.of(new IdRange(0, 6000, 100));

    @TempDir
    Path folder;

    @BeforeEach
    void assumeThatItIsPossible() throws IOException {
        assumeFalse(OrdinaryUser.isSelf(), "idmapped mounts of the host's files take root");
        assumeTrue(KernelVersion.running().atLeast(5, 12), "idmapped mounts take Linux 5.12");
        assumeTrue(CAPABLE.contains(Files.getFileStore(folder).type()),
                "the temporary folder's file system knows none");
    }

    @Test
    void ownersAreShownAsMappedAndWhatIsMadeInsideIsStoredTheOtherWayRound() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Files.setAttribute(Files.createFile(folder.resolve("other")), "unix:uid", 200);
        Files.setAttribute(folder.resolve("other"), "unix:gid", 99);
        Files.setAttribute(Files.createFile(folder.resolve("nobodys")), "unix:uid", 150);

        String owners = Child.script(box(Namespace.builder()), """
                cd /mapped; stat -c '%n %u %g' file other nobodys; chown 5042:6042 file""");

        assertThat(owners).isEqualTo("file 5000 6000\nother 7000 6099\nnobodys 65534 6000");
        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(42);
        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(42);
    }

    @Test
    void thereMayBeManyOfThem() throws Exception {
        NamespaceBuilder box = Namespace.builder().mount(mount -> mount.emptyRoot().readOnlyBind("/usr")
                .symlink("usr/bin", "/bin").symlink("usr/lib", "/lib").symlink("usr/lib64", "/lib64"));
        for (int i = 0; i < 20; i++) {
            Path source = Files.createDirectory(folder.resolve("source" + i));
            Files.createFile(source.resolve("file" + i));
            int number = i;
            box.mount(mount -> mount.idmappedBind(source, "/mnt/" + number, USERS, GROUPS));
        }
        String owners = Child.script(box, "stat -c '%n %u' /mnt/*/file*");

        assertThat(owners.lines()).hasSize(20).allSatisfy(line -> assertThat(line).endsWith(" 5000"))
                .contains("/mnt/0/file0 5000", "/mnt/19/file19 5000");
    }

    @Test
    void inAUserNamespaceTheyMeetItsMaps() throws Exception {
        Files.createFile(folder.resolve("file"));
        NamespaceBuilder mapped = Namespace.builder().pid().user(user -> user.map(0, 5000, 100));

        String owner = Child.script(
                mapped.mount(mount -> mount.tmpfs("/mnt").idmappedBind(folder, "/mnt/mapped", USERS,
                        List.of(new IdRange(0, 5000, 100)))),
                "stat -c '%u %g' /mnt/mapped/file; touch /mnt/mapped/new");

        assertThat(owner).isEqualTo("0 0");
        assertThat(Files.getAttribute(folder.resolve("new"), "unix:uid")).isEqualTo(0);
    }

    @Test
    void aMissingSourceNamesItself() {
        Path missing = folder.resolve("missing");
        Namespace box = Namespace.builder().mount(mount -> mount.idmappedBind(missing, "/mnt", USERS, GROUPS)).build();

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> box.run("true"))
                .withMessageContaining(missing + " for /mnt: No such file or directory (ENOENT)")
                .satisfies(e -> assertThat(e.step()).isEqualTo(Step.MOUNT_SOURCE));
    }

    /** And the pipe at which its process would have waited is closed: the extension counts. */
    @Test
    void aUserNamespaceThatCannotBeMadeIsToldAsWhatItIsFor() throws Exception {
        Namespace box = box(Namespace.builder());

        String message = Filter.refusing(Sys.CLONE3, Errno.ENOSYS, () -> {
            try {
                return box.run("true").toString();
            } catch (NamespaceException e) {
                return e.getMessage();
            }
        });

        assertThat(message).isEqualTo("cannot map user and group ids (a user namespace for an idmapped mount):"
                + " Function not implemented (ENOSYS)");
    }

    private Namespace box(NamespaceBuilder builder) {
        return builder.mount(mount -> mount.emptyRoot().readOnlyBind("/usr").symlink("usr/bin", "/bin")
                .symlink("usr/lib", "/lib").symlink("usr/lib64", "/lib64")
                .idmappedBind(folder, "/mapped", USERS, GROUPS))
                .build();
    }
}
