package dev.namespaces.ffm.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.MountConfig;
import dev.namespaces.MountFlag;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.ffm.spawn.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** File systems that are new in a mount namespace. */
class FileSystemsTest extends MountTest {

    private static final String[] HARMLESS = {"nosuid", "nodev", "noexec"};

    @Test
    void aTmpfsIsEmptyAndEverybodysToWrite() throws Exception {
        Namespace box = emptyBox(mount -> mount.tmpfs("/tmp")).build();

        Mounts.Mount mount = Mounts.in(box).at("/tmp");
        assertThat(mount.type()).isEqualTo("tmpfs");
        assertThat(mount.flags()).contains("rw", "nosuid", "nodev").doesNotContain("noexec");
        assertThat(mount.options()).noneMatch(option -> option.startsWith("mode=")); // 1777 is not shown
        assertThat(Child.script(box, "stat -c %a /tmp; ls -A /tmp; echo hello > /tmp/x; cat /tmp/x"))
                .isEqualTo("1777\nhello");
        assertThat(Child.script(box, "ls -A /tmp")).as("the next time").isEmpty();
    }

    @Test
    void aTmpfsHasTheSizeTheModeAndTheFlagsThatAreAskedFor() throws Exception {
        Namespace box = emptyBox(mount -> mount.tmpfs("/mode", 0750).tmpfs("/size", 65536, 0700)
                .tmpfs("/flags", MountFlag.READ_ONLY, MountFlag.NOEXEC, MountFlag.NOATIME)
                .tmpfs("/all", 1 << 20, 04711, MountFlag.NOEXEC)).build();

        Mounts mounts = Mounts.in(box);
        assertThat(mounts.at("/mode").options()).contains("mode=750");
        assertThat(mounts.at("/size").options()).contains("size=64k", "mode=700");
        assertThat(mounts.at("/flags").flags()).contains("ro", "nosuid", "nodev", "noexec", "noatime");
        assertThat(mounts.at("/all").options()).contains("size=1024k", "mode=4711");
        assertThat(mounts.at("/all").flags()).contains("rw", "noexec");
        assertThat(Child.script(box, """
                head -c 65536 /dev/zero 2>&- > /size/x; head -c 65536 /usr/bin/env > /size/y; echo $?
                head -c 70000 /usr/bin/tail /usr/bin/env /usr/bin/sort 2>&- > /size/z; echo $?""").lines().toList())
                .last().isNotEqualTo("0");
    }

    @Test
    void procShowsTheProcessesInside() throws Exception {
        Namespace box = emptyBox(mount -> mount.proc().proc("/deep/proc")).build();

        Mounts mounts = Mounts.in(box);
        for (String point : List.of("/proc", "/deep/proc")) {
            assertThat(mounts.at(point).type()).isEqualTo("proc");
            assertThat(mounts.at(point).flags()).contains("rw").contains(HARMLESS);
        }
        assertThat(Child.script(box, "cd /proc; for p in [0-9]*; do cat $p/comm 2>&-; done").lines())
                .contains("sh").isSubsetOf("namespaces-init", "sh", "cat");
    }

    @Test
    void devptsIsAnInstanceOfItsOwn() throws Exception {
        Namespace box = emptyBox(mount -> mount.devpts("/pts")).build();

        Mounts.Mount mount = Mounts.in(box).at("/pts");
        assertThat(mount.type()).isEqualTo("devpts");
        assertThat(mount.flags()).contains("rw", "nosuid", "noexec").doesNotContain("nodev");
        assertThat(mount.options()).contains("mode=620", "ptmxmode=666");
        assertThat(Child.script(box, "ls -A /pts; stat -c '%F %a' /pts/ptmx"))
                .isEqualTo("ptmx\ncharacter special file 666");
    }

    @Test
    void mqueueShowsTheQueuesOfTheIpcNamespace() throws Exception {
        NamespaceBuilder box = emptyBox(mount -> mount.mqueue("/dev/mqueue")).ipc();

        Mounts.Mount mount = Mounts.in(box).at("/dev/mqueue");
        assertThat(mount.type()).isEqualTo("mqueue");
        assertThat(mount.flags()).contains("rw").contains(HARMLESS);
        assertThat(Child.script(box, "ls -A /dev/mqueue; true > /dev/mqueue/one; ls /dev/mqueue")).isEqualTo("one");
        assertThat(Child.script(box, "ls -A /dev/mqueue")).as("of a namespace of its own").isEmpty();
    }

