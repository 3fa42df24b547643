package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Spawner;
import dev.namespaces.Step;
import dev.namespaces.UserConfig;
import dev.namespaces.ffm.linux.OrdinaryUser;
import dev.namespaces.ffm.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Maps of ids that are written from outside: what the kernel then says of them, and who owns the files that are made inside. */
@ExtendWith(LeavesNothingBehind.class)
class MapsTest {

    private static final int OWN_USER = Syscalls.geteuid();
    private static final int OWN_GROUP = Syscalls.getegid();
    private static final long SHORT = 2000;
    private static final long USUAL = 300_000;

    @TempDir
    Path folder;

    // ---- what is read back

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 340})
    void asRootMapsAreReadBackAsAsked(int ranges) throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "needs root: others cannot map whatever they like");

        assertThat(readBack(ranges, SHORT)).isEqualTo(expected(ranges, SHORT));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    @Tag("slow-under-emulation") // starts a JVM
    void anOrdinaryUsersMapsAreReadBackAsAsked(int ranges) throws Exception {
        assertReadBack(ranges);
    }

    @Test
    @Tag("slow-under-emulation") // starts a JVM
    void anOrdinaryUsersMapsOf340RangesAreReadBackAsAsked() throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "needs root, to grant ids to somebody whose numbers are short enough");

        assertReadBack(340);
    }

    private void assertReadBack(int ranges) throws Exception {
        String[] printed = Accounts.in(folder).jvm(ReadsBack.class, "" + ranges).output().split("---\n", -1);

        assertThat(printed[0]).isEqualTo(printed[1]);
        assertThat(printed[1].lines().count()).isEqualTo(ranges * 2L);
    }

    /** Prints the maps of a child, and what they should be. */
    static final class ReadsBack {
        static void main(String[] arguments) throws Exception {
            int ranges = Integer.parseInt(arguments[0]);
            long first = granted(ranges == 340 ? 100_000 : Integer.MAX_VALUE);
            System.out.print(readBack(ranges, first) + "---\n" + expected(ranges, first));
        }
    }

    /** The first id of a large range of subordinate ids. */
    static long granted(long below) throws NamespaceException {
        return SubordinateIds.read(IdMap.Kind.USER, Account.current()).ranges().stream()
                .filter(range -> range.count() >= 1000 && range.first() < below).findFirst().orElseThrow().first();
    }

    private static String readBack(int ranges, long first) throws Exception {
        try (NamespaceProcess process = Child.ready(Namespace.builder().user(user -> {
            for (int i = 0; i < ranges; i++) {
                user.map(i, first + 2L * i, 1);
            }
        }), "echo ready; cat")) {
            return map(process, "uid_map") + map(process, "gid_map");
        }
    }

    private static String expected(int ranges, long first) {
        String map = IntStream.range(0, ranges).mapToObj(i -> i + " " + (first + 2L * i) + " 1\n")
                .collect(Collectors.joining());
        return map + map;
    }

    private static String map(Process process, String name) throws IOException {
        return Proc.text(process.pid(), name).lines().map(line -> line.strip().replaceAll(" +", " ") + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void usersAndGroupsMayBeMappedDifferently() throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "needs root: others cannot map whatever they like");
        Namespace namespace = Namespace.builder().user(user -> user.mapUsers(0, USUAL, 10).mapGroups(0, SHORT, 20))
                .build();
        try (NamespaceProcess process = Child.ready(namespace, "echo ready; cat")) {
            assertThat(map(process, "uid_map")).isEqualTo("0 300000 10\n");
            assertThat(map(process, "gid_map")).isEqualTo("0 2000 20\n");
            assertThat(Proc.text(process.pid(), "setgroups")).isEqualTo("allow\n");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ownIdsMayBeMappedToAnyWithoutAHelper(boolean init) throws Exception {
        Namespace namespace = namespace(user -> user.mapUsers(7, OWN_USER, 1).mapGroups(8, OWN_GROUP, 1), init);

        assertThat(Child.script(namespace, "id -u; id -g; cat /proc/self/setgroups"))
                .isEqualTo("7\n8\n" + (OrdinaryUser.isSelf() ? "deny" : "allow"));
    }

    private static Namespace namespace(java.util.function.Consumer<UserConfig> maps, boolean init) {
        return init ? Namespace.builder().user(maps).pid().mount().build() : Namespace.builder().user(maps).build();
    }

    @Test
    void setgroupsCanBeDeniedWhereTheKernelWouldAllowIt() throws Exception {
        Namespace namespace = namespace(user -> user.mapUsers(0, OWN_USER, 1).mapGroups(0, OWN_GROUP, 1)
                .denySetgroups(), false);

        assertThat(Child.script(namespace, "cat /proc/self/setgroups; setpriv --clear-groups true || echo refused"))
                .startsWith("deny").endsWith("refused");
    }

    @Test
    @Tag("slow-under-emulation") // starts a JVM
    void subordinateIdsAreMappedBelowTheCallerAsRoot() throws Exception {
        List<String> lines = Accounts.in(folder).jvm(MapsSubordinates.class).output().lines().toList();

        assertThat(lines).element(0).asString().matches("0 \\d+ 1");
        assertThat(lines.getLast()).isEqualTo("as granted");
    }

    /** Prints the map of users, and whether it is as the host grants it. */
    static final class MapsSubordinates {
        static void main() throws Exception {
            SubordinateIds granted = SubordinateIds.read(IdMap.Kind.USER, Account.current());
            try (NamespaceProcess process = Child.ready(Namespace.builder().user(user -> user.mapSubordinate()).pid(),
                    "echo ready; cat")) {
                String map = map(process, "uid_map");
                String expected = granted.below(OWN_USER).stream().map(range -> range + "\n")
                        .collect(Collectors.joining());
                System.out.print(map + (map.equals(expected) ? "as granted" : "not as granted: " + expected));
            }
        }
    }

    // ---- whose files they are

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("slow-under-emulation") // starts a JVM
    void filesMadeInsideBelongToTheMappedIdsOutside(boolean init) throws Exception {
        assertThat(Accounts.in(folder).jvm(MakesFiles.class, "" + init).output()).isEqualTo("""
                root 0
                another 5 6
                root after runAs 7 8
                """);
    }

    /** Prints the owners of files, less the first of the ids to which inner ones are mapped. */
    static final class MakesFiles {
        static void main(String[] arguments) throws Exception {
            long first = granted(Integer.MAX_VALUE);
            Path made = Files.createTempDirectory("made");
            try {
                Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
                Namespace namespace = namespace(user -> user.map(0, first, 1000), Boolean.parseBoolean(arguments[0]));
                Child.script(namespace, "cd \"$1\"; touch root another; chown 5:6 another", made.toString());
                Child.script(namespace.toBuilder().runAs(7, 8), "touch \"$1\"/as", made.toString());
                System.out.println("root " + owner(made, "root", "uid", first));
                System.out.println("another " + owner(made, "another", "uid", first) + " "
                        + owner(made, "another", "gid", first));
                System.out.println("root after runAs " + owner(made, "as", "uid", first) + " "
                        + owner(made, "as", "gid", first));
            } finally {
                for (String name : new String[]{"root", "another", "as"}) {
                    Files.deleteIfExists(made.resolve(name));
                }
                Files.delete(made);
            }
        }

        private static long owner(Path made, String name, String attribute, long first) throws IOException {
            return (int) Files.getAttribute(made.resolve(name), "unix:" + attribute) - first;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRootThatIsNotTheHostsHasNoRightOverItsFiles(boolean init) throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "needs root, whose files are to be safe");
        Path file = Files.writeString(folder.resolve("secret"), "secret");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Namespace namespace = namespace(user -> user.map(0, USUAL, 65_536), init);

        assertThat(Child.script(namespace, "id -u; id -G; cat \"$1\" || chmod 777 \"$1\" || echo closed",
                file.toString())).isEqualTo("0\n0\nclosed");
    }

    // ---- whoever is not mapped

    @Test
    void ifNeitherTheJvmsIdsNorRootAreMappedSomebodyHasToBeNamed() throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "needs root: others cannot map whatever they like");
        Namespace namespace = namespace(user -> user.map(1000, USUAL, 10), true);

        assertRefused(namespace, Step.CHANGE_IDS, "EINVAL", "say who with runAs");
        assertThat(Child.script(namespace.toBuilder().runAs(1001, 1002), "id -u; id -g")).isEqualTo("1001\n1002");
    }

    private static void assertRefused(Spawner where, Step step, String errno, String remedy) {
        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> where.spawn("true")).satisfies(e -> {
            assertThat(e.step()).isEqualTo(step);
            assertThat(e.errnoName()).isEqualTo(errno);
            assertThat(e.remedy().orElse("")).contains(remedy);
        });
    }

    @Test
    void aMapWhoseTextIsLongerThanAPageIsRefusedBeforeAnythingIsStarted() {
        assumeFalse(OrdinaryUser.isSelf(), "needs root: others cannot map whatever they like");
        long large = 4_000_000_000L;
        Namespace namespace = namespace(user -> {
            for (int i = 0; i < 340; i++) {
                user.map(large + 2L * i, large + 2L * i, 1);
            }
        }, false);

        assertRefused(namespace, Step.MAP_IDS, "EINVAL", "as text they take 8160 bytes");
    }

    // ---- the way there

    @Test
    void stageTwoKeepsNothingOfTheWayThere() throws Exception {
        Namespace namespace = namespace(user -> user.mapUsers(0, OWN_USER, 1).mapGroups(0, OWN_GROUP, 1), true);
        try (NamespaceProcess process = Child.ready(namespace, "echo ready; cat")) {
            Await.until("the init to have nothing but its report",
                    () -> Proc.descriptors(process.pid()).size() == 1);
            assertThat(Proc.descriptors(Proc.onlyChild(process.pid())).keySet()).containsExactly(0, 1, 2);
        }
    }

    @Test
    void anInterruptedThreadMapsAsAnyOther() throws Exception {
        Namespace namespace = namespace(user -> user.mapUsers(0, OWN_USER, 1).mapGroups(0, OWN_GROUP, 1), false);
        Thread.currentThread().interrupt();
        try (NamespaceProcess process = namespace.spawn("cat")) {
            assertThat(Thread.interrupted()).isTrue();
            assertThat(map(process, "uid_map")).isEqualTo("0 " + OWN_USER + " 1\n");
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void explainShowsTheMapsAndTheGate() {
        String text = namespace(user -> user.mapUsers(0, OWN_USER, 1).mapGroups(5, OWN_GROUP, 1), false).explain();

        assertThat(text).contains("gate 1: write uid_map \"0 " + OWN_USER + " 1\"", "gid_map \"5 " + OWN_GROUP + " 1\"",
                "read(gate");
    }

    @Test
    void whatTheFirstStageHandsOnIsBelowEveryDescriptorOfTheJvms() {
        assertThat(Gates.FD).isLessThan(FirstStage.LOWEST_SOURCE);
    }
}
