package dev.namespaces.ffm.mount;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.MountFlag;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Propagation;
import dev.namespaces.Step;
import dev.namespaces.ffm.spawn.Proc;
import dev.namespaces.ffm.spawn.Refused;
import dev.namespaces.spi.Content;
import dev.namespaces.spi.MountRoot;
import dev.namespaces.spi.MountSpec;
import dev.namespaces.spi.MountStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A failure half way leaves the host as it was: with every system call of a long configuration refused in turn. */
class TakingBackTest extends MountTest {

    private static final Content HELLO = new Content("hello\n".getBytes(UTF_8));
    private static final Set<MountFlag> FLAGS = Set.of(MountFlag.NOSUID, MountFlag.NODEV);
    private static final Set<MountFlag> READ_ONLY = Set.of(MountFlag.NOSUID, MountFlag.NODEV, MountFlag.READ_ONLY);
    private static final String MISSING = "/no/such/program";

    /** On the host, with directories that are there and others that have to be made. */
    private MountSpec longOne(boolean withContent) throws Exception {
        Path root = rootDirectory();
        directory("root/there");
        file("root/there/file", "untouched");
        Path writable = directory("writable");
        file("writable/file", "untouched");
        Path file = file("file", "untouched");
        Path low = directory("low");
        file("low/file", "untouched");
        directory("other");
        Path upper = directory("upper");
        Path work = directory("work");
        List<MountStep> steps = new ArrayList<>(List.of(
                new MountStep.Bind(Path.of("/usr"), "/usr", null, false, READ_ONLY, null),
                new MountStep.Bind(writable, "/made/for/this", null, false, FLAGS, null),
                new MountStep.Bind(file, "/made/for/file", null, false, READ_ONLY, null),
                new MountStep.Bind(folder.resolve("missing"), "/not/made", null, true, FLAGS, null),
                new MountStep.Directory("/made/for/this/new", 0711), //
                new MountStep.Directory("/there/a/b/c", 0700),
                new MountStep.Symlink("anywhere", "/made/for/this/deep/link"), //
                new MountStep.Symlink("anywhere", "/there/link"),
                new MountStep.Tmpfs("/tmp", OptionalLong.of(1 << 20), 01777, FLAGS),
                new MountStep.Tmpfs("/there/tmp/x", OptionalLong.empty(), 0700, FLAGS),
                new MountStep.Directory("/tmp/in/memory", 0755), //
                new MountStep.Special(MountStep.Type.PROC, "/proc"),
                new MountStep.Dev("/dev"), //
                new MountStep.Special(MountStep.Type.DEVPTS, "/there/pts"),
                new MountStep.Overlay(List.of(low, folder.resolve("other")),
                        new MountStep.Upper.Directory(upper, work), "/overlay/kept"),
                new MountStep.Overlay(List.of(low), new MountStep.Upper.Memory(), "/overlay/memory"),
                new MountStep.Overlay(List.of(low, folder.resolve("other")), null, "/overlay/both"),
                new MountStep.Chmod("/tmp/in", 0700), //
                new MountStep.Mask("/there/file"), //
                new MountStep.Mask("/proc/sys"), //
                new MountStep.ReadOnlyPath("/made/for/this"), //
                new MountStep.Propagate("/tmp", Propagation.SHARED), //
                new MountStep.RemountReadOnly("/there/tmp/x")));
        if (withContent) {
            steps.add(9, new MountStep.NewFile("/there/new/file", HELLO, 0640));
            steps.add(10, new MountStep.NewFile("/tmp/file", HELLO, 04755));
            steps.add(11, new MountStep.DataBind("/data/one", HELLO, 0600, false));
            steps.add(12, new MountStep.DataBind("/data/two", HELLO, 0600, true));
        }
        if (!hasOverlays()) {
            steps.removeIf(step -> step instanceof MountStep.Overlay);
        }
        return new MountSpec(new MountRoot.Directory(root, Set.of(MountFlag.NODEV)), steps, Propagation.UNBINDABLE);
    }

    private Set<NamespaceKind> kinds() {
        Set<NamespaceKind> kinds = EnumSet.of(NamespaceKind.MOUNT, NamespaceKind.PID);
        if (setting != Setting.ROOT) {
            kinds.add(NamespaceKind.USER);
        }
        return kinds;
    }