    @Test
    void sysfsShowsTheInterfacesOfTheNetworkNamespace() throws Exception {
        NamespaceBuilder box = emptyBox(mount -> mount.sysfs().sysfs("/other")).net();

        Mounts mounts = Mounts.in(box);
        for (String point : List.of("/sys", "/other")) {
            assertThat(mounts.at(point).type()).isEqualTo("sysfs");
            assertThat(mounts.at(point).flags()).contains(HARMLESS);
        }
        assertThat(Child.script(box, "ls /sys/class/net")).isEqualTo("lo");
    }

    @Test
    void writesToAnOverlayLandInItsUpperDirectory() throws Exception {
        assumeFalse(Files.getFileStore(folder).type().equals("overlay"),
                "an overlay cannot be the upper layer of another");
        Path[] layers = layers();
        Path upper = directory("upper");
        Path work = directory("work");
        Namespace box = boxWithOverlay(mount -> mount.overlay(List.of(layers), upper, work, "/x"));
        if (box == null) {
            return;
        }

        Mounts.Mount mount = Mounts.in(box).at("/x");
        assertThat(mount.type()).isEqualTo("overlay");
        assertThat(mount.flags()).contains("rw", "nosuid", "nodev");
        assertThat(Child.script(box, """
                cd /x; ls | tr '\\n' ' '; cat both; echo new > new; echo changed > low; rm top; ls | tr '\\n' ' '"""))
                .isEqualTo("both low top top\nboth low new");
        assertThat(names(upper)).containsExactly("low", "new", "top");
        assertThat(upper.resolve("new")).hasContent("new\n");
        assertThat(upper.resolve("low")).hasContent("changed\n");
        assertUntouched(layers);
        assertThat(Child.script(box, "cd /x; ls | tr '\\n' ' '")).as("the next time").isEqualTo("both low new");
    }

    @Test
    void writesToATemporaryOverlayVanish() throws Exception {
        Path[] layers = layers();
        Namespace box = boxWithOverlay(mount -> mount.temporaryOverlay(List.of(layers), "/x")
                .temporaryOverlay(List.of(layers[0]), "/one"));
        if (box == null) {
            return;
        }

        Mounts.Mount mount = Mounts.in(box).at("/x");
        assertThat(mount.type()).isEqualTo("overlay");
        assertThat(mount.flags()).contains("rw", "nosuid", "nodev");
        assertThat(Child.script(box, """
                cd /x; cat both; echo new > new; echo changed > low; rm top; mkdir dir; ls | tr '\\n' ' '; ls /one"""))
                .isEqualTo("top\nboth dir low new both\ntop");
        assertUntouched(layers);
        assertThat(Child.script(box, "cd /x; ls | tr '\\n' ' '")).as("the next time").isEqualTo("both low top");
    }

    @Test
    void aReadOnlyOverlayTakesNoWrites() throws Exception {
        Path[] layers = layers();
        Namespace box = boxWithOverlay(mount -> mount.readOnlyOverlay(List.of(layers), "/x"));
        if (box == null) {
            return;
        }

        assertThat(Mounts.in(box).at("/x").type()).isEqualTo("overlay");
        assertThat(Child.script(box,
                """
                        cd /x; ls | tr '\\n' ' '; cat both; { true > new; } 2>&- || echo refused; { true > low; } 2>&- || echo refused
                        rm -f top 2>&- || echo refused"""))
                .isEqualTo("both low top top\nrefused\nrefused\nrefused");
        assertUntouched(layers);
    }

    /** A box with an overlay, or null where the kernel has none and that is said. */
    private @Nullable Namespace boxWithOverlay(Consumer<MountConfig> files) {
        if (hasOverlays()) {
            return emptyBox(files).build();
        }
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> emptyBox(files).build())
                .withMessageContaining("an overlay in a user namespace needs Linux 5.11");
        return null;
    }

    /** Two layers; the first one covers the second one. */
    private Path[] layers() throws Exception {
        Path top = directory("top layer");
        Path low = directory("low: layer, with odd characters");
        Files.writeString(top.resolve("top"), "top\n");
        Files.writeString(top.resolve("both"), "top\n");
        Files.writeString(low.resolve("both"), "low\n");
        Files.writeString(low.resolve("low"), "low\n");
        return new Path[]{top, low};
    }

    private static void assertUntouched(Path[] layers) throws Exception {
        assertThat(names(layers[0])).containsExactly("both", "top");
        assertThat(names(layers[1])).containsExactly("both", "low");
        assertThat(layers[1].resolve("low")).hasContent("low\n");
        assertThat(layers[0].resolve("both")).hasContent("top\n");
    }
}
