package dev.namespaces.ffm.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.spawn.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What takes rights away from files that are there. */
class ProtectionTest extends MountTest {

    private static final String WRITE = "{ true > \"$1\"; } 2>&- && echo written || echo refused";

    @Test
    void aRemountMakesOneMountReadOnlyWithoutThoseBelow() throws Exception {
        Namespace box = emptyBox(mount -> mount.tmpfs("/x").tmpfs("/x/y").remountReadOnly("/x").tmpfs("/tmp")
                .remountReadOnly("/")).build();

        Mounts mounts = Mounts.in(box);
        assertThat(mounts.at("/").flags()).contains("ro", "nosuid", "nodev");
        assertThat(mounts.at("/x").flags()).contains("ro", "nosuid", "nodev");
        assertThat(mounts.at("/x/y").flags()).contains("rw");
        assertThat(mounts.at("/tmp").flags()).contains("rw");
        for (String path : List.of("/new", "/x/new")) {
            assertThat(Child.script(box, WRITE, path)).as(path).isEqualTo("refused");
        }
        assertThat(Child.script(box, WRITE, "/x/y/new")).isEqualTo("written");
    }

    @Test
    void aRemountOfWhatIsNoMountIsRefused() throws Exception {
        assertThatExceptionOfType(NamespaceException.class)
                .isThrownBy(() -> emptyBox(mount -> mount.directory("/x").remountReadOnly("/x")).spawn("true"))
                .withMessageStartingWith("cannot set the mount flags of /x: Invalid argument (EINVAL)");
        assertThatExceptionOfType(NamespaceException.class)
                .isThrownBy(() -> emptyBox(mount -> mount.remountReadOnly("/missing")).spawn("true"))
                .withMessage("cannot set the mount flags of /missing: No such file or directory (ENOENT)");
    }

    @Test
    void aMaskedDirectoryIsEmptyAndAMaskedFileIsTheNullDevice() throws Exception {
        directory("dir");
        file("dir/secret", "secret");
        file("file", "secret");
        NamespaceBuilder box = emptyBox(mount -> mount.bind(folder, "/x").mask("/x/dir").mask("/x/file"));

        assertThat(
                Child.script(box, "ls -A /x/dir; stat -c '%F %a' /x/dir; stat -c '%F %t %T' /x/file; wc -c < /x/file"))
                .isEqualTo("directory 555\ncharacter special file 1 3\n0");
        assertThat(Child.script(box, WRITE, "/x/dir/new")).isEqualTo("refused");
        Mounts.Mount directory = Mounts.in(box).at("/x/dir");
        assertThat(directory.type()).isEqualTo("tmpfs");
        assertThat(directory.flags()).contains("ro", "nosuid", "nodev", "noexec");
        assertThat(folder.resolve("dir/secret")).hasContent("secret");
        assertThat(folder.resolve("file")).hasContent("secret");
    }

    @Test
    void whatIsNotThereNeedsNoProtection() throws Exception {
        NamespaceBuilder box = emptyBox(mount -> mount.mask("/a").mask("/b/c").readOnlyPath("/d").mask("/proc/x")
                .readOnlyPath("/sys/y"));

        assertThat(Child.script(box, "ls -d /[abd] /proc /sys 2>&- | cat")).isEmpty();
        assertThat(Child.script(emptyBox(mount -> mount.proc().mask("/proc/no-such").readOnlyPath("/proc/no/such")),
                "echo fine")).isEqualTo("fine");
    }

    @Test
    void aReadOnlyPathIsReadOnlyWithAllThatIsMountedBelow() throws Exception {
        Path host = directory("host");
        file("host/file", "content");
        NamespaceBuilder box = emptyBox(mount -> mount.bind(host, "/x").tmpfs("/x/a").tmpfs("/x/a/b")
                .bind(host, "/y").readOnlyPath("/x").readOnlyPath("/y/file").directory("/plain/deep")
                .readOnlyPath("/plain"));

        for (String path : List.of("/x/new", "/x/file", "/x/a/new", "/x/a/b/new", "/y/file", "/plain/new",
                "/plain/deep/new")) {
            assertThat(Child.script(box, WRITE, path)).as(path).isEqualTo("refused");
        }
        assertThat(Child.script(box, WRITE + "; cat /y/file", "/y/new")).isEqualTo("written\ncontent");
        Mounts mounts = Mounts.in(box);
        for (String point : List.of("/x", "/x/a", "/x/a/b", "/y/file", "/plain")) {
            assertThat(mounts.at(point).flags()).as(point).contains("ro");
        }
        assertThat(mounts.at("/y").flags()).contains("rw");
    }

