package dev.namespaces.ffm.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.OpenNamespace;
import dev.namespaces.Result;
import dev.namespaces.Stdio;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.OrdinaryUser;
import dev.namespaces.ffm.spawn.Await;
import dev.namespaces.ffm.spawn.Child;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import dev.namespaces.ffm.spawn.Proc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Live namespaces and the commands in them, which every user can have. */
@ExtendWith(LeavesNothingBehind.class)
class LiveTest {

    private static final Set<NamespaceKind> ALL = EnumSet.allOf(NamespaceKind.class);

    private static NamespaceProcess waiting(OpenNamespace where) throws Exception {
        return Child.ready(where, "echo ready; exec cat");
    }

    @Test
    void commandsShareTheNamespaces() throws Exception {
        try (OpenNamespace pod = Namespace.builder().create(ALL).open();
                NamespaceProcess one = waiting(pod);
                NamespaceProcess other = waiting(pod)) {
            Map<NamespaceKind, String> inside = Proc.namespaces(one.pid());

            assertThat(Proc.namespaces(other.pid())).isEqualTo(inside);
            assertThat(inside.values()).doesNotContainAnyElementsOf(Proc.namespaces(Proc.SELF).values());
        }
    }

    @Test
    void whatOneCommandLeavesTheNextFinds() throws Exception {
        try (OpenNamespace pod = Namespace.builder().user().mount(m -> m.tmpfs("/tmp")).uts().open()) {
            pod.run("sh", "-c", "echo text > /tmp/file; hostname changed 2>/dev/null || uname -n > /tmp/name")
                    .orThrow();

            assertThat(pod.run("cat", "/tmp/file").stdout()).isEqualTo("text\n");
        }
    }

    @Test
    void theyRunAsTheSpecificationSays() throws Exception {
        try (OpenNamespace pod = Namespace.builder().user(u -> u.mapCurrent()).net().noNewPrivileges().newSession()
                .open()) {
            NamespaceProcess process = waiting(pod);
            String uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();

            assertThat(pod.run("id", "-u").stdout().strip()).isEqualTo(uid);
            assertThat(Proc.status(process.pid(), "NoNewPrivs")).isEqualTo("1");
            assertThat(Proc.statOf(process.pid()).session()).isEqualTo(process.pid());
            assertThat(Proc.statusBits(Proc.text(process.pid(), "status"), "CapInh")).isZero();
            assertThat(Proc.statusBits(Proc.text(process.pid(), "status"), "CapAmb")).isZero();
        }
    }

    @Test
    void withTheHostsFilesTheyStartWhereThisJvmIsAndOtherwiseInTheRoot() throws Exception {
        try (OpenNamespace pod = Namespace.builder().user().mount().open();
                OpenNamespace other = Namespace.builder().user()
                        .mount(m -> m.emptyRoot().readOnlyBind("/usr").symlink("usr/bin", "/bin")
                                .symlink("usr/lib", "/lib").symlink("usr/lib64", "/lib64"))
                        .open()) {
            assertThat(pod.run("pwd").stdout().strip()).isEqualTo(Path.of("").toAbsolutePath().toString());
            assertThat(other.run("sh", "-c", "pwd; echo *").stdout()).isEqualTo("/\nbin lib lib64 usr\n");
            assertThat(other.run(Command.of("pwd").directory("/usr")).stdout()).isEqualTo("/usr\n");
        }
    }

    @Test
    void movedClocksAreSeenByAllOfThem() throws Exception {
        try (OpenNamespace pod = Namespace.builder().user().time(t -> t.boottime(Duration.ofDays(1000))).open()) {
            for (int i = 0; i < 2; i++) {
                assertThat(Double.parseDouble(pod.run("cat", "/proc/uptime").stdout().split(" ", 2)[0]))
                        .isGreaterThan((double) Duration.ofDays(1000).toSeconds());
            }
        }
    }

    @Test
    void forbiddenNestedUserNamespacesStayForbidden() throws Exception {
        try (OpenNamespace pod = Namespace.builder().user(u -> u.forbidNestedUserNamespaces()).pid().mount().open()) {
            for (int i = 0; i < 2; i++) {
                Result result = pod.run("sh", "-c", "echo 9 > /proc/sys/user/max_user_namespaces; unshare -U true");

                assertThat(result.succeeded()).isFalse();
                assertThat(result.stderr()).contains("unshare");
            }
        }
    }

    // ---- the holder

