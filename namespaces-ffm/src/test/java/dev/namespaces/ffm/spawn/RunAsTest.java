package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.namespaces.Capability;
import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.OrdinaryUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that run as somebody else: ids, groups, capabilities, and what becomes of the JVM. */
@ExtendWith(LeavesNothingBehind.class)
class RunAsTest {

    private static final String WHO = "grep -E '^(Uid|Gid|Groups|Cap(Inh|Prm|Eff|Amb))' /proc/self/status";
    private static final String NOBODY_SPECIAL = """
            Uid:	61234	61234	61234	61234
            Gid:	61235	61235	61235	61235
            Groups:	%s
            CapInh:	0000000000000000
            CapPrm:	0000000000000000
            CapEff:	0000000000000000
            CapAmb:	0000000000000000""";

    @TempDir
    Path folder;

    private static Namespace as(boolean init, int... groups) {
        var builder = Namespace.builder().runAs(61234, 61235, groups);
        return init ? builder.pid().mount().build() : builder.build();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void asRootTheIdsAreExactlyThoseAndThereIsNoCapability(boolean init) throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "needs root: without a user namespace this takes CAP_SETUID");

        assertThat(Child.script(as(init), WHO)).isEqualToIgnoringWhitespace(NOBODY_SPECIAL.formatted(""));
        assertThat(Child.script(as(init, 7, 5, 61236), WHO))
                .isEqualToIgnoringWhitespace(NOBODY_SPECIAL.formatted("5 7 61236"));
    }

    @Test
    @Tag("slow-under-emulation") // starts JVMs
    void whatTheJvmHadToInheritIsGone() throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "needs root, to have capabilities that can be inherited");

        assertThat(ChildJvm.of(RunsAs.class).by("setpriv", "--inh-caps=+kill,+syslog", "--ambient-caps=+kill",
                "--groups=5,6", "--").output())
                .isEqualToIgnoringWhitespace(NOBODY_SPECIAL.formatted("").repeat(2) + "00000000 00000000");
    }

    /** Prints who commands are, and what a command that stays root may inherit. */
    static final class RunsAs {
        static void main() throws Exception {
            System.out.println(Child.script(as(false), WHO));
            System.out.println(Child.script(as(true), WHO));
            String status = Child.script(Namespace.builder().runAs(0, 0), "cat /proc/self/status");
            System.out.printf("%08x %08x%n", Proc.statusBits(status, "CapInh"), Proc.statusBits(status, "CapAmb"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void asRootItHasTheCapabilitiesThatItIsGivenAndSetuidProgramsGiveNoOthers(boolean init) throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "needs root: without a user namespace this takes CAP_SETUID");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path setuid = Files.copy(Path.of("/bin/grep"), folder.resolve("grep"));
        Files.setAttribute(setuid, "unix:mode", 04755);
        Namespace given = as(init).toBuilder()
                .capabilities(c -> c.keepOnly(Capability.KILL, Capability.CHOWN).add(Capability.CHOWN)).build();

        assertThat(CapabilitySets.of(given)).isEqualTo(CapabilitySets
                .other(CapabilitySets.set(Capability.KILL, Capability.CHOWN), CapabilitySets.set(Capability.CHOWN)));
        assertThat(Child.says(given, setuid.toString(), "-E", "^(Uid|CapPrm|CapAmb)", "/proc/self/status"))
                .isEqualToIgnoringWhitespace(
                        "Uid: 61234 0 0 0 CapPrm: 0000000000000021 CapAmb: 0000000000000000");
    }

    @Test
    void rootThatStaysRootKeepsWhatTheKernelGives() throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "needs root");
        String own = Proc.text(Proc.SELF, "status");
        String status = Child.script(Namespace.builder().runAs(0, 0), "cat /proc/self/status");

        assertThat(Proc.statusBits(status, "CapPrm")).isEqualTo(Proc.statusBits(own, "CapBnd"));
        assertThat(Proc.statusBits(status, "CapEff")).isEqualTo(Proc.statusBits(own, "CapBnd"));
    }

    @Test
    void theInitKeepsItsIdsAndCannotBeTraced() throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "needs root: without a user namespace this takes CAP_SETUID");
        try (NamespaceProcess process = Child.ready(as(true), "cat /proc/1/environ || echo ready; cat")) {
            assertThat(Proc.status(process.pid(), "Uid").split("\\s+", -1)).containsOnly("0");
            assertThat(Proc.status(Proc.onlyChild(process.pid()), "Uid").split("\\s+", -1)).containsOnly("61234");
            process.destroy();
            assertThat(process.waitFor()).isEqualTo(143);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theJvmStaysDumpable(boolean init) throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "needs root: without a user namespace this takes CAP_SETUID");
        Child.says(as(init), "true");

        assertThat(Kernel.call(dev.namespaces.ffm.linux.Sys.PRCTL, 3)).as("PR_GET_DUMPABLE").isEqualTo(1);
        assertThat(Proc.status(Proc.SELF, "Uid").split("\\s+", -1)).containsOnly("0");
    }

    @Test
    @Tag("slow-under-emulation") // starts a JVM
    void anOrdinaryUserCannotWithoutAUserNamespace() throws Exception {
        assertThat(ChildJvm.of(Tries.class).asOrdinaryUser().output())
                .startsWith("CHANGE_IDS EPERM ").contains("CAP_SETUID and CAP_SETGID");
    }

    /** Tries to run something as somebody else. */
    static final class Tries {
        static void main() throws Exception {
            System.out.println(Attempt.of(as(false)));
        }
    }

    @Test
    void mappedToItselfACommandCanBeNobodyElse() throws Exception {
        Ids own = Ids.current();
        Namespace namespace = Namespace.builder().user(user -> user.mapCurrent()).runAs(own.user() + 1, own.group())
                .build();

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> namespace.spawn("true"))
                .satisfies(e -> assertThat(e.step()).isEqualTo(Step.CHANGE_IDS));
        assertThat(Child.says(namespace.toBuilder().runAs(own.user(), own.group()), "id", "-u"))
                .isEqualTo("" + own.user());
    }

    // ---- supplementary groups

    @Test
    @Tag("slow-under-emulation") // starts a JVM
    void whereSetgroupsIsAllowedTheGroupsAreExactlyThose() throws Exception {
        assertThat(Accounts.in(folder).jvm(SetsGroups.class).output()).isEqualTo("""
                without 5
                with 5 7 9
                as inner root 0
                set by inner root 0 8
                """);
    }

    /** Prints the groups of commands. */
    static final class SetsGroups {
        static void main() throws Exception {
            long first = MapsTest.granted(Integer.MAX_VALUE);
            Namespace namespace = Namespace.builder().user(user -> user.map(0, first, 1000)).build();
            System.out.println("without " + Child.says(namespace.toBuilder().runAs(5, 5), "id", "-G"));
            System.out.println("with " + Child.says(namespace.toBuilder().runAs(5, 5, 7, 9), "id", "-G"));
            System.out.println("as inner root " + Child.says(namespace, "id", "-G"));
            System.out.println("set by inner root " + Child.says(namespace, "setpriv", "--groups=8", "id", "-G"));
        }
    }

    @Test
    @Tag("slow-under-emulation") // starts a JVM
    void aGroupThatLacksAPermissionCannotBeDroppedWhereSetgroupsIsDenied() throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "needs root, to put somebody into a group");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path file = Files.writeString(folder.resolve("closed-to-its-group"), "secret");
        Files.setAttribute(file, "unix:gid", 61_300);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw----r--"));
        List<String> jvm = ChildJvm.of(Reads.class, file.toString()).asOrdinaryUser().command();
        List<String> command = jvm.subList(jvm.indexOf("--") + 1, jvm.size()); // without what would drop the group

        assertThat(Child.says(Namespace.builder().runAs(61234, 61234), Command.of(command)))
                .isEqualTo("plain open, root open, dropped open");
        assertThat(Child.says(Namespace.builder().runAs(61234, 61234, 61_300), Command.of(command)))
                .isEqualTo("plain closed, root closed, dropped closed");
    }

    /** Tries to read a file: itself, as inner root, and as inner root that tries to drop its groups. */
    static final class Reads {
        static void main(String[] arguments) throws Exception {
            String read = "cat \"$1\" > /dev/null 2>&1 && echo open || echo closed";
            Namespace root = Namespace.builder().user().build();
            System.out.println("plain " + Child.script(Namespace.builder(), read, arguments[0]) + ", root "
                    + Child.script(root, read, arguments[0]) + ", dropped "
                    + Child.script(root, "setpriv --clear-groups true 2> /dev/null; setpriv --groups=0 true"
                            + " 2> /dev/null; " + read, arguments[0]));
        }
    }
}
