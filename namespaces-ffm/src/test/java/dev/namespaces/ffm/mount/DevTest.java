package dev.namespaces.ffm.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.namespaces.Namespace;
import dev.namespaces.ffm.spawn.Child;
import java.nio.file.Path;
import java.util.List;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The minimal /dev. */
class DevTest extends MountTest {

    private static final List<String> DEVICES = List.of("full", "null", "random", "tty", "urandom", "zero");

    private Namespace dev() {
        return emptyBox(mount -> mount.proc().dev()).build();
    }

    @Test
    void itHoldsWhatItSaysAndNoMore() throws Exception {
        assertThat(Child.script(dev(), "cd /dev; ls -A").lines()).containsExactlyInAnyOrder("core", "fd", "full",
                "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout", "tty", "urandom", "zero");
    }

    @Test
    void theDevicesAreTheHosts() throws Exception {
        Mounts mounts = Mounts.in(dev());
        for (String name : DEVICES) {
            String path = "/dev/" + name;
            assertThat(mounts.at(path).flags()).as(path).doesNotContain("nodev");
            assertThat(Child.script(dev(), "stat -c '%F %t %T' \"$1\"", path))
                    .isEqualTo(Child.script(Namespace.builder(), "stat -c '%F %t %T' \"$1\"", path))
                    .startsWith("character special file");
        }
        assertThat(mounts.below("/dev").points()).containsExactlyInAnyOrder("/dev/full", "/dev/null", "/dev/random",
                "/dev/tty", "/dev/urandom", "/dev/zero", "/dev/pts");
    }

    @Test
    void theDevicesWork() throws Exception {
        assertThat(Child.script(dev(), """
                head -c 4 /dev/zero | od -An -tx1; head -c 4 /dev/full | od -An -tx1
                { echo x > /dev/full; } 2>&- || echo full
                echo gone > /dev/null; wc -c < /dev/null
                head -c 8 /dev/random | wc -c; head -c 8 /dev/urandom | wc -c""").lines().map(String::strip))
                .containsExactly("00 00 00 00", "00 00 00 00", "full", "0", "8", "8");
    }

    @Test
    void theLinksLeadToTheProcesssOwnDescriptors() throws Exception {
        assertThat(Child.script(dev(), """
                cd /dev; for name in core fd ptmx stderr stdin stdout; do echo $name $(readlink $name); done
                echo one > /dev/stdout; echo two | cat /dev/stdin; exec 5<&-; ls /dev/fd/1""").lines())
                .containsExactly("core /proc/kcore", "fd /proc/self/fd", "ptmx pts/ptmx", "stderr /proc/self/fd/2",
                        "stdin /proc/self/fd/0", "stdout /proc/self/fd/1", "one", "two", "/dev/fd/1");
    }

    @Test
    void terminalsAreItsOwn() throws Exception {
        Mounts.Mount pts = Mounts.in(dev()).at("/dev/pts");

        assertThat(pts.type()).isEqualTo("devpts");
        assertThat(pts.flags()).contains("rw", "nosuid", "noexec").doesNotContain("nodev");
        assertThat(pts.options()).contains("mode=620", "ptmxmode=666");
        assertThat(Child.script(dev(), "ls /dev/pts")).isEqualTo("ptmx");
    }

    /** script(1) opens /dev/ptmx, and what it starts has the first terminal of this instance. */
    @Test
    void aTerminalCanBeOpened() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/script")), "script(1) is not installed");
        assertThat(Child.script(emptyBox(mount -> mount.proc().dev().tmpfs("/tmp")), """
                script -q -c 'tty; echo hello' /tmp/log < /dev/null""").lines().map(String::strip))
                .contains("/dev/pts/0", "hello");
    }

    @Test
    void sharedMemoryIsWritableForEverybody() throws Exception {
        assertThat(Child.script(dev(), "stat -c '%F %a' /dev/shm; echo x > /dev/shm/y; cat /dev/shm/y"))
                .isEqualTo("directory 1777\nx");
    }

    @Test
    void itIsMemoryOfItsOwn() throws Exception {
        Mounts.Mount mount = Mounts.in(dev()).at("/dev");

        assertThat(mount.type()).isEqualTo("tmpfs");
        assertThat(mount.flags()).contains("rw", "nosuid");
        assertThat(mount.options()).contains("mode=755");
        assertThat(Child.script(dev(), "true > /dev/new && ls /dev/new")).isEqualTo("/dev/new");
        assertThat(Path.of("/dev/new")).doesNotExist();
    }

    @Test
    void itCanBeElsewhereOrOverTheHosts() throws Exception {
        assertThat(Child.script(emptyBox(mount -> mount.dev("/some/dev")), "head -c 3 /some/dev/zero | wc -c"))
                .isEqualTo("3");
        assertThat(Child.script(box(mount -> mount.hostRoot().dev()), "ls /dev; head -c 3 /dev/zero | wc -c").lines())
                .contains("ptmx", "3").doesNotContain("kmsg", "mem");
    }
}