    @Test
    void inAPidNamespaceItIsPidOneAndReapsAndIsNotToBeTraced() throws Exception {
        try (OpenNamespace pod = Namespace.builder().user().pid().mount().open()) {
            Result result = pod.run("sh", "-c", "cat /proc/1/comm; (exec sleep 0) & exec true");
            assertThat(result.stdout()).isEqualTo("namespaces-init\n");
            pod.run("sh", "-c", "sh -c 'sleep 0.01 & sleep 0.01 & exit'").orThrow();

            Await.value("the orphans to be reaped", () -> pod.run("sh", "-c", "cd /proc; echo [0-9]*").stdout(),
                    pids -> pids.split(" ", -1).length == 2);
        }
    }

    @Test
    void itHoldsNoDescriptorAtAll() throws Exception {
        List<Long> before = Proc.children(Proc.SELF);
        try (OpenNamespace pod = Namespace.builder().user().net().open()) {
            List<Long> added = new ArrayList<>(Proc.children(Proc.SELF));
            added.removeAll(before);

            assertThat(added).hasSize(1);
            Await.value("the holder to hold nothing", () -> Proc.descriptors(added.getFirst()), Map::isEmpty);
            assertThat(pod.run("true").succeeded()).isTrue();
        }
    }

    @Test
    void whenSomebodyHasKilledItThatIsSaid() throws Exception {
        List<Long> before = Proc.children(Proc.SELF);
        try (OpenNamespace pod = Namespace.builder().user().net().open()) {
            List<Long> added = new ArrayList<>(Proc.children(Proc.SELF));
            added.removeAll(before);
            ProcessHandle.of(added.getFirst()).orElseThrow().destroyForcibly();
            Await.until("the holder's end", () -> !Proc.isAlive(added.getFirst()));

            Await.until("the end to be noticed", () -> {
                try {
                    pod.run("true");
                    return false;
                } catch (NamespaceException e) {
                    assertThat(e.step()).isEqualTo(Step.JOIN);
                    return String.valueOf(e.getMessage()).contains("has been killed");
                }
            });
        }
    }

    // ---- the end

    @ParameterizedTest
    @EnumSource(names = {"PID", "NET", "UTS"})
    void closingEndsWhateverRunsInsideEvenIfItHasHidden(NamespaceKind kind) throws Exception {
        NamespaceProcess process;
        long hidden;
        try (OpenNamespace pod = Namespace.builder().user().create(Set.of(kind)).open()) {
            process = Child.ready(pod, "echo ready; setsid sh -c 'setsid sleep 1000 & echo $! >&2'; exec cat");
            String written = process.errorReader().readLine();
            hidden = kind == NamespaceKind.PID ? process.pid() : Long.parseLong(written);
            assertThat(Proc.isAlive(hidden)).isTrue();
        }
        assertThat(process.isAlive()).isFalse();
        assertThat(Proc.isAlive(hidden)).isFalse();
        process.close();
    }

    @Test
    void closedOnesStartNothing() throws Exception {
        OpenNamespace pod = Namespace.builder().user().net().open();
        NamespaceHandle net = pod.handle(NamespaceKind.NET);
        pod.close();
        pod.close();

        assertThatIllegalStateException().isThrownBy(() -> pod.spawn("true")).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(() -> pod.run("true")).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(() -> pod.handle(NamespaceKind.NET));
        assertThatIllegalStateException().isThrownBy(() -> pod.call(() -> 1));
        assertThatIllegalStateException().isThrownBy(net::id);
    }

