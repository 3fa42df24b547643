package dev.namespaces.ffm.mount;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Step;
import dev.namespaces.ffm.spawn.Child;
import dev.namespaces.ffm.spawn.Proc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody who can write to the directory that becomes the root wants to reach what lies outside of it. */
class EnemyTest extends MountTest {

    private static final byte[] HELLO = "hello\n".getBytes(UTF_8);
    private static final int SPAWNS = 1000;
    private static final int TRIES = 100_000;

    private Path root;
    private Path outside;
    private Path victim;
    private List<String> before;

    @BeforeEach
    void makeRootAndWhatLiesOutside() throws IOException {
        root = rootDirectory();
        outside = directory("outside");
        directory("outside/mnt");
        directory("outside/null");
        victim = file("outside/victim", "untouched");
        before = Listing.of(outside);
    }

    @Test
    void whoeverFlipsADirectoryToALinkWinsNothing() throws Exception {
        Path directory = directory("root/d");
        Path link = Files.createSymbolicLink(root.resolve("flip"), outside);
        // Where the link leads within the root.
        Path inner = Files.createDirectories(root.resolve(outside.toString().substring(1)));
        Path host = file("bound", "bound");
        Namespace box = box(mount -> Programs.show(mount.root(root)).directory("/d/a/b").file("/d/file", HELLO, 0600)
                .symlink("anywhere", "/d/link").tmpfs("/d/mnt").bind(host, "/d/bound").bindData("/d/data", HELLO, 0600)
                .chmod("/d", 0755)).build();
        Mounts mounts = Mounts.of(Proc.SELF);

        int started = 0;
        int refused = 0;
        boolean[] seen = new boolean[2];
        try (Enemy enemy = new Enemy(directory, link)) {
            int least = setting == Setting.USER ? SPAWNS : SPAWNS / 10;
            for (int i = 0; i < least || (!(seen[0] && seen[1]) && i < TRIES); i++) {
                try (NamespaceProcess process = box.spawn("cat")) {
                    List<String> points = Mounts.of(process.pid()).points();
                    assertThat(points).as("each is somewhere in the new root").filteredOn(point -> point.matches(
                            "(/d|/flip|" + outside + ")/(mnt|bound|data)")).hasSize(3);
                    seen[points.contains(outside + "/mnt") ? 1 : 0] = true;
                    started++;
                } catch (NamespaceException e) {
                    refused++;
                }
                assertThat(Listing.of(outside)).isEqualTo(before);
                enemy.held(() -> {
                    for (Path place : List.of(directory, link, inner)) {
                        empty(place);
                    }
                    return "";
                });
            }
            assertThat(enemy.exchanges()).isGreaterThan(SPAWNS);
        }

        assertThat(Mounts.of(Proc.SELF)).isEqualTo(mounts);
        assertThat(started).as("started, while %s were refused", refused).isPositive();
        assertThat(seen).as("the enemy was there in time").containsOnly(true);
    }

    /** Deletes what is in a directory, if it is one and no link. */
    private static void empty(Path directory) throws IOException {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).filter(file -> !file.equals(directory))
                        .toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** As it is done with paths: look, and then use the path again. */
    @Test
    void theSameEnemyWinsAgainstPaths() throws Exception {
        Path directory = directory("root/d");
        Path link = Files.createSymbolicLink(root.resolve("flip"), outside);
        try (Enemy enemy = new Enemy(directory, link)) {
            int tries = 0;
            while (!Files.exists(outside.resolve("naive")) && tries++ < TRIES) {
                makeNaively(directory);
            }
            assertThat(outside.resolve("naive")).as("after %s exchanges", enemy.exchanges()).exists();
            assertThat(mountsOutside(directory)).isTrue();
        }
    }

