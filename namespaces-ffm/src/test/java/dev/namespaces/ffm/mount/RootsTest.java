package dev.namespaces.ffm.mount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Command;
import dev.namespaces.MountFlag;
import dev.namespaces.Namespace;
import dev.namespaces.ffm.spawn.Child;
import dev.namespaces.ffm.spawn.Proc;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the root directory of a mount namespace is. */
class RootsTest extends MountTest {

    private static final String LIST = "for name in /* /.[!.]*; do test ! -e $name && test ! -L $name || echo $name; done";

    @Test
    void anEmptyRootHoldsNothingButWhatIsPutThere() throws Exception {
        Namespace box = emptyBox(mount -> mount.directory("/work").tmpfs("/tmp")).build();

        assertThat(Mounts.in(box).outside("/usr").points()).filteredOn(point -> !point.matches("/(s?bin|lib.*)"))
                .containsExactlyInAnyOrder("/", "/tmp");
        assertThat(Child.script(box, LIST).lines()).filteredOn(name -> !name.matches("/(s?bin|lib.*)"))
                .containsExactly("/tmp", "/usr", "/work");
    }

    @Test
    void anEmptyRootIsMemoryThatNobodyElseSees() throws Exception {
        Mounts.Mount root = Mounts.in(emptyBox(_ -> {})).at("/");

        assertThat(root.type()).isEqualTo("tmpfs");
        assertThat(root.flags()).contains("rw", "nosuid", "nodev").doesNotContain("noexec");
        assertThat(root.options()).contains("mode=755");
        assertThat(root.propagation()).isEmpty();
        assertThat(Child.script(emptyBox(_ -> {}), "stat -c '%A %u' /; : > /new && cat /new && echo written"))
                .isEqualTo("drwxr-xr-x 0\nwritten");
    }

    @Test
    void nothingLeadsBackToTheHostsRoot() throws Exception {
        Namespace box = emptyBox(mount -> mount.proc()).build();

        assertThat(Child.script(box, """
                cd /; cd ../../..; pwd
                test "$(stat -c %d:%i /)" = "$(stat -c %d:%i /../..)" && echo same
                readlink /proc/self/root /proc/self/cwd; ls /proc/self/fd | tr '\\n' ' '""").lines())
                .containsExactly("/", "same", "/", "/", "0 1 2 3");
    }

    @Test
    void aDirectoryBecomesTheRoot() throws Exception {
        Path root = rootDirectory();
        Files.writeString(root.resolve("hello"), "from the host");
        Namespace box = box(mount -> Programs.show(mount.root(root))).build();

        Mounts.Mount mount = Mounts.in(box).at("/");
        assertThat(root.toRealPath().toString()).endsWith(mount.root());
        assertThat(mount.flags()).contains("rw", "nodev").doesNotContain("ro", "nosuid", "noexec");
        assertThat(mount.propagation()).isEmpty();
        assertThat(Child.script(box, "cat /hello; echo back > /written")).isEqualTo("from the host");
        assertThat(root.resolve("written")).hasContent("back\n");
    }

    @Test
    void mountPointsThatWereMadeInADirectoryStayThere() throws Exception {
        Path root = directory("root");
        Child.says(box(mount -> Programs.make(mount.root(root)).tmpfs("/some/where/else").directory("/empty", 0700)),
                "true");

        assertThat(names(root)).contains("usr", "some", "empty");
        assertThat(mode(root.resolve("some/where"))).isEqualTo("rwxr-xr-x");
        assertThat(mode(root.resolve("empty"))).isEqualTo("rwx------");
        assertThat(names(root.resolve("some/where/else"))).isEmpty();
    }

    @Test
    void aRootMayForbidMore() throws Exception {
        Path root = rootDirectory();

        assertThat(Mounts.in(box(mount -> Programs.show(mount.root(root, MountFlag.READ_ONLY, MountFlag.NOSUID,
                MountFlag.NOEXEC)))).at("/").flags()).contains("ro", "nodev", "nosuid", "noexec");
    }

    @Test
    void aDeviceRootForbidsNothingByItself() throws Exception {
        Path root = rootDirectory();

        assertThat(Mounts.in(box(mount -> Programs.show(mount.deviceRoot(root)))).at("/").flags())
                .doesNotContain("nodev", "nosuid", "ro", "noexec");
        assertThat(Mounts.in(box(mount -> Programs.show(mount.deviceRoot(root, MountFlag.NOSUID)))).at("/").flags())
                .contains("nosuid").doesNotContain("nodev");
    }

    @Test
    void aRootIsFoundThroughALinkOnTheHost() throws Exception {
        Path root = directory("root");
        Path link = Files.createSymbolicLink(folder.resolve("link"), root);

        Child.script(box(mount -> Programs.make(mount.root(link))), ": > /here");
        assertThat(names(root)).contains("here");
    }

    @Test
    void theHostsRootKeepsItsMountsBesideTheNewOnes() throws Exception {
        Path over = directory("over");
        Namespace box = box(mount -> mount.hostRoot().tmpfs(over.toString()).file(over + "/new", new byte[0], 0600))
                .build();

        Mounts mounts = Mounts.in(box);
        assertThat(mounts.at(over.toString()).type()).isEqualTo("tmpfs");
        assertThat(mounts.points()).containsAll(Mounts.of(Proc.SELF).points());
        assertThat(Child.script(box, "ls \"$1\"; : > \"$1/more\"", over.toString())).isEqualTo("new");
        assertThat(names(over)).isEmpty();
        assertThat(Mounts.of(Proc.SELF).points()).doesNotContain(over.toString());
    }

    @Test
    void withTheHostsRootAPidNamespaceHasItsOwnProcesses() throws Exception {
        Path over = directory("over");

        assertThat(Child.script(box(mount -> mount.tmpfs(over.toString())), "cat /proc/$$/comm; ls -d /proc/[0-9]*"))
                .startsWith("sh\n/proc/1").doesNotContain("/proc/" + Proc.SELF);
    }

    @Test
    void theCommandStartsInTheNewRootUnlessItIsToldWhere() throws Exception {
        Namespace box = emptyBox(mount -> mount.directory("/work/deep")).build();

        assertThat(Child.says(box, "pwd")).isEqualTo("/");
        assertThat(Child.says(box, Command.of("pwd").directory("/work/deep"))).isEqualTo("/work/deep");
    }

    @Test
    void withTheHostsRootTheCommandStartsWhereTheJvmIs() throws Exception {
        Path over = directory("over");

        assertThat(Child.says(box(mount -> mount.tmpfs(over.toString())), "pwd"))
                .isEqualTo(Path.of("").toRealPath().toString());
    }

    @Test
    void theCommandHasTheJvmsFileModeMask() throws Exception {
        String mask = Child.script(Namespace.builder(), "umask");

        assertThat(Child.script(emptyBox(mount -> mount.tmpfs("/tmp")), "umask")).isEqualTo(mask);
    }
}
