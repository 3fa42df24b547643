package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.UserConfig;
import dev.namespaces.ffm.linux.OrdinaryUser;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands that must not create user namespaces, and do what they can to create one. */
@ExtendWith(LeavesNothingBehind.class)
class NestedTest {

    /** What inner root tries; prints the limit that it has set, and whether it has succeeded. */
    private static final String ENEMY = """
            try() { "$@" 2> error && echo "succeeded: $*"; cat error >&2; }
            cd "$(mktemp -d)"
            echo 1000 > /proc/sys/user/max_user_namespaces
            cat /proc/sys/user/max_user_namespaces
            try unshare --user true
            try unshare --user --map-root-user true
            try unshare --user --mount true
            for pid in $PPID 1 $1; do
                try nsenter --user=/proc/$pid/ns/user true
                try nsenter --user=/proc/$pid/ns/user unshare --user true
            done
            rm -f error; rmdir "$PWD"
            """;

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void innerRootCannotCreateAUserNamespaceThoughItRaisesTheLimit(Way way) throws Exception {
        assertThat(enemy(way, user -> user.forbidNestedUserNamespaces())).isEqualTo("1000");
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void withoutThatItCan(Way way) throws Exception {
        assertThat(enemy(way, user -> user.mapRoot())).contains("succeeded: unshare --user true");
    }

    /** With no more than a limit of zero in the one user namespace that there is, inner root raises it. */
    @Test
    void aLimitAloneWouldNotHold() throws Exception {
        assertThat(Child.script(Namespace.builder().user(), "echo 0 > /proc/sys/user/max_user_namespaces\n" + ENEMY,
                "1")).contains("succeeded: unshare --user true");
    }

    private static String enemy(Way way, Consumer<UserConfig> user) throws Exception {
        return Child.script(way.builder().user(user), ENEMY, "" + Proc.SELF);
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void asEveryMappedUserItCannotEither(Way way) throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "needs root: others cannot map whatever they like");

        assertThat(Child.script(
                way.builder().user(user -> user.map(0, 300_000, 100).map(100, 400_000, 5).forbidNestedUserNamespaces()),
                "cat /proc/self/uid_map; cat /proc/self/setgroups; for id in 0 5 104; do"
                        + " setpriv --reuid=$id --regid=$id --groups=$id unshare --user true || echo refused; done"))
                .matches("(?s) *0 +0 +100\n +100 +100 +5\nallow\nrefused\nrefused\nrefused");
    }

    @Test
    void withIdsThatAreNeitherRootsNorTheJvmsItHoldsAsWell() throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "needs root: others cannot map whatever they like");
        NamespaceBuilder builder = Namespace.builder()
                .user(user -> user.map(1000, 300_000, 100).forbidNestedUserNamespaces()).runAs(1001, 1002, 1003);
        for (Namespace namespace : new Namespace[]{builder.build(), builder.pid().mount().build()}) {
            assertThat(Child.script(namespace, "id -u; id -G; unshare --user true || echo refused"))
                    .isEqualTo("1001\n1002 1003\nrefused");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void idsCapabilitiesAndNamespacesAreAsEver(Way way) throws Exception {
        String script = "id -u; id -g; cat /proc/self/setgroups; grep ^Cap /proc/self/status; echo $$";
        Namespace free = way.namespace();
        Namespace bound = way.builder().user(user -> user.forbidNestedUserNamespaces()).build();

        assertThat(Child.script(bound, script).lines().limit(7).toList())
                .isEqualTo(Child.script(free, script).lines().limit(7).toList());
    }

    @Test
    void theInitIsOutOfTheCommandsReach() throws Exception {
        Namespace namespace = Namespace.builder().user(user -> user.forbidNestedUserNamespaces()).pid().mount().build();

        assertThat(Child.script(namespace,
                "readlink /proc/1/ns/user || echo closed; cat /proc/1/environ || echo closed; cat /proc/1/comm"))
                .isEqualTo("closed\nclosed\nnamespaces-init");
        try (NamespaceProcess process = Child.ready(namespace, "echo ready; cat")) {
            assertThat(Proc.namespaces(process.pid()).get(NamespaceKind.USER))
                    .isNotEqualTo(Proc.namespaces(Proc.onlyChild(process.pid())).get(NamespaceKind.USER));
            Await.until("the init to have nothing but its report",
                    () -> Proc.descriptors(process.pid()).size() == 1);
            assertThat(Proc.descriptors(Proc.onlyChild(process.pid())).keySet()).containsExactly(0, 1, 2);
        }
    }

    @Test
    void mappedToItselfAnOrdinaryCommandCannotEither() throws Exception {
        Namespace namespace = Namespace.builder().user(user -> user.mapCurrent().forbidNestedUserNamespaces())
                .create(EnumSet.of(NamespaceKind.NET)).build();

        assertThat(Child.script(namespace, "id -u; unshare --user true || echo refused"))
                .isEqualTo(Ids.current().user() + "\nrefused");
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void aMissingProgramIsReportedAsEver(Way way) throws Exception {
        assertThat(Attempt.of(way.builder().user(user -> user.forbidNestedUserNamespaces()),
                Command.of("/no/such/program"))).startsWith("EXECUTE ENOENT");
    }
}
