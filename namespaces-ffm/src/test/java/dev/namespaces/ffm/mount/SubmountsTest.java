package dev.namespaces.ffm.mount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.MountFlag;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Spawner;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.spawn.Child;
import dev.namespaces.ffm.spawn.Proc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Binds of directories in which other things are mounted: by another JVM, in a mount namespace where that is so. */
class SubmountsTest extends MountTest {

    private static final List<String> BELOW = List.of("", "/a", "/a/b", "/a/file");

    /** What becomes of the source under each name, in which every mount must be as its name says. */
    private Map<String, String> outcomes() throws Exception {
        // A file system, two more in it, and a file that is mounted over another one.
        String script = """
                set -e
                cd '%s'
                mkdir source
                mount -t tmpfs top source
                cd source
                mkdir a usr bin lib lib64 sbin
                mount -t tmpfs middle a
                mkdir a/b
                mount -t tmpfs -o noexec bottom a/b
                echo content > file
                echo covered > a/file
                mount --bind file a/file
                exec "$@"
                """.formatted(folder.toRealPath());
        String output = ChildJvm.of(Binds.class, setting.name(), folder.resolve("source").toString()).byScript(script)
                .by("unshare", "--user", "--map-root-user", "--mount").output();
        Map<String, String> outcomes = new TreeMap<>();
        for (String part : output.split("== ", -1)) {
            outcomes.put(part.lines().findFirst().orElse(""), part.substring(part.indexOf('\n') + 1));
        }
        return outcomes;
    }

    @Test
    void everyMountBelowIsThereAndAsItShouldBe() throws Exception {
        Map<String, String> outcomes = outcomes();
        Mounts mounts = Mounts.of(outcomes.getOrDefault("mounts", ""));

        for (String below : BELOW) {
            assertThat(mounts.at("/rw" + below).flags()).as(below).contains("rw", "nosuid", "nodev");
            assertThat(mounts.at("/ro" + below).flags()).as(below).contains("ro", "nosuid", "nodev");
            assertThat(mounts.at("/dev" + below).flags()).as(below).contains("rw", "nosuid").doesNotContain("nodev");
            assertThat(mounts.at("/path" + below).flags()).as(below).contains("ro", "nosuid", "nodev");
        }
        for (String name : List.of("/rw", "/ro", "/dev", "/path")) {
            assertThat(mounts.at(name + "/a").source()).isEqualTo("middle");
            assertThat(mounts.at(name + "/a/b").source()).isEqualTo("bottom");
            assertThat(mounts.at(name + "/a/b").flags()).as("what it forbade before").contains("noexec");
            assertThat(mounts.at(name + "/a").flags()).doesNotContain("noexec");
        }
        assertThat(mounts.at("/remounted").flags()).contains("ro");
        assertThat(mounts.at("/remounted/a").flags()).contains("rw");
        assertThat(outcomes).containsEntry("writes", """
                /dev
                /dev/a
                /dev/a/b
                /dev/a/file
                /remounted/a
                /remounted/a/b
                /remounted/a/file
                /rw
                /rw/a
                /rw/a/b
                /rw/a/file
                """);
    }

    @Test
    void aRootComesWithAllThatIsMountedThere() throws Exception {
        Map<String, String> outcomes = outcomes();
        Mounts root = Mounts.of(outcomes.getOrDefault("root", ""));
        Mounts readOnly = Mounts.of(outcomes.getOrDefault("read-only root", ""));

        assertThat(root.at("/").source()).isEqualTo("top");
        assertThat(root.at("/a/b").source()).isEqualTo("bottom");
        for (String point : List.of("/", "/a", "/a/b", "/a/file")) {
            assertThat(root.at(point).flags()).as(point).contains("rw", "nodev").doesNotContain("nosuid");
            assertThat(readOnly.at(point).flags()).as(point).contains("ro", "nodev", "nosuid");
        }
        assertThat(Files.exists(folder.resolve("source/a"))).as("mounted here").isFalse();
    }

    /** Prints what becomes of a directory. */
    static final class Binds {
        static void main(String[] arguments) throws Exception {
            Setting setting = Setting.valueOf(arguments[0]);
            Path source = Path.of(arguments[1]);
            Spawner box = setting.builder().mount(mount -> Programs.make(mount.emptyRoot()).bind(source, "/rw")
                    .readOnlyBind(source, "/ro").deviceBind(source, "/dev").bind(source, "/path")
                    .readOnlyPath("/path").bind(source, "/remounted").remountReadOnly("/remounted").tmpfs("/tmp"))
                    .build();
            print("mounts", box);
            System.out.println("== writes\n" + Child.script(box, """
                    for name in /dev /path /remounted /ro /rw; do
                        for below in "" /a /a/b; do
                            { true > $name$below/new; } 2>&- && echo $name$below
                        done
                        { true >> $name/a/file; } 2>&- && echo $name/a/file
                    done
                    exit 0"""));
            for (String name : List.of("bin", "lib", "lib64", "sbin")) {
                if (Files.isSymbolicLink(Path.of("/", name))) {
                    Files.delete(source.resolve(name));
                }
            }
            print("root", setting.builder().mount(mount -> Programs.make(mount.root(source))));
            print("read-only root", setting.builder().mount(mount -> Programs.show(mount.root(source,
                    MountFlag.READ_ONLY, MountFlag.NOSUID))));
        }

        private static void print(String name, Spawner box) throws Exception {
            try (NamespaceProcess process = Child.ready(box, "echo ready; read line")) {
                System.out.print("== " + name + "\n" + Proc.text(process.pid(), "mountinfo"));
                Child.finish(process);
            }
        }
    }
}
