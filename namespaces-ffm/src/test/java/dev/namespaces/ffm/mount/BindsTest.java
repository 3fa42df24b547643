package dev.namespaces.ffm.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.MountFlag;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.spawn.Child;
import dev.namespaces.ffm.spawn.Proc;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Files and directories of the host in a mount namespace. */
class BindsTest extends MountTest {

    private static final String WRITE = "{ true > \"$1\"; } 2>&- && echo written || echo refused";

    @Test
    void aBindShowsADirectoryAndWritesThroughIt() throws Exception {
        Path host = directory("host");
        file("host/in", "content");
        NamespaceBuilder box = emptyBox(mount -> mount.bind(host, "/x"));

        assertThat(Child.script(box, "cat /x/in; : > /x/out")).isEqualTo("content");
        assertThat(names(host)).containsExactly("in", "out");
        Mounts.Mount mount = Mounts.in(box).at("/x");
        assertThat(host.toRealPath().toString()).endsWith(mount.root());
        assertThat(mount.flags()).contains("rw", "nosuid", "nodev").doesNotContain("ro", "noexec");
        assertThat(mount.propagation()).isEmpty();
    }

    @Test
    void aReadOnlyBindTakesNoWrites() throws Exception {
        Path host = directory("host");
        NamespaceBuilder box = emptyBox(mount -> mount.readOnlyBind(host, "/x"));

        assertThat(Child.script(box, WRITE, "/x/out")).isEqualTo("refused");
        assertThat(Mounts.in(box).at("/x").flags()).contains("ro", "nosuid", "nodev").doesNotContain("rw", "noexec");
        assertThat(names(host)).isEmpty();
    }

    @Test
    void aReadOnlyBindLeavesTheHostsMountAsItIs() throws Exception {
        Mounts before = Mounts.of(Proc.SELF);
        Child.says(emptyBox(mount -> mount.readOnlyBind(folder, "/x", MountFlag.NOEXEC)), "true");

        assertThat(Mounts.of(Proc.SELF)).isEqualTo(before);
        assertThat(file("written", "")).exists();
    }

    @Test
    void aDeviceBindLeavesDevicesUsable() throws Exception {
        NamespaceBuilder box = emptyBox(mount -> mount.deviceBind(Path.of("/dev/zero"), "/dev/zero")
                .bind(Path.of("/dev/zero"), "/closed"));

        Mounts mounts = Mounts.in(box);
        assertThat(mounts.at("/dev/zero").flags()).contains("nosuid").doesNotContain("nodev", "ro", "noexec");
        assertThat(mounts.at("/closed").flags()).contains("nodev");
        assertThat(Child.script(box, """
                head -c 3 /dev/zero | wc -c; head -c 3 /closed 2>/dev/null | wc -c""")).isEqualTo("3\n0");
    }

    @Test
    void everyFlagCanBeAddedToEveryBind() throws Exception {
        Path host = directory("host");
        Mounts mounts = Mounts.in(emptyBox(mount -> mount.bind(host, "/rw", MountFlag.NOEXEC)
                .bind(host, "/ro", MountFlag.READ_ONLY).readOnlyBind(host, "/noexec", MountFlag.NOEXEC)
                .deviceBind(host, "/device", MountFlag.READ_ONLY, MountFlag.NOEXEC, MountFlag.NODEV)));

        assertThat(mounts.at("/rw").flags()).contains("rw", "nosuid", "nodev", "noexec");
        assertThat(mounts.at("/ro").flags()).contains("ro", "nosuid", "nodev").doesNotContain("noexec");
        assertThat(mounts.at("/noexec").flags()).contains("ro", "nosuid", "nodev", "noexec");
        assertThat(mounts.at("/device").flags()).contains("ro", "nosuid", "nodev", "noexec");
    }