    /** Each setting on another route: in a child that shares the JVM's memory, in stage 2 that becomes the command, and in the init. */
    @Test
    void everyRefusalIsToldAndTakesBackWhatWasMade() throws Exception {
        MountSpec mount = longOne(setting != Setting.USER);
        boolean asPid1 = setting != Setting.ROOT;
        // What the kernel makes in the work directory of an overlay stays there, and is here beforehand.
        Path work = directory("work/work");
        Files.setPosixFilePermissions(work, Set.of());
        List<String> before = files();
        Mounts mounts = Mounts.of(Proc.SELF);
        List<String> made;
        List<String> inside;
        try (NamespaceProcess process = Refused.none(kinds(), asPid1, mount).of("cat")) {
            inside = inside(process);
            made = files();
        }
        restore(before);

        Set<Step> refused = new TreeSet<>();
        List<Refused.Spawn> spawns = Refused.each(kinds(), asPid1, mount);
        for (int i = 0; i < spawns.size(); i++) {
            String which = "system call " + i + " of " + spawns.size();
            try (NamespaceProcess process = spawns.get(i).of("cat")) {
                // It was not made, or another one did as well.
                assertThat(inside(process)).as(which).isEqualTo(inside);
                assertThat(files()).as(which).isEqualTo(made);
                restore(before);
            } catch (NamespaceException e) {
                refused.add(e.step());
                assertThat(e.errnoName()).as(which + ": " + e).isEqualTo("ENOSYS");
                assertThat(files()).as(which + ": " + e).isEqualTo(before);
            }
        }

        assertThat(Mounts.of(Proc.SELF)).isEqualTo(mounts);
        assertThat(refused).contains(Step.MOUNT_PROPAGATION, Step.MOUNT, Step.MOUNT_SOURCE, Step.MOUNT_POINT,
                Step.MOUNT_FLAGS, Step.MAKE_FILE, Step.SET_MODE, Step.PROTECT, Step.CHANGE_ROOT, Step.EXECUTE);
        assertThat(spawns).hasSizeGreaterThan(200);
    }

    /** All mounts of a process, but for what differs each time. */
    private static List<String> inside(NamespaceProcess process) throws Exception {
        return Mounts.of(process.pid()).all().stream()
                .map(mount -> mount.point() + " " + mount.type() + " " + mount.root() + " "
                        + new TreeSet<>(mount.flags())
                        + mount.propagation().stream().map(field -> field.replaceAll("[0-9]", "")).toList())
                .sorted().toList();
    }

    /** Deletes what a spawn has made. */
    private void restore(List<String> before) throws Exception {
        for (String line : files().reversed()) {
            if (!before.contains(line)) {
                Files.delete(folder.resolve(line.split(" ", 2)[0]));
            }
        }
        assertThat(files()).isEqualTo(before);
    }

    private List<String> files() throws Exception {
        return Listing.of(folder).stream().filter(line -> !line.startsWith("work/")).toList();
    }

    @Test
    void aMissingProgramTakesBackWhatWasMadeToo() throws Exception {
        MountSpec mount = longOne(true);
        List<String> before = files();
        for (boolean asPid1 : new boolean[]{true, false}) {
            try (NamespaceProcess process = Refused.none(kinds(), asPid1, mount).of(MISSING)) {
                assertThat(process).isNull();
            } catch (NamespaceException e) {
                assertThat(e.step()).isEqualTo(Step.EXECUTE);
                assertThat(e.errnoName()).isEqualTo("ENOENT");
            }
            assertThat(files()).isEqualTo(before);
        }
    }

    /** The configuration works, but for the refusals. */
    @Test
    void withoutARefusalEverythingIsMade() throws Exception {
        MountSpec mount = longOne(true);
        try (NamespaceProcess process = Refused.none(kinds(), false, mount).of("true")) {
            assertThat(process.waitFor()).isZero();
        }

        assertThat(names(folder.resolve("root/there"))).contains("a", "file", "link", "new", "pts", "tmp");
        assertThat(names(folder.resolve("writable"))).containsExactly("deep", "file", "new");
        assertThat(folder.resolve("root/there/new/file")).hasContent("hello\n");
    }
}
