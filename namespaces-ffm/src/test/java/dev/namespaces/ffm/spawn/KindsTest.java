package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.ffm.linux.OrdinaryUser;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which namespaces are new: exactly those that were asked for. */
@ExtendWith(LeavesNothingBehind.class)
class KindsTest {

    private static final Set<NamespaceKind> ALL = EnumSet.allOf(NamespaceKind.class);

    @Test
    void withoutAnyKindEveryNamespaceIsTheJvms() throws Exception {
        assertThat(kindsNewIn(Namespace.builder())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(NamespaceKind.class)
    void withAUserNamespaceEachKindIsNewAloneAndTheOthersAreTheJvms(NamespaceKind kind) throws Exception {
        Set<NamespaceKind> kinds = EnumSet.of(NamespaceKind.USER, kind);

        assertThat(kindsNewIn(Namespace.builder().create(kinds))).isEqualTo(kinds);
    }

    @ParameterizedTest
    @EnumSource(value = NamespaceKind.class, mode = EnumSource.Mode.EXCLUDE, names = "USER")
    void asRootEachKindIsNewWithoutAUserNamespace(NamespaceKind kind) throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "needs root: without a user namespace these kinds take CAP_SYS_ADMIN");

        assertThat(kindsNewIn(Namespace.builder().create(Set.of(kind)))).containsExactly(kind);
    }

    @Test
    void allEightAreNewAtOnceUnderTheInit() throws Exception {
        assertThat(kindsNewIn(Namespace.builder().create(ALL))).isEqualTo(ALL);
    }

    @Test
    void allEightAreNewAtOnceAsPid1() throws Exception {
        assertThat(kindsNewIn(Namespace.builder().create(ALL).pid(pid -> pid.asPid1()))).isEqualTo(ALL);
    }

    @Test
    void eachSpawnMakesNamespacesOfItsOwn() throws Exception {
        Namespace namespace = Namespace.builder().create(ALL).build();
        try (NamespaceProcess first = Child.ready(namespace, "echo ready; cat")) {
            List<String> second = namespacesIn(namespace);

            assertThat(Proc.namespaces(first.pid()).values()).doesNotContainAnyElementsOf(second);
        }
    }

    private static Set<NamespaceKind> kindsNewIn(NamespaceBuilder builder) throws Exception {
        List<String> inside = namespacesIn(builder.build());
        Map<NamespaceKind, String> outside = Proc.namespaces(Proc.SELF);
        Set<NamespaceKind> kinds = EnumSet.allOf(NamespaceKind.class);
        kinds.removeIf(kind -> inside.contains(outside.get(kind)));
        return kinds;
    }

    /** What a command finds in its /proc/self/ns, in the order of the kinds. */
    private static List<String> namespacesIn(Namespace namespace) throws Exception {
        return Child.script(namespace, "for kind; do readlink /proc/self/ns/$kind; done", names()).lines().toList();
    }

    private static String[] names() {
        return ALL.stream().map(NamespaceKind::procName).toArray(String[]::new);
    }
}