    /** The kernel locks what the host has said of access times. */
    @Test
    void accessTimesAreKeptFromChangingByTheHostsRootAlone() throws Exception {
        Path host = directory("host");
        NamespaceBuilder box = emptyBox(mount -> mount.bind(host, "/x", MountFlag.NOATIME));

        if (setting == Setting.ROOT) {
            assertThat(Mounts.in(box).at("/x").flags()).contains("noatime").doesNotContain("relatime");
        } else {
            assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> box.spawn("true"))
                    .withMessage("cannot set the mount flags of " + host + " on /x: Operation not permitted (EPERM);"
                            + " in a user namespace the access time setting of the host's mounts is locked: leave out NOATIME");
        }
    }

    @Test
    void whatCannotBeExecutedIsNot() throws Exception {
        Path host = directory("host");
        assertThat(file("host/program", "#!/bin/sh\necho it ran\n").toFile().setExecutable(true)).isTrue();

        assertThat(Child.script(emptyBox(mount -> mount.bind(host, "/may").bind(host, "/not", MountFlag.NOEXEC)),
                "/may/program; /not/program 2>&- || echo refused")).isEqualTo("it ran\nrefused");
    }

    @Test
    void aFileIsBoundToAFile() throws Exception {
        Path host = file("file", "one");
        NamespaceBuilder box = emptyBox(mount -> mount.bind(host, "/etc/deep/file").readOnlyBind(host, "/ro"));

        assertThat(Child.script(box, "cat /etc/deep/file; echo two > /etc/deep/file; " + WRITE, "/ro"))
                .isEqualTo("onerefused");
        assertThat(host).hasContent("two\n");
        assertThat(Mounts.in(box).at("/ro").flags()).contains("ro");
    }

    @Test
    void theSamePathOnBothSidesIsShort() throws Exception {
        String host = directory("host").toString();
        String other = directory("other").toString();
        String third = directory("third").toString();
        Mounts mounts = Mounts.in(emptyBox(mount -> mount.bind(host).readOnlyBind(other).deviceBind(third)));

        assertThat(mounts.at(host).flags()).contains("rw", "nodev");
        assertThat(mounts.at(other).flags()).contains("ro", "nodev");
        assertThat(mounts.at(third).flags()).contains("rw").doesNotContain("nodev");
    }

    @Test
    void whatIsMissingIsPassedOverIfThatIsAskedFor() throws Exception {
        Path missing = folder.resolve("missing");
        Path file = file("file", "");
        Path there = directory("there");
        Namespace box = emptyBox(mount -> mount.bindIfExists(missing, "/a").readOnlyBindIfExists(missing, "/b")
                .deviceBindIfExists(missing, "/c").bindIfExists(missing.toString())
                .readOnlyBindIfExists(missing.toString()).deviceBindIfExists(missing.toString())
                .bindIfExists(file.resolve("below"), "/d").bindIfExists(there, "/e").readOnlyBindIfExists(there, "/f")
                .deviceBindIfExists(there, "/g").bindIfExists(there.toString())).build();

        Mounts mounts = Mounts.in(box);
        assertThat(mounts.points()).doesNotContain("/a", "/b", "/c", "/d", missing.toString());
        assertThat(mounts.at("/e").flags()).contains("rw", "nodev");
        assertThat(mounts.at("/f").flags()).contains("ro", "nodev");
        assertThat(mounts.at("/g").flags()).contains("rw").doesNotContain("nodev");
        assertThat(mounts.at(there.toString()).flags()).contains("rw", "nodev");
        assertThat(Child.script(box, "ls -d /[a-d] 2>&- | cat")).as("no mount point was made either").isEmpty();
        Files.createDirectory(missing);
        assertThat(Mounts.in(box).points()).as("it is looked for at each spawn").contains("/a", "/b", "/c",
                missing.toString());
    }

    @Test
    void aDescriptorIsBoundByTheFileThatItIsOpenOn() throws Exception {
        Path file = file("file", "content");
        NamespaceBuilder box;
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            int descriptor = descriptorOf(file);
            box = emptyBox(mount -> mount.bindDescriptor(descriptor, "/x", MountFlag.NOEXEC)
                    .readOnlyBindDescriptor(descriptor, "/y"));
            assertThat(open.length()).isEqualTo(7);
        }

        assertThat(Child.script(box, "cat /x /y; echo more >> /x; " + WRITE, "/y")).isEqualTo("contentcontentrefused");
        assertThat(file).hasContent("contentmore\n");
        Mounts mounts = Mounts.in(box);
        assertThat(mounts.at("/x").flags()).contains("rw", "nosuid", "nodev", "noexec");
        assertThat(mounts.at("/y").flags()).contains("ro", "nosuid", "nodev");
    }

    @Test
    void aDescriptorWhosePathLeadsElsewhereByThenIsRefused() throws Exception {
        Path file = file("file", "right");
        Path wrong = file("wrong", "wrong");
        Namespace box;
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            int descriptor = descriptorOf(file);
            box = emptyBox(mount -> mount.bindDescriptor(descriptor, "/x")).build();
            assertThat(Child.script(box, "cat /x")).isEqualTo("right");
            assertThat(open.length()).isEqualTo(5);
        }
        Files.move(wrong, file, StandardCopyOption.REPLACE_EXISTING);

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> box.spawn("true"))
                .satisfies(e -> assertThat(e.step()).isEqualTo(Step.MOUNT_SOURCE)).withMessageContainingAll(
                        "cannot find the source " + file + " for /x: ", "ESTALE");
    }

    private static int descriptorOf(Path file) throws IOException {
        String path = file.toRealPath().toString();
        return Proc.descriptors(Proc.SELF).entrySet().stream().filter(entry -> entry.getValue().equals(path))
                .findFirst()
                .orElseThrow().getKey();
    }

    @Test
    void aSourceIsFoundThroughLinksAndDotsOnTheHost() throws Exception {
        Path host = directory("a/b");
        file("a/found", "found");
        Path link = Files.createSymbolicLink(folder.resolve("link"), host);

        assertThat(Child.script(emptyBox(mount -> mount.bind(link.resolve("../found"), "/x")), "cat /x"))
                .isEqualTo("found");
    }

    /** Even where the link climbs above the root, as the new root is not mounted over it yet. */
    @Test
    void aLinkThatClimbsAboveTheRootEndsThere() throws Exception {
        Path file = file("file", "found").toRealPath();
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("../".repeat(40) + file));

        assertThat(Child.script(emptyBox(mount -> mount.bind(link, "/x")), "cat /x")).isEqualTo("found");
    }

    @Test
    void theHostsRootCanBeBoundWithAllThatIsMountedThere() throws Exception {
        file("file", "found");
        Namespace box = emptyBox(mount -> mount.readOnlyBind(Path.of("/"), "/host").tmpfs("/host/tmp")).build();

        Mounts mounts = Mounts.in(box);
        // One that is wholly covered by another cannot be reached by any path, so it is only with mount_setattr(2) that it gets flags.
        assertThat(mounts.below("/host").all()).filteredOn(mount -> !mount.point().equals("/host/tmp"))
                .filteredOn(mount -> setting != Setting.NO_ATTRIBUTES || mounts.all().stream()
                        .noneMatch(other -> other.parent().equals(mount.id()) && other.point().equals(mount.point())))
                .allSatisfy(mount -> assertThat(mount.flags()).contains("ro", "nosuid", "nodev"));
        assertThat(mounts.below("/host").points())
                .containsAll(Mounts.of(Proc.SELF).below("").points().stream().filter(point -> !point.equals("/"))
                        .map(point -> "/host" + point).toList());
        assertThat(Child.script(emptyBox(mount -> mount.readOnlyBind(Path.of("/"), "/host")), "cat \"$1\"",
                "/host" + folder.resolve("file"))).isEqualTo("found");
    }

    @Test
    void laterStepsGoOverEarlierOnes() throws Exception {
        Path one = directory("one");
        file("one/name", "one");
        Path two = directory("two");
        file("two/name", "two");

        assertThat(Child.script(emptyBox(mount -> mount.bind(one, "/x").bind(two, "/x")), "cat /x/name"))
                .isEqualTo("two");
        assertThat(Child.script(emptyBox(mount -> mount.bind(one, "/x").tmpfs("/x").bind(two, "/x/y")),
                "ls /x; cat /x/y/name")).isEqualTo("y\ntwo");
        assertThat(Child.script(emptyBox(mount -> mount.bind(two, "/x/y").tmpfs("/x")), "ls /x")).isEmpty();
        assertThat(Mounts.in(emptyBox(mount -> mount.bind(one, "/x").tmpfs("/x").bind(two, "/x"))).stack("/x"))
                .hasSize(3).element(1).extracting(Mounts.Mount::type).isEqualTo("tmpfs");
    }

    @Test
    void aMissingMountPointIsMadeInABindOnTheHost() throws Exception {
        Path host = directory("host");
        Path file = file("file", "content");

        assertThat(Child.script(emptyBox(mount -> mount.bind(host, "/x").bind(file, "/x/y/z")), "cat /x/y/z"))
                .isEqualTo("content");
        assertThat(names(host)).containsExactly("y");
        assertThat(host.resolve("y/z")).isEmptyFile();
        assertThat(mode(host.resolve("y/z"))).isEqualTo("rw-r--r--");
    }

    @Test
    void atMostOneBindForEachLineIsMounted() throws Exception {
        Path host = directory("host");
        Mounts mounts = Mounts.in(emptyBox(mount -> mount.bind(host, "/x").bind(host, "/y")));

        assertThat(mounts.outside("/usr").points()).filteredOn(point -> !point.matches("/(s?bin|lib.*)"))
                .containsExactlyInAnyOrder("/", "/x", "/y");
        assertThat(Set.copyOf(mounts.points())).hasSameSizeAs(mounts.points());
    }
}
