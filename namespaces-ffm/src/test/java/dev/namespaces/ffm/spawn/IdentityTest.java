package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.ffm.linux.Syscalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who a child is: ids, session, signal state. */
@ExtendWith(LeavesNothingBehind.class)
class IdentityTest {

    private static final int USER = Syscalls.geteuid();
    private static final int GROUP = Syscalls.getegid();

    @Test
    void mappedToRootTheCallerIsRootInsideAndItselfOutside() throws Exception {
        assertMaps(Namespace.builder().user().build(), 0, 0);
    }

    @Test
    void mappedToItselfTheCallerKeepsItsIds() throws Exception {
        assertMaps(Namespace.builder().user(user -> user.mapCurrent()).build(), USER, GROUP);
    }

    private static void assertMaps(Namespace namespace, int user, int group) throws Exception {
        assertThat(Child.script(namespace, "id -u; id -g")).isEqualTo(user + "\n" + group);
        try (NamespaceProcess process = Child.ready(namespace, "echo ready; cat")) {
            assertThat(Proc.text(process.pid(), "uid_map").strip().split(" +"))
                    .containsExactly("" + user, "" + USER, "1");
            assertThat(Proc.text(process.pid(), "gid_map").strip().split(" +"))
                    .containsExactly("" + group, "" + GROUP, "1");
            assertThat(Proc.text(process.pid(), "setgroups").strip()).isEqualTo("deny");
            assertThat(Proc.status(process.pid(), "Uid").split("\\s+")).containsOnly("" + USER);
        }
    }

    private static String selfStatus() throws Exception {
        return Proc.text(Proc.SELF, "status");
    }

    // ---- signal state

    @ParameterizedTest
    @EnumSource(Way.class)
    void noSignalIsBlockedOrCaughtAndNoneIgnoredButThoseOfTheJvm(Way way) throws Exception {
        String status = Child.says(way.builder(), "cat", "/proc/self/status");

        assertThat(Proc.statusBits(status, "SigBlk")).isZero();
        assertThat(Proc.statusBits(status, "SigCgt")).isZero();
        assertThat(Proc.statusBits(status, "SigPnd")).isZero();
        assertThat(Proc.statusBits(status, "SigIgn")).isEqualTo(Proc.statusBits(selfStatus(), "SigIgn"));
    }

    // ---- session

    @ParameterizedTest
    @EnumSource(Way.class)
    void aNewSessionIsLedByTheChild(Way way) throws Exception {
        try (NamespaceProcess process = Child.ready(way.builder().newSession(), "echo ready; cat")) {
            Proc.Stat stat = Proc.statOf(way.command(process));

            assertThat(stat.session()).isEqualTo(process.pid());
            assertThat(stat.group()).isEqualTo(process.pid());
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void withoutANewSessionTheChildIsInTheJvmsSessionAndGroup(Way way) throws Exception {
        try (NamespaceProcess process = Child.ready(way.builder(), "echo ready; cat")) {
            Proc.Stat stat = Proc.statOf(way.command(process));
            Proc.Stat self = Proc.statOf(Proc.SELF);

            assertThat(stat.session()).isEqualTo(self.session());
            assertThat(stat.group()).isEqualTo(self.group());
        }
    }

    // ---- no_new_privs

    @ParameterizedTest
    @EnumSource(Way.class)
    void noNewPrivilegesIsSetIfAskedForAndNotOtherwise(Way way) throws Exception {
        String[] command = {"grep", "NoNewPrivs", "/proc/self/status"};

        assertThat(Child.says(way.builder().noNewPrivileges(), command)).endsWith("1");
        assertThat(Child.says(way.builder(), command)).endsWith(Proc.status(Proc.SELF, "NoNewPrivs"));
    }
}