    @Test
    void theRootItselfCanBeMadeReadOnlyWithAllBelow() throws Exception {
        NamespaceBuilder box = emptyBox(mount -> mount.tmpfs("/tmp").readOnlyPath("/"));

        assertThat(Child.script(box, WRITE, "/tmp/new")).isEqualTo("refused");
        assertThat(Child.script(box, WRITE, "/new")).isEqualTo("refused");
    }

    @Test
    void theDefaultProtectionHidesAndProtectsTheUsualParts() throws Exception {
        NamespaceBuilder box = emptyBox(mount -> mount.proc().sysfs().defaultProtection()).net();
        Mounts mounts = Mounts.in(box);

        for (String point : List.of("/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys",
                "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi",
                "/sys/firmware", "/sys/devices/virtual/powercap")) {
            if (isThere(box, point)) {
                boolean directory = Files.isDirectory(Path.of(point));
                assertThat(mounts.at(point).type()).as(point).isEqualTo(directory ? "tmpfs" : mounts.at(point).type());
                assertThat(
                        Child.script(box, "test ! -d \"$1\" || ls -A \"$1\"; test -d \"$1\" || wc -c < \"$1\"", point))
                        .as(point).isIn("", "0");
            }
        }
        for (String point : List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")) {
            if (isThere(box, point)) {
                assertThat(mounts.at(point).flags()).as(point).contains("ro");
                assertThat(mounts.at(point).type()).as(point).isEqualTo("proc");
            }
        }
        assertThat(mounts.points()).contains("/proc/sys", "/proc/interrupts");
        assertThat(Child.script(box,
                "{ echo x > /proc/sys/kernel/hostname; } 2>&- || echo refused; cat /proc/sys/kernel/ostype"))
                .isEqualTo("refused\nLinux");
    }

    private static boolean isThere(NamespaceBuilder box, String path) throws Exception {
        return Child.script(box, "test -e \"$1\" && echo yes || echo no", path).equals("yes");
    }

    /** As somebody may have prepared it who can write to the directory that becomes the root. */
    @Test
    void aRootWhoseProcIsAPlainDirectoryIsNotTakenForTheKernels() throws Exception {
        Path root = rootDirectory();
        Files.createDirectories(root.resolve("proc/sys/kernel"));
        Files.writeString(root.resolve("proc/kcore"), "fake");
        Files.createDirectories(root.resolve("sys/firmware"));

        assertRefused(box(mount -> Programs.show(mount.root(root)).mask("/proc/kcore")),
                "cannot protect /proc/kcore, as /proc is not the kernel's: Invalid argument (EINVAL)");
        assertRefused(box(mount -> Programs.show(mount.root(root)).readOnlyPath("/proc/sys")),
                "cannot protect /proc/sys, as /proc is not the kernel's: Invalid argument (EINVAL)");
        assertRefused(box(mount -> Programs.show(mount.root(root)).mask("/sys/firmware")),
                "cannot protect /sys/firmware, as /sys is not the kernel's: Invalid argument (EINVAL)");
        assertRefused(box(mount -> Programs.show(mount.root(root)).defaultProtection()),
                "cannot protect /proc/acpi, as /proc is not the kernel's: Invalid argument (EINVAL)");
        assertThat(root.resolve("proc/kcore")).hasContent("fake");
    }

    @Test
    void aLinkInPlaceOfProcIsNotTakenForTheKernels() throws Exception {
        Path root = rootDirectory();
        Files.createDirectories(root.resolve("fake/sys"));
        Files.createSymbolicLink(root.resolve("proc"), Path.of("/fake"));

        assertRefused(box(mount -> Programs.show(mount.root(root)).readOnlyPath("/proc/sys")),
                "cannot protect /proc/sys, as /proc is not the kernel's: Invalid argument (EINVAL)");
    }

    private static void assertRefused(NamespaceBuilder box, String message) {
        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> box.spawn("true")).withMessage(message)
                .satisfies(e -> assertThat(e.step()).isEqualTo(Step.PROTECT));
    }
}
