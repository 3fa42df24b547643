package dev.namespaces.ffm.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Propagation;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.spawn.Child;
import dev.namespaces.ffm.spawn.Proc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether mounts that are made later on one side are seen on the other. */
class PropagationTest extends MountTest {

    private static final String BIND = "mount --bind \"$1\" /y 2>&- && echo bound || echo refused";

    @Test
    void byDefaultNothingPropagates() throws Exception {
        assertThat(Mounts.in(emptyBox(mount -> mount.tmpfs("/x").bind(folder, "/y"))).all())
                .allSatisfy(mount -> assertThat(mount.propagation()).as(mount.point()).isEmpty());
        assertThat(Mounts.in(box(mount -> mount.tmpfs(folder.toString()))).all())
                .allSatisfy(mount -> assertThat(mount.propagation()).as(mount.point()).isEmpty());
    }

    @Test
    void allMountsOfANamespaceCanBeShared() throws Exception {
        assertThat(Mounts.in(emptyBox(mount -> mount.tmpfs("/x").bind(folder, "/y").propagation(Propagation.SHARED)))
                .all()).allSatisfy(
                        mount -> assertThat(mount.propagation()).as(mount.point())
                                .anyMatch(field -> field.startsWith("shared:")));
    }

    @Test
    void allMountsOfANamespaceCanBeKeptFromBeingBoundAgain() throws Exception {
        assertThat(Mounts.in(emptyBox(mount -> mount.tmpfs("/x").propagation(Propagation.UNBINDABLE))).all())
                .allSatisfy(mount -> assertThat(mount.propagation()).as(mount.point()).containsExactly("unbindable"));
        assertThat(Child.script(emptyBox(mount -> mount.tmpfs("/x").proc().directory("/y")
                .propagation(Propagation.UNBINDABLE)), BIND, "/x")).isEqualTo("refused");
        assertThat(Child.script(emptyBox(mount -> mount.tmpfs("/x").proc().directory("/y")), BIND, "/x"))
                .isEqualTo("bound");
    }

    @Test
    void oneMountAndThoseBelowItCanDifferFromTheOthers() throws Exception {
        Mounts mounts = Mounts.in(emptyBox(mount -> mount.tmpfs("/shared").tmpfs("/shared/below").tmpfs("/not")
                .tmpfs("/no/more").tmpfs("/both").propagation("/shared", Propagation.SHARED)
                .propagation("/not", Propagation.UNBINDABLE).propagation("/both", Propagation.SHARED)
                .propagation("/both", Propagation.PRIVATE).tmpfs("/shared/later")));

        for (String point : new String[]{"/shared", "/shared/below", "/shared/later"}) {
            assertThat(mounts.at(point).propagation()).as(point).singleElement().asString().startsWith("shared:");
        }
        assertThat(mounts.at("/not").propagation()).containsExactly("unbindable");
        assertThat(mounts.at("/no/more").propagation()).isEmpty();
        assertThat(mounts.at("/both").propagation()).isEmpty();
        assertThat(mounts.at("/").propagation()).isEmpty();
    }

    @Test
    void thePropagationOfWhatIsNoMountIsRefused() {
        assertThatExceptionOfType(NamespaceException.class)
                .isThrownBy(() -> emptyBox(mount -> mount.directory("/x").propagation("/x", Propagation.SHARED))
                        .spawn("true"))
                .withMessageContainingAll("/x", "Invalid argument (EINVAL)");
    }

    /** The JVM is in a namespace whose mounts are shared, and mounts something while its child runs, which does the same. */
    @Test
    void whatIsMountedOutsideIsSeenInsideIfThatIsAskedForAndNeverTheOtherWayRound() throws Exception {
        String source = directory("source").toString();

        assertThat(ChildJvm.of(MountsLater.class, setting.name(), source)
                .by("unshare", "--user", "--map-root-user", "--mount", "--propagation", "shared").output())
                .isEqualTo("""
                        PRIVATE: outside [private] -> inside false, inside -> outside false
                        SLAVE: outside [master] -> inside true, inside -> outside false
                        SHARED: outside [master, shared] -> inside true, inside -> outside false
                        UNBINDABLE: outside [unbindable] -> inside false, inside -> outside false
                        """);
    }

    /** Mounts something after each spawn. */
    static final class MountsLater {
        static void main(String[] arguments) throws Exception {
            Setting setting = Setting.valueOf(arguments[0]);
            Path source = Path.of(arguments[1]);
            Files.createDirectory(source.resolve("outer"));
            Files.createDirectory(source.resolve("inner"));
            for (Propagation propagation : Propagation.values()) {
                try (NamespaceProcess process = Child.ready(setting.builder()
                        .mount(mount -> Programs.make(mount.emptyRoot()).proc().bind(source, "/x")
                                .propagation(propagation)),
                        "echo ready; read line; mount -t tmpfs inner /x/inner && echo ready; read line")) {
                    run("mount", "-t", "tmpfs", "outer", source.resolve("outer").toString());
                    Mounts inside = Mounts.of(process.pid());
                    process.outputWriter().append('\n').flush();
                    if (!"ready".equals(process.inputReader().readLine())) {
                        throw new AssertionError("could not mount");
                    }
                    boolean isSeenOutside = Mounts.of(Proc.SELF).points().contains(source.resolve("inner").toString());
                    run("umount", source.resolve("outer").toString());
                    System.out.println(propagation + ": outside " + kinds(inside.at("/x")) + " -> inside "
                            + inside.points().contains("/x/outer") + ", inside -> outside " + isSeenOutside);
                    Child.finish(process);
                }
            }
        }

        private static List<String> kinds(Mounts.Mount mount) {
            return mount.propagation().isEmpty()
                    ? List.of("private")
                    : mount.propagation().stream().map(field -> field.replaceAll(":.*", "")).sorted().toList();
        }

        private static void run(String... command) throws Exception {
            if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
                throw new AssertionError(String.join(" ", command));
            }
        }
    }
}
