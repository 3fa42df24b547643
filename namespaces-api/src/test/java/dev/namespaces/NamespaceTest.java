package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class NamespaceTest {

    /** Every call there is, so that two namespaces that differ in one of them are not equal. */
    private static final List<UnaryOperator<NamespaceBuilder>> CALLS = List.of(NamespaceBuilder::cgroup,
            NamespaceBuilder::ipc, NamespaceBuilder::mount, NamespaceBuilder::net, NamespaceBuilder::pid,
            NamespaceBuilder::time, NamespaceBuilder::user, NamespaceBuilder::uts, NamespaceBuilder::newSession,
            NamespaceBuilder::noNewPrivileges, b -> b.net(NetConfig::withoutLoopback), b -> b.pid(PidConfig::asPid1),
            b -> b.user(UserConfig::mapCurrent), b -> b.uts(u -> u.hostname("h")), b -> b.uts(u -> u.domainName("d")),
            b -> b.mount(MountConfig::emptyRoot), b -> b.mount(m -> m.root(Path.of("/r"))),
            b -> b.mount(m -> m.mask("/a")),
            b -> b.mount(m -> m.mask("/b")), b -> b.mount(m -> m.propagation(Propagation.SLAVE)));

    @Test
    void differentRecipesAreNotEqual() {
        Set<Namespace> all = new HashSet<>();
        all.add(Namespace.builder().build());
        CALLS.forEach(call -> all.add(call.apply(Namespace.builder()).build()));

        assertThat(all).hasSize(CALLS.size() + 1);
    }

    @ParameterizedTest
    @FieldSource("CALLS")
    void equalRecipesAreEqualAndSurviveToBuilder(UnaryOperator<NamespaceBuilder> call) {
        Namespace namespace = call.apply(Namespace.builder()).build();

        assertThat(call.apply(Namespace.builder()).build()).isEqualTo(namespace).hasSameHashCodeAs(namespace);
        assertThat(namespace.toBuilder().build()).isEqualTo(namespace).isNotSameAs(namespace);
    }

    @Test
    void aBuilderCanBeUsedOnWithoutAnEffectOnWhatItHasBuilt() {
        NamespaceBuilder builder = Namespace.builder().user();
        Namespace before = builder.build();
        Namespace after = builder.pid().build();
        after.toBuilder().net();

        assertThat(before.kinds()).containsExactly(NamespaceKind.USER);
        assertThat(after.kinds()).containsExactly(NamespaceKind.PID, NamespaceKind.USER);
        assertThat(before).isNotEqualTo(after);
    }

    @Test
    void theSetOfKindsIsTheCallersOwn() {
        Namespace namespace = Namespace.builder().user().build();
        namespace.kinds().clear();

        assertThat(namespace.kinds()).containsExactly(NamespaceKind.USER);
    }

    @Test
    void aKindCreatedByItsNameIsTheSameAsByItsMethod() {
        assertThat(Namespace.builder().create(EnumSet.allOf(NamespaceKind.class)).build()).isEqualTo(Namespace.builder()
                .cgroup().ipc().mount().net().pid().time().user().uts().build());
        assertThat(Namespace.builder().create(List.of()).build()).isEqualTo(Namespace.builder().build());
    }

    @Test
    void configurersAccumulateAndTheLastWordCounts() {
        Namespace twoCalls = Namespace.builder().uts(u -> u.hostname("h")).uts(u -> u.domainName("d")).build();

        assertThat(twoCalls).isEqualTo(Namespace.builder().uts(u -> u.hostname("h").domainName("d")).build());
        assertThat(Namespace.builder().uts(u -> u.hostname("h")).uts().build())
                .isEqualTo(Namespace.builder().uts(u -> u.hostname("h")).build());
        assertThat(Namespace.builder().net(NetConfig::withoutLoopback).net(NetConfig::loopback).build())
                .isEqualTo(Namespace.builder().net().build());
        assertThat(Namespace.builder().pid(PidConfig::asPid1).pid(PidConfig::underInit).build())
                .isEqualTo(Namespace.builder().pid().build());
        assertThat(Namespace.builder().user(UserConfig::mapCurrent).user(UserConfig::mapRoot).build())
                .isEqualTo(Namespace.builder().user().build());
    }

    @Test
    void mountsAccumulateInTheOrderWritten() {
        Namespace box = Namespace.builder().mount(m -> m.emptyRoot().tmpfs("/a")).mount().build();
        NamespaceBuilder more = box.toBuilder().mount(m -> m.tmpfs("/b")).mount(m -> m.propagation(Propagation.SLAVE));

        assertThat(more.build()).isEqualTo(Namespace.builder()
                .mount(m -> m.emptyRoot().tmpfs("/a").tmpfs("/b").propagation(Propagation.SLAVE)).build());
        assertThat(more.build()).isNotEqualTo(Namespace.builder()
                .mount(m -> m.emptyRoot().tmpfs("/b").tmpfs("/a").propagation(Propagation.SLAVE)).build());
        assertThat(box).isEqualTo(Namespace.builder().mount(m -> m.emptyRoot().tmpfs("/a")).build());
    }

    @Test
    void itIsPrintedAsItsPlan() {
        assertThat(Namespace.builder().build()).hasToString("Namespace[no new namespaces]");
        assertThat(Namespace.builder().user().mount(m -> m.emptyRoot().symlink("usr/bin", "/bin")).build()).hasToString(
                "Namespace[new namespaces: mount, user; the JVM's user and group are root inside;"
                        + " root: empty, in memory; the command starts in / unless told otherwise;"
                        + " propagation of all mounts: private; /bin: a symbolic link to usr/bin]");
    }

    @Test
    void secretsAreNotPrinted() {
        Namespace namespace = Namespace.builder().mount(m -> m.file("/key", new byte[]{'s', '3'}, 0600)).build();

        assertThat(namespace.toString()).contains("/key: a new file of 2 bytes, permissions 0600").doesNotContain("s3");
        assertThat(namespace.explain()).doesNotContain("s3");
    }

    @Test
    void itIsExplainedInWordsAsACommandLineAndByItsSystemCalls() {
        assertThat(Namespace.builder().user().pid().build().explain()).isEqualTo("""
                The plan:
                  - new namespaces: pid, user
                  - the JVM's user and group are root inside
                  - the command runs under an init, which is PID 1

                The nearest bwrap command line:
                # bwrap always sets no_new_privs
                # bwrap always makes a mount namespace
                bwrap --unshare-pid \\
                    --unshare-user \\
                    --uid 0 --gid 0 \\
                    --dev-bind / / \\
                    -- "$@"

                The system calls:
                not to be had here: no implementation of namespaces was found: add the dependency \
                dev.namespaces:namespaces-ffm (and --add-modules dev.namespaces.ffm on the module path)
                """);
    }
}