    private static void makeNaively(Path directory) throws IOException {
        try {
            if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.writeString(directory.resolve("naive"), "");
            }
        } catch (NoSuchFileException _) {
            // exchanged once more
        }
    }

    /** In a mount namespace of its own, as long as it takes. */
    private boolean mountsOutside(Path directory) throws Exception {
        String script = """
                i=0
                while [ $i -lt 2000 ]; do
                    i=$((i+1))
                    mkdir -p "$1/mnt"
                    if [ ! -L "$1" ]; then mount -t tmpfs naive "$1/mnt"; fi
                    if grep -q "$2/mnt " /proc/self/mountinfo; then echo outside; exit; fi
                    umount "$1/mnt" 2>&-
                done""";
        return Child.script(Namespace.builder().user().mount(), script, directory.toString(),
                outside.toRealPath().toString()).contains("outside");
    }

    @Test
    void aLinkInPlaceOfAMountPointsParentLeadsNowhereOutside() throws Exception {
        Files.createSymbolicLink(root.resolve("absolute"), outside);
        Files.createSymbolicLink(root.resolve("climbing"), Path.of("../outside"));

        for (String parent : List.of("/absolute", "/climbing")) {
            assertStaysInside(box(mount -> Programs.show(mount.root(root)).tmpfs(parent + "/mnt")).build());
            assertStaysInside(box(mount -> Programs.show(mount.root(root)).bind(victim, parent + "/new")).build());
            assertStaysInside(
                    box(mount -> Programs.show(mount.root(root)).file(parent + "/file", HELLO, 0600)).build());
            assertStaysInside(box(mount -> Programs.show(mount.root(root)).directory(parent + "/a/b")).build());
            assertStaysInside(box(mount -> Programs.show(mount.root(root)).symlink("x", parent + "/link")).build());
            assertStaysInside(box(mount -> Programs.show(mount.root(root)).chmod(parent + "/victim", 0)).build());
            if (hasOverlays()) {
                assertStaysInside(box(mount -> Programs.show(mount.root(root)).temporaryOverlay(List.of(outside),
                        parent + "/mnt")).build());
            }
        }
    }

    @Test
    void linksInPlaceOfDevAndProcLeadNowhereOutside() throws Exception {
        for (String name : List.of("dev", "proc", "sys", "tmp")) {
            Files.createSymbolicLink(root.resolve(name), Path.of("../outside"));
        }
        Namespace box = box(mount -> Programs.show(mount.root(root)).dev()).build();
        assertStaysInside(box);
        assertStaysInside(box(mount -> Programs.show(mount.root(root)).proc()).build());
        assertStaysInside(box(mount -> Programs.show(mount.root(root)).tmpfs("/tmp")).build());
        directory("root/outside");
        assertStaysInside(box);
        assertThat(Mounts.in(box).at("/outside/null").type()).as("where the link leads inside").isNotEqualTo("tmpfs");
    }

    @Test
    void linksInPlaceOfTheDevicesLeadNowhere() throws Exception {
        directory("root/dev");
        for (String name : List.of("null", "zero", "full", "random", "urandom", "tty", "shm", "pts", "ptmx")) {
            Files.createSymbolicLink(root.resolve("dev").resolve(name), Path.of("../../outside/victim"));
        }
        Namespace box = box(mount -> Programs.show(mount.root(root)).dev()).build();

        assertThat(Child.script(box, "echo gone > /dev/null; stat -c %F /dev/null"))
                .isEqualTo("character special file");
        assertStaysInside(
                box(mount -> Programs.show(mount.root(root)).deviceBind(Path.of("/dev/null"), "/dev/null")).build());
        assertThat(Listing.of(outside)).isEqualTo(before);
    }

    @Test
    void whatIsBoundOverALinkGoesOverWhatIsInside() throws Exception {
        Files.createSymbolicLink(root.resolve("file"), victim);
        Files.createSymbolicLink(root.resolve("climbing"), Path.of("../outside/victim"));

        for (String target : List.of("/file", "/climbing")) {
            assertStaysInside(box(mount -> Programs.show(mount.root(root)).bindData(target, HELLO, 0600)).build());
            assertStaysInside(box(mount -> Programs.show(mount.root(root)).readOnlyFile(target, HELLO)).build());
            assertStaysInside(box(mount -> Programs.show(mount.root(root)).file(target, HELLO, 0600)).build());
            assertStaysInside(box(mount -> Programs.show(mount.root(root)).chmod(target, 0)).build());
            assertStaysInside(box(mount -> Programs.show(mount.root(root)).mask(target)).build());
        }
    }

    /** Links that the kernel follows without a path, out of whatever root: proc_pid_root(5). */
    @Test
    void theKernelsOwnLinksLeadNowhereEither() throws Exception {
        directory("root/proc");
        for (String link : List.of("/proc/1/root", "/proc/self/root", "/proc/self/cwd", "/proc/self/fd/16")) {
            Path path = root.resolve("magic");
            Files.deleteIfExists(path);
            Files.createSymbolicLink(path, Path.of(link));
            String inOutside = "/magic" + outside.toRealPath();

            assertThatExceptionOfType(NamespaceException.class).as(link)
                    .isThrownBy(() -> box(mount -> Programs.show(mount.root(root)).proc().tmpfs(inOutside + "/mnt"))
                            .spawn("true"))
                    .satisfies(e -> assertThat(e.step()).isEqualTo(Step.MOUNT_POINT));
            assertThatExceptionOfType(NamespaceException.class).as(link)
                    .isThrownBy(
                            () -> box(mount -> Programs.show(mount.root(root)).proc().file(inOutside + "/x", HELLO, 0))
                                    .spawn("true"));
            Files.delete(path);
            assertThat(Listing.of(outside)).isEqualTo(before);
        }
    }

    /** Whether it is refused or not, it leaves what is outside alone, and with it all mounts of the host. */
    private void assertStaysInside(Namespace box) throws Exception {
        Mounts mounts = Mounts.of(Proc.SELF);
        try (NamespaceProcess process = box.spawn("cat")) {
            assertThat(root.toRealPath().toString()).endsWith(Mounts.of(process.pid()).at("/").root());
        } catch (NamespaceException e) {
            assertThat(e.step()).isIn(Step.MOUNT_POINT, Step.MAKE_FILE, Step.SET_MODE, Step.MOUNT);
        }
        assertThat(Listing.of(outside)).isEqualTo(before);
        assertThat(Mounts.of(Proc.SELF)).isEqualTo(mounts);
    }
}
