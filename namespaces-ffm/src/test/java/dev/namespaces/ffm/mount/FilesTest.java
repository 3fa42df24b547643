package dev.namespaces.ffm.mount;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.ffm.spawn.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Files, directories, links and permissions in a mount namespace. */
class FilesTest extends MountTest {

    private static final byte[] HELLO = "hello\n".getBytes(UTF_8);
    private static final String WRITE = "{ echo more >> \"$1\"; } 2>&- && echo written || echo refused";

    @Test
    void aNewFileHasItsContentAndMode() throws Exception {
        NamespaceBuilder box = emptyBox(mount -> mount.file("/etc/deep/x", HELLO, 0640).file("/empty", new byte[0], 0)
                .file("/all", HELLO, 07777));

        assertThat(Child.script(box, """
                cat /etc/deep/x; stat -c '%F %a %s %u' /etc/deep/x /empty /all; stat -c '%F %a' /etc/deep"""))
                .isEqualTo("""
                        hello
                        regular file 640 6 0
                        regular empty file 0 0 0
                        regular file 7777 6 0
                        directory 755""");
        assertThat(Child.script(box, WRITE + "; cat \"$1\"", "/etc/deep/x")).isEqualTo("written\nhello\nmore");
        assertThat(Child.script(box, "cat /etc/deep/x")).as("the next time").isEqualTo("hello");
    }

    @Test
    void aNewFileOnTheHostsDirectoryStaysThere() throws Exception {
        Path host = directory("host");
        Child.says(emptyBox(mount -> mount.bind(host, "/x").file("/x/new", HELLO, 0600)), "true");

        assertThat(host.resolve("new")).hasContent("hello\n");
        assertThat(mode(host.resolve("new"))).isEqualTo("rw-------");
    }

