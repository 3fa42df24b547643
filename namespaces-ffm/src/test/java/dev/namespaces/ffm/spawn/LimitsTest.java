package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceKind;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.OrdinaryUser;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Spawns for which this host has no right or no room left: each refusal says what to change, and leaves nothing behind. */
@ExtendWith(LeavesNothingBehind.class)
@Tag("slow-under-emulation") // starts many JVMs
class LimitsTest {

    // ---- rights

    @Test
    void withoutTheRightToMakeNamespacesTheRemedyIsAUserNamespace() throws Exception {
        List<String> lines = ChildJvm.of(WithoutRights.class).asOrdinaryUser().output().lines().toList();

        assertThat(lines).hasSize(2 * (NamespaceKind.values().length - 1));
        for (int i = 0; i < lines.size(); i += 2) {
            assertThat(lines.get(i)).startsWith("CLONE EPERM ").contains("CAP_SYS_ADMIN", "add .user()");
            assertThat(lines.get(i + 1)).isEqualTo(Attempt.STARTED);
        }
    }

    @Test
    void forRootThatHasLostItsCapabilitiesTheRemedyIsNoneThatDoesNotHelp() throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "needs root, to take the capabilities away from");
        List<String> lines = ChildJvm.of(WithoutRights.class).by("setpriv", "--bounding-set=-all", "--inh-caps=-all")
                .output().lines().toList();

        for (int i = 0; i < lines.size(); i += 2) {
            assertThat(lines.get(i)).startsWith("CLONE EPERM ").contains("CAP_SYS_ADMIN");
            if (!lines.get(i + 1).equals(Attempt.STARTED)) {
                assertThat(lines.get(i)).doesNotContain("add .user()");
                assertThat(lines.get(i + 1)).startsWith("MAP_IDS EPERM ").contains("CAP_SETFCAP");
            }
        }
    }

    /** Tries every kind, without a user namespace and with one. */
    static final class WithoutRights {
        static void main() throws Exception {
            for (NamespaceKind kind : NamespaceKind.values()) {
                if (kind != NamespaceKind.USER) {
                    System.out.println(Attempt.of(Namespace.builder().create(List.of(kind))));
                    System.out.println(Attempt.of(Namespace.builder().create(List.of(kind, NamespaceKind.USER))));
                }
            }
        }
    }

    // ---- the number of namespaces

    @Test
    void whereNoNetworkNamespaceMayBeMadeTheSysctlIsNamed() throws Exception {
        List<String> command = ChildJvm.of(WithoutNetworks.class).command();

        assertThat(Namespace.builder().user().run(Command.of(command)).orThrow().stdout().lines()).containsExactly(
                "CLONE ENOSPC no such namespace may be created here: raise the sysctl user.max_net_namespaces",
                "CLONE ENOSPC no such namespace may be created here: raise the sysctl user.max_net_namespaces",
                "CLONE ENOSPC no such namespace may be created here: raise the sysctl user.max_net_namespaces",
                Attempt.STARTED, Attempt.STARTED);
    }

    /** In a user namespace of its own: forbids network namespaces, tries to make some, and allows them again. */
    static final class WithoutNetworks {
        static void main() throws Exception {
            Path limit = Path.of("/proc/sys/user/max_net_namespaces");
            Files.writeString(limit, "0");
            System.out.println(Attempt.of(Namespace.builder().net()));
            System.out.println(Attempt.of(Namespace.builder().user().net().uts()));
            System.out.println(Attempt.of(Namespace.builder().net().pid()));
            System.out.println(Attempt.of(Namespace.builder().pid()));
            Files.writeString(limit, "10");
            System.out.println(Attempt.of(Namespace.builder().net().pid()));
        }
    }

    // ---- the number of descriptors

    @ParameterizedTest
    @EnumSource(Way.class)
    void withAFullTableOfDescriptorsASpawnIsRefusedAndLeavesNothing(Way way) throws Exception {
        List<String> lines = ChildJvm.of(FullTable.class, way.name()).byScript("ulimit -n 100; exec \"$@\"").output()
                .lines().toList();

        assertThat(lines).hasSizeGreaterThan(3).last().isEqualTo(Attempt.STARTED);
        assertThat(lines.subList(0, lines.size() - 1))
                .allMatch(line -> line.matches("(OPEN_STREAM|CLONE|START_INIT) EMFILE .*100.*ulimit -n.*"));
    }

    /** Tries to spawn with no free descriptor, with one, with two and so on until one is started. */
    static final class FullTable {
        static void main(String[] arguments) throws Exception {
            Namespace namespace = Way.valueOf(arguments[0]).namespace();
            loadAllClasses();
            Attempt.of(namespace);
            Attempt.of(namespace.toBuilder().uts()); // may be refused
            Map<Integer, String> before = Proc.descriptors(Proc.SELF);
            String outcome = "";
            for (int free = 0; !outcome.equals(Attempt.STARTED); free++) {
                Deque<FileInputStream> open = filled();
                for (int i = 0; i < free; i++) {
                    open.pop().close();
                }
                outcome = Attempt.of(namespace);
                for (FileInputStream file : open) {
                    file.close();
                }
                System.out.println(outcome);
                expect("no descriptor left: " + Proc.descriptors(Proc.SELF),
                        Proc.descriptors(Proc.SELF).size() == before.size());
                expect("no child left", Proc.children(Proc.SELF).isEmpty());
            }
        }

        private static Deque<FileInputStream> filled() {
            Deque<FileInputStream> open = new ArrayDeque<>();
            try {
                while (true) {
                    open.push(new FileInputStream("/dev/zero"));
                }
            } catch (IOException _) {
                return open;
            }
        }

        /** Those in a folder, rather than in an archive that is open already, could not be loaded later. */
        private static void loadAllClasses() throws Exception {
            for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                Path root = Path.of(element);
                if (Files.isDirectory(root)) {
                    try (Stream<Path> files = Files.walk(root.resolve("dev/namespaces"))) {
                        files.map(file -> root.relativize(file).toString()).filter(file -> file.endsWith(".class"))
                                .forEach(FullTable::load);
                    }
                }
            }
        }

        private static void load(String file) {
            try {
                Class.forName(file.substring(0, file.length() - ".class".length()).replace('/', '.'));
            } catch (ClassNotFoundException | LinkageError _) {
                // a test class: this JVM has no test engine
            }
        }
    }

    private static void expect(String what, boolean condition) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }

    // ---- the number of processes

    @ParameterizedTest
    @EnumSource(Way.class)
    void whereNoFurtherProcessMayBeMadeASpawnIsRefusedAndLeavesNothing(Way way) throws Exception {
        List<String> lines = ChildJvm.of(NoProcess.class, way.name()).asOrdinaryUser().output().lines().distinct()
                .toList();

        assertThat(lines).hasSizeGreaterThan(1).last().isEqualTo(Attempt.STARTED);
        assertThat(lines.getFirst()).startsWith("CLONE EAGAIN ");
        assertThat(lines.subList(0, lines.size() - 1))
                .allMatch(line -> line.matches("(CLONE|START_INIT) EAGAIN .*ulimit -u.*"));
    }

    /** Tries to spawn while the user may have one process, two, and so on until one is started. */
    static final class NoProcess {
        static void main(String[] arguments) throws Exception {
            Namespace namespace = Way.valueOf(arguments[0]).namespace();
            Attempt.of(namespace);
            List<String> outcomes = new ArrayList<>();
            for (int limit = 1; !outcomes.contains(Attempt.STARTED); limit++) {
                Kernel.limit(Kernel.RLIMIT_NPROC, limit);
                outcomes.add(Attempt.of(namespace).replaceAll("limit is \\d+", "limit is N"));
                expect("no child left", Proc.children(Proc.SELF).isEmpty());
            }
            outcomes.forEach(System.out::println);
            System.out.flush();
            Runtime.getRuntime().halt(0); // an orderly end would start threads
        }
    }
}