    @Test
    void twoHundredCyclesOfAllKindsLeaveNoNamespace() throws Exception {
        Namespace all = Namespace.builder().create(ALL).build();
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            try (OpenNamespace pod = all.open()) {
                made.add(pod.handle(NamespaceKind.NET).toString());
            }
        }
        assertThat(made).isNotEmpty(); // their numbers are used again
        Await.until("no process to be in any of them", () -> Proc.pids().stream().noneMatch(pid -> isIn(pid, made)));
        assertThat(Child.says(Namespace.builder(), "lsns", "--type", "net", "--noheadings", "--output", "NS").lines()
                .map(line -> "net:[" + line.strip() + "]")).isNotEmpty().doesNotContainAnyElementsOf(made);
    }

    private static boolean isIn(long pid, Set<String> networks) {
        try {
            return networks.contains(Files.readSymbolicLink(Proc.path(pid, "ns/net")).toString());
        } catch (IOException _) {
            return false;
        }
    }

    // ---- handles

    @Test
    void aHandleOpensTheNamespaceToOthers() throws Exception {
        try (OpenNamespace pod = Namespace.builder().user().net().uts(u -> u.hostname("pod")).open();
                NamespaceProcess inside = waiting(pod)) {
            assertThat(pod.handle(NamespaceKind.NET)).isSameAs(pod.handle(NamespaceKind.NET))
                    .hasToString(Proc.namespaces(inside.pid()).get(NamespaceKind.NET));
            assertThat(Namespace.builder().join(pod.handle(NamespaceKind.USER)).join(pod.handle(NamespaceKind.UTS))
                    .run("uname", "-n").stdout()).isEqualTo("pod\n");
            assertThatIllegalArgumentException().isThrownBy(() -> pod.handle(NamespaceKind.IPC))
                    .withMessageContaining("ipc");
        }
    }

    @Test
    void withoutPrivilegeNoThreadEntersAndWhatIsJoinedCannotBeHeld() throws Exception {
        assertThat(ChildJvm.of(Unprivileged.class).asOrdinaryUser().output().lines()).hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("JOIN ").contains("EPERM").contains("Rootless"));
    }

    /** Tries to enter what it has made by a thread, and to hold what it has joined. */
    static final class Unprivileged {
        static void main() throws Exception {
            try (OpenNamespace net = Namespace.builder().user().net().open()) {
                System.out.println(net.call(() -> "entered"));
            } catch (NamespaceException e) {
                System.out.println(e.step() + " " + e.getMessage());
            }
            try (OpenNamespace net = Namespace.builder().user().net().open();
                    OpenNamespace pod = Namespace.builder().join(net.handle(NamespaceKind.USER))
                            .join(net.handle(NamespaceKind.NET)).open()) {
                System.out.println("opened " + pod);
            } catch (NamespaceException e) {
                System.out.println(e.step() + " " + e.getMessage());
            }
        }
    }

    @Test
    void whatIsJoinedIsOpenToo() throws Exception {
        assumeThat(OrdinaryUser.isSelf()).as("holds what it has joined").isFalse();
        try (OpenNamespace net = Namespace.builder().user().net().open();
                OpenNamespace pod = Namespace.builder().join(net.handle(NamespaceKind.USER))
                        .join(net.handle(NamespaceKind.NET)).uts().open();
                NamespaceProcess inside = waiting(pod)) {
            assertThat(Proc.namespaces(inside.pid()).get(NamespaceKind.NET))
                    .isEqualTo(net.handle(NamespaceKind.NET).toString());
            assertThat(pod.handle(NamespaceKind.NET)).isEqualTo(net.handle(NamespaceKind.NET));
            assertThat(pod.handle(NamespaceKind.UTS).toString())
                    .isNotEqualTo(Proc.namespaces(Proc.SELF).get(NamespaceKind.UTS));
        }
    }

    @Test
    void closingWhatWasOnlyJoinedEndsItsCommandsAndNoneOfTheOthers() throws Exception {
        assumeThat(OrdinaryUser.isSelf()).as("holds what it has joined").isFalse();
        try (OpenNamespace net = Namespace.builder().user().net().open(); NamespaceProcess others = waiting(net)) {
            NamespaceProcess own;
            try (OpenNamespace pod = Namespace.builder().join(net.handle(NamespaceKind.USER))
                    .join(net.handle(NamespaceKind.NET)).open()) {
                own = waiting(pod);
            }
            assertThat(own.isAlive()).isFalse();
            assertThat(Proc.isAlive(others.pid())).isTrue();
            own.close();
        }
    }

    @Test
    void aRefusalLeavesNothing() {
        NamespaceBuilder builder = Namespace.builder().user().pid()
                .mount(m -> m.emptyRoot().bind(Path.of("/no/such"), "/x"));

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(builder::open)
                .satisfies(e -> assertThat(e.step()).isEqualTo(Step.MOUNT_SOURCE)).withMessageContaining("/no/such");
    }

    @Test
    void outputOfARunIsCollectedAsEver(@TempDir Path folder) throws Exception {
        try (OpenNamespace pod = Namespace.builder().user().net().open()) {
            Result result = pod
                    .run(Command.of("sh", "-c", "echo out; echo err >&2; exit 3").directory(folder.toString()));

            assertThat(result.stdout()).isEqualTo("out\n");
            assertThat(result.stderr()).isEqualTo("err\n");
            assertThat(result.exitValue()).isEqualTo(3);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pod.run(Command.of("cat").stdin(Stdio.pipe())));
        }
    }
}