    @Test
    void contentOfEverySizeArrivesWhole() throws Exception {
        byte[] bytes = new byte[3_000_001];
        new Random(1).nextBytes(bytes);
        String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));

        assertThat(Child.script(emptyBox(mount -> mount.file("/a", bytes, 0444).bindData("/b", bytes, 0444)
                .readOnlyFile("/c", bytes)), "sha256sum /a /b /c").lines())
                .containsExactly(sum + "  /a", sum + "  /b", sum + "  /c");
    }

    @Test
    void boundDataCoversWhatIsThereAndCanBeWrittenTo() throws Exception {
        Path host = file("file", "the host's");
        NamespaceBuilder box = emptyBox(mount -> mount.bind(folder, "/x").bindData("/x/file", HELLO, 0604)
                .bindData("/new/y", HELLO, 0600));

        assertThat(Child.script(box, "cat \"$1\"; stat -c %a \"$1\" /new/y; " + WRITE + "; cat \"$1\"", "/x/file"))
                .isEqualTo("hello\n604\n600\nwritten\nhello\nmore");
        assertThat(host).hasContent("the host's");
        Mounts.Mount mount = Mounts.in(box).at("/x/file");
        assertThat(mount.type()).isEqualTo("tmpfs");
        assertThat(mount.flags()).contains("rw", "nosuid", "nodev");
        assertThat(mount.propagation()).isEmpty();
    }

    @Test
    void nobodyCanWriteToAReadOnlyFile() throws Exception {
        Path host = file("file", "the host's");
        NamespaceBuilder box = emptyBox(mount -> mount.bind(host, "/x").readOnlyFile("/x", HELLO)
                .readOnlyFile("/y", HELLO, 0606));

        for (String path : new String[]{"/x", "/y"}) {
            assertThat(Child.script(box,
                    "cat \"$1\"; " + WRITE + "; chmod 777 \"$1\" 2>&- || rm \"$1\" 2>&- || cat \"$1\"",
                    path)).isEqualTo("hello\nrefused\nhello");
            assertThat(Mounts.in(box).at(path).flags()).contains("ro", "nosuid", "nodev");
        }
        assertThat(Child.script(box, "stat -c %a /x /y")).isEqualTo("444\n606");
        assertThat(host).hasContent("the host's");
    }

    @Test
    void dataIsMountedNowhereElse() throws Exception {
        Mounts mounts = Mounts.in(emptyBox(mount -> mount.bindData("/x", HELLO, 0600).readOnlyFile("/y", HELLO)));

        assertThat(mounts.outside("/usr").points()).filteredOn(point -> !point.matches("/(s?bin|lib.*)"))
                .containsExactlyInAnyOrder("/", "/x", "/y");
    }

    @Test
    void aDirectoryIsMadeWithItsModeUnlessItIsThere() throws Exception {
        Path host = directory("host");
        directory("host/there");

        assertThat(Child.script(emptyBox(mount -> mount.directory("/plain").directory("/a/b", 0711)
                .directory("/sticky", 01777).tmpfs("/sticky/no").directory("/plain", 0700).bind(host, "/x")
                .directory("/x/there", 0).directory("/", 0)), """
                        stat -c '%n %F %a' /plain /a /a/b /sticky; test -r /x/there && echo left as it is""").lines())
                .containsExactly("/plain directory 755", "/a directory 755", "/a/b directory 711",
                        "/sticky directory 1777", "left as it is");
    }

    @Test
    void aLinkLeadsWhereItIsSaidTo() throws Exception {
        NamespaceBuilder box = emptyBox(mount -> mount.symlink("nowhere at all", "/a/b/link").symlink("/usr/bin", "/l")
                .symlink("../../a", "/a/b/up"));

        assertThat(Child.script(box, "readlink /a/b/link /l /a/b/up; test -d /a/b/up/b && test -x /l/env && echo both"))
                .isEqualTo("nowhere at all\n/usr/bin\n../../a\nboth");
    }

    @Test
    void permissionsAreSetOnWhatIsThere() throws Exception {
        NamespaceBuilder box = emptyBox(mount -> mount.file("/x", HELLO, 0600).chmod("/x", 0444).directory("/d")
                .chmod("/d", 01777).chmod("/", 0700).tmpfs("/t", 0700).chmod("/t", 0711).symlink("x", "/l")
                .chmod("/l", 0405));

        assertThat(Child.script(box, "stat -c '%n %a' /x /d / /t; stat -c '%F' /l")).isEqualTo("""
                /x 405
                /d 1777
                / 700
                /t 711
                symbolic link""");
    }

    @Test
    void permissionsAreSetOnTheHostToo() throws Exception {
        Path host = file("file", "");
        Child.says(emptyBox(mount -> mount.bind(folder, "/x").chmod("/x/file", 0604)), "true");

        assertThat(mode(host)).isEqualTo("rw----r--");
    }

    @Test
    void whateverIsMadeIsAsTheModeSaysWhateverTheMaskOfTheJvm() throws Exception {
        Namespace box = emptyBox(mount -> mount.directory("/d", 0777).file("/f", HELLO, 0666)).build();

        assertThat(Child.script(box, "stat -c %a /d /f; umask"))
                .isEqualTo("777\n666\n" + Child.script(Namespace.builder(), "umask"));
    }

    @Test
    void linksInTheRootAreFollowedWithinIt() throws Exception {
        Path root = rootDirectory();
        Files.createDirectories(root.resolve("real/place"));
        Files.createSymbolicLink(root.resolve("absolute"), Path.of("/real"));
        Files.createSymbolicLink(root.resolve("climbing"), Path.of("../../../../real"));
        Child.says(box(mount -> Programs.show(mount.root(root)).file("/absolute/place/one", HELLO, 0600)
                .file("/climbing/two", HELLO, 0600).directory("/absolute/new/three").tmpfs("/climbing/new/four")),
                "true");

        assertThat(names(root.resolve("real"))).containsExactly("new", "place", "two");
        assertThat(names(root.resolve("real/new"))).containsExactly("four", "three");
        assertThat(names(root.resolve("real/place"))).containsExactly("one");
        assertThat(Path.of("/real")).doesNotExist();
    }
}
