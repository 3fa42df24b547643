package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.namespaces.Command;
import dev.namespaces.Hardening;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Result;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.OrdinaryUser;
import dev.namespaces.ffm.linux.Sys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands that enter namespaces that are there already. */
@ExtendWith(LeavesNothingBehind.class)
class JoinTest {

    private static final Set<NamespaceKind> ALL = EnumSet.allOf(NamespaceKind.class);

    private static NamespaceProcess sandbox(NamespaceBuilder builder) throws Exception {
        return Child.ready(builder.build(), "echo ready; exec cat");
    }

    private static NamespaceProcess sandbox() throws Exception {
        return sandbox(Namespace.builder().create(ALL));
    }

    // ---- everything that a process has

    @Test
    void joinAllEntersEveryNamespaceOfTheProcess() throws Exception {
        try (NamespaceProcess sandbox = sandbox();
                NamespaceProcess joined = sandbox(Namespace.builder().joinAll(sandbox))) {
            Map<NamespaceKind, String> inside = Proc.namespaces(sandbox.commandPid());

            assertThat(Proc.namespaces(joined.pid())).isEqualTo(inside);
            assertThat(inside).doesNotContainValue(Proc.namespaces(Proc.SELF).get(NamespaceKind.USER));
        }
    }

    @Test
    void theCommandIsANeighbourInTheProcessesOfTheSandbox() throws Exception {
        try (NamespaceProcess sandbox = sandbox()) {
            Result result = Namespace.builder().joinAll(sandbox).run("sh", "-c", "echo $$; cd /proc; echo [0-9]*");
            String[] lines = result.stdout().split("\n", -1);

            assertThat(lines[1]).isEqualTo("1 2 " + lines[0]); // the init, the command, the one who joined
        }
    }

    @Test
    void itsNumberInsideIsKnown() throws Exception {
        try (NamespaceProcess sandbox = sandbox();
                NamespaceProcess joined = sandbox(Namespace.builder().joinAll(sandbox))) {
            assertThat(Proc.status(joined.pid(), "NSpid")).endsWith("\t" + joined.innerPid());
            assertThat(joined.innerPid()).isNotEqualTo(joined.pid()).isGreaterThan(2);
            assertThat(joined.commandPid()).isEqualTo(joined.pid());
        }
    }

    @Test
    void closingItLeavesTheSandboxAlone() throws Exception {
        try (NamespaceProcess sandbox = sandbox()) {
            NamespaceProcess joined = sandbox(Namespace.builder().joinAll(sandbox));
            joined.close();

            assertThat(Proc.isAlive(joined.pid())).isFalse();
            assertThat(Proc.isAlive(sandbox.commandPid())).isTrue();
        }
    }

    @Test
    void endingTheSandboxEndsIt() throws Exception {
        NamespaceProcess sandbox = sandbox();
        try (NamespaceProcess joined = sandbox(Namespace.builder().joinAll(sandbox))) {
            sandbox.close();

            assertThat(joined.waitFor()).isEqualTo(137);
            assertThat(joined.terminationSignal()).hasValue(9);
        }
    }

    @Test
    void itHasTheRootAndTheWorkingDirectoryOfTheProcess() throws Exception {
        NamespaceBuilder own = Namespace.builder().user().pid()
                .mount(m -> m.emptyRoot().readOnlyBind("/usr").symlink("usr/bin", "/bin").symlink("usr/lib", "/lib")
                        .symlink("usr/lib64", "/lib64").proc().directory("/here/within"));
        try (NamespaceProcess sandbox = own.spawn(Command.of("sh", "-c", "echo ready; cat").directory("/here"))) {
            assertThat(sandbox.inputReader().readLine()).isEqualTo("ready");

            assertThat(Namespace.builder().joinAll(sandbox).run("sh", "-c", "pwd; echo *; echo /*").stdout())
                    .isEqualTo("/here\nwithin\n/bin /here /lib /lib64 /proc /usr\n");
            assertThat(Namespace.builder().joinAll(sandbox).run(Command.of("pwd").directory("/here/within")).stdout())
                    .isEqualTo("/here/within\n");
        }
    }

    @Test
    void aRootDirectoryThatIsNotTheNamespacesOwnIsEnteredToo(@TempDir Path folder) throws Exception {
        try (NamespaceProcess sandbox = Child.ready(Namespace.builder().user().mount().build(), """
                mount -t tmpfs root "$1" && cd "$1" && mkdir usr && mount --rbind /usr usr &&
                ln -s usr/bin usr/lib usr/lib64 . && exec /usr/sbin/chroot . sh -c 'echo ready; exec cat'""",
                folder.toString())) {
            assertThat(Namespace.builder().joinAll(sandbox.toHandle()).run("/bin/sh", "-c", "pwd; echo /*").stdout())
                    .isEqualTo("/\n/bin /lib /lib64 /usr\n");
        }
    }

    // ---- who it is

    @Test
    void itIsWhoTheProcessIs() throws Exception {
        assumeThat(OrdinaryUser.isSelf()).as("runs commands as somebody else").isFalse();
        NamespaceBuilder own = Namespace.builder().user(u -> u.map(0, 100_000, 1000)).pid().mount()
                .runAs(7, 8, 9, 10);
        try (NamespaceProcess sandbox = sandbox(own);
                NamespaceProcess joined = sandbox(Namespace.builder().joinAll(sandbox));
                NamespaceProcess other = sandbox(Namespace.builder().joinAll(sandbox).runAs(5, 6))) {
            for (String field : new String[]{"Uid", "Gid", "Groups"}) {
                assertThat(Proc.status(joined.pid(), field)).as(field)
                        .isEqualTo(Proc.status(sandbox.commandPid(), field)).contains("1000");
            }
            assertThat(Proc.status(other.pid(), "Uid")).startsWith("100005\t");
            assertThat(Proc.status(other.pid(), "Groups")).isEmpty();
        }
    }

    @Test
    void withoutAUserNamespaceToo() throws Exception {
        assumeThat(OrdinaryUser.isSelf()).as("runs commands as somebody else").isFalse();
        try (NamespaceProcess sandbox = sandbox(Namespace.builder().net().uts().runAs(61234, 61235, 61236));
                NamespaceProcess joined = sandbox(Namespace.builder().joinAll(sandbox))) {
            assertThat(Proc.status(joined.pid(), "Uid")).startsWith("61234\t");
            assertThat(Proc.status(joined.pid(), "Gid")).startsWith("61235\t");
            assertThat(Proc.status(joined.pid(), "Groups")).isEqualTo("61236");
        }
    }

    @Test
    void itGainsNoPrivilegesIfTheProcessDoesNotUnlessThatIsLeftOut() throws Exception {
        try (NamespaceProcess sandbox = sandbox(Namespace.builder().user().net().noNewPrivileges());
                NamespaceProcess joined = sandbox(Namespace.builder().joinAll(sandbox));
                NamespaceProcess other = sandbox(
                        Namespace.builder().joinAll(sandbox, Hardening.NO_NEW_PRIVILEGES))) {
            assertThat(Proc.status(joined.pid(), "NoNewPrivs")).isEqualTo("1");
            assertThat(Proc.status(other.pid(), "NoNewPrivs")).isEqualTo("0");
        }
    }

    @Test
    void aNameThatIsNoTextHidesNothing() throws Exception {
        try (NamespaceProcess sandbox = Child.ready(Namespace.builder().user().net().noNewPrivileges().build(),
                "printf '\\377' > /proc/$$/comm && echo ready && read line");
                NamespaceProcess joined = sandbox(Namespace.builder().joinAll(sandbox))) {
            assertThat(Files.readAllBytes(Proc.path(sandbox.pid(), "comm"))).startsWith(0xff);
            assertThat(Proc.status(joined.pid(), "NoNewPrivs")).isEqualTo("1");
        }
    }

    @Test
    void theNameOfTheCallingThreadDoesNotMatter() throws Exception {
        NamespaceBuilder own = Namespace.builder().user().net().capabilities(c -> c.dropAll());
        try (NamespaceProcess sandbox = sandbox(own)) {
            List<Long> bounding = new ArrayList<>();
            Thread.ofPlatform().name("ääääääääää").start(() -> {
                try (NamespaceProcess joined = sandbox(Namespace.builder().joinAll(sandbox))) {
                    bounding.add(Proc.statusBits(Proc.text(joined.pid(), "status"), "CapBnd"));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }).join();
            assertThat(bounding).containsExactly(0L);
        }
    }

    @Test
    void whoCannotHaveACapabilityAnyMoreIsNotJoinedByOneWhoHas() throws Exception {
        String script = "exec setpriv --no-new-privs --inh-caps=-all sh -c 'echo ready; exec cat'";
        try (NamespaceProcess sandbox = Child.ready(Namespace.builder().user(u -> u.mapCurrent()).net()
                .capabilities(c -> c.dropAll()).noNewPrivileges().build(), script);
                NamespaceProcess joined = sandbox(Namespace.builder().joinAll(sandbox))) {
            String status = Proc.text(joined.pid(), "status");

            assertThat(Proc.statusBits(status, "CapPrm")).isZero();
            assertThat(Proc.statusBits(status, "CapBnd")).isZero();
        }
    }

    @Test
    void theGroupsOfThisJvmAreLeftOutside() throws Exception {
        assumeThat(OrdinaryUser.isSelf()).as("has groups that others have not").isFalse();
        String said = ChildJvm.of(Grouped.class).by("setpriv", "--groups=6,42", "--").output();

        assertThat(said.lines()).containsExactly("Groups: 61236", "Groups: ", "Groups: ");
    }

    /** Enters a sandbox of an ordinary user, where setgroups is denied, in every way. */
    static final class Grouped {
        static void main() throws Exception {
            List<String> command = new ArrayList<>(
                    List.of("setpriv", "--reuid=61234", "--regid=61235", "--groups=61236",
                            "unshare", "-Ur", "sh", "-c", "echo ready; exec cat"));
            Process sandbox = new ProcessBuilder(command).start();
            try {
                sandbox.inputReader().readLine();
                show(Namespace.builder().joinAll(sandbox.toHandle()));
                try (NamespaceHandle user = NamespaceHandle.of(NamespaceKind.USER, sandbox)) {
                    show(Namespace.builder().join(user));
                    show(Namespace.builder().join(user).runAs(0, 0));
                }
            } finally {
                sandbox.destroyForcibly().waitFor();
            }
        }

        private static void show(NamespaceBuilder builder) throws Exception {
            try (NamespaceProcess joined = sandbox(builder)) {
                System.out.println("Groups: " + Proc.status(joined.pid(), "Groups"));
            }
        }
    }

    @Test
    void aCommandThatHasEndedIsNotMistakenForItsInit() throws Exception {
        try (NamespaceProcess sandbox = Namespace.builder().user().pid(p -> p.waitForOthers()).net()
                .spawn("sh", "-c", "sleep 1000 & echo $!; read line")) {
            sandbox.inputReader().readLine();
            long command = sandbox.commandPid();
            sandbox.getOutputStream().close();
            Await.until("the command's end", () -> !Proc.isAlive(command));

            assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> Namespace.builder().joinAll(sandbox))
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ESRCH));
        }
    }

    // ---- one by one

    @ParameterizedTest
    @EnumSource(NamespaceKind.class)
    void eachKindCanBeJoined(NamespaceKind kind) throws Exception {
        try (NamespaceProcess sandbox = sandbox();
                NamespaceHandle user = NamespaceHandle.of(NamespaceKind.USER, sandbox);
                NamespaceHandle handle = NamespaceHandle.of(kind, sandbox);
                NamespaceProcess joined = sandbox(Namespace.builder().join(handle).join(user))) {
            Map<NamespaceKind, String> expected = Proc.namespaces(Proc.SELF);
            Map<NamespaceKind, String> inside = Proc.namespaces(sandbox.commandPid());
            expected.put(kind, inside.get(kind));
            expected.put(NamespaceKind.USER, inside.get(NamespaceKind.USER));

            assertThat(Proc.namespaces(joined.pid())).isEqualTo(expected);
        }
    }

    @Test
    void joiningAndCreatingMix() throws Exception {
        assumeThat(OrdinaryUser.isSelf()).as("joins a network without the user namespace that owns it").isFalse();
        try (NamespaceProcess network = sandbox(Namespace.builder().net());
                NamespaceHandle net = NamespaceHandle.of(NamespaceKind.NET, network);
                NamespaceProcess joined = sandbox(
                        Namespace.builder().join(net).user().pid().mount().time().uts(u -> u.hostname("inside")))) {
            long command = joined.commandPid();
            Map<NamespaceKind, String> host = Proc.namespaces(Proc.SELF);
            Map<NamespaceKind, String> inside = Proc.namespaces(command);

            assertThat(inside.get(NamespaceKind.NET)).isEqualTo(Proc.namespaces(network.pid()).get(NamespaceKind.NET));
            for (NamespaceKind kind : EnumSet.of(NamespaceKind.USER, NamespaceKind.PID, NamespaceKind.MOUNT,
                    NamespaceKind.TIME, NamespaceKind.UTS)) {
                assertThat(inside.get(kind)).as("%s", kind).isNotEqualTo(host.get(kind));
            }
            assertThat(Proc.text(command, "uid_map").strip().split(" +")).containsExactly("0", "0", "1");
        }
    }

    @Test
    void whatIsCreatedInAJoinedUserNamespaceBelongsToIt() throws Exception {
        try (NamespaceProcess sandbox = sandbox(Namespace.builder().user());
                NamespaceHandle user = NamespaceHandle.of(NamespaceKind.USER, sandbox);
                NamespaceProcess joined = sandbox(Namespace.builder().join(user).net().pid().mount());
                NamespaceHandle net = NamespaceHandle.of(NamespaceKind.NET, joined);
                NamespaceHandle owner = net.owner().orElseThrow()) {
            assertThat(owner).isEqualTo(user);
            assertThat(Proc.namespaces(joined.commandPid()).get(NamespaceKind.USER))
                    .isEqualTo(Proc.namespaces(sandbox.pid()).get(NamespaceKind.USER));
        }
    }

    @Test
    void clocksCanBeMovedInWhatIsJoined() throws Exception {
        try (NamespaceProcess sandbox = sandbox(Namespace.builder().user().mount());
                NamespaceHandle user = NamespaceHandle.of(NamespaceKind.USER, sandbox);
                NamespaceHandle mount = NamespaceHandle.of(NamespaceKind.MOUNT, sandbox)) {
            Namespace moved = Namespace.builder().join(mount).join(user).time(t -> t.boottime(Duration.ofDays(1000)))
                    .build();
            if (OrdinaryUser.isSelf()) { // who would have to let itself be traced for that
                assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> moved.run("true"))
                        .satisfies(e -> assertThat(e.step()).isEqualTo(Step.SET_CLOCK))
                        .withMessageContaining("in a user namespace that is joined");
                return;
            }
            Result result = moved.run("cat", "/proc/uptime");

            assertThat(Double.parseDouble(result.orThrow().stdout().split(" ", 2)[0]))
                    .isGreaterThan((double) Duration.ofDays(1000).toSeconds());
        }
    }

    @Test
    void theUserNamespaceThatThisJvmIsInMayBeJoined() throws Exception {
        try (NamespaceHandle own = NamespaceHandle.ofCurrentThread(NamespaceKind.USER)) {
            assertThat(Namespace.builder().join(own).run("id", "-u").stdout().strip())
                    .isEqualTo(Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString());
        }
    }

    @Test
    void inAUserNamespaceWithoutThisUserTheCommandIsRoot() throws Exception {
        assumeThat(OrdinaryUser.isSelf()).as("maps other users").isFalse();
        try (NamespaceProcess sandbox = sandbox(Namespace.builder().user(u -> u.map(0, 100_000, 1000)).net());
                NamespaceHandle user = NamespaceHandle.of(NamespaceKind.USER, sandbox);
                NamespaceHandle net = NamespaceHandle.of(NamespaceKind.NET, sandbox);
                NamespaceProcess joined = sandbox(Namespace.builder().join(user).join(net))) {
            assertThat(Proc.status(joined.pid(), "Uid")).isEqualTo("100000\t100000\t100000\t100000");
            assertThat(Proc.status(joined.pid(), "Groups")).isEmpty();
        }
    }

    // ---- refusals

    @Test
    void aSandboxThatHasEndedIsToldAsSuch() throws Exception {
        NamespaceProcess sandbox = sandbox(Namespace.builder().user().net());
        Namespace namespace = Namespace.builder().joinAll(sandbox).build();
        sandbox.close();

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> namespace.spawn("true"))
                .satisfies(e -> assertThat(e.step()).isEqualTo(Step.JOIN))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ESRCH))
                .withMessageContaining("process " + sandbox.pid()).withMessageContaining("it has ended");
    }

    @Test
    void aClosedHandleIsRefusedAtTheSpawn() throws Exception {
        try (NamespaceProcess sandbox = sandbox(Namespace.builder().user().net())) {
            NamespaceHandle net = NamespaceHandle.of(NamespaceKind.NET, sandbox);
            NamespaceHandle user = NamespaceHandle.of(NamespaceKind.USER, sandbox);
            Namespace namespace = Namespace.builder().join(user).join(net).build();
            namespace.run("true").orThrow();
            net.close();

            assertThatIllegalStateException().isThrownBy(() -> namespace.spawn("true"))
                    .withMessageContaining(net.toString());
            user.close();
        }
    }

    @Test
    void withoutTheRightToItSaysWhatIsMissing() throws Exception {
        assertThat(ChildJvm.of(Unprivileged.class).asOrdinaryUser().output().lines()).satisfiesExactly(
                line -> assertThat(line).startsWith("JOIN 1 cannot enter net:[")
                        .contains("join the user namespace that owns it"),
                line -> assertThat(line).startsWith("JOIN 13 cannot enter /proc/1/").contains("CAP_SYS_PTRACE"));
    }

    /** Tries to enter a network of its own without the user namespace that owns it, and the namespaces of somebody else's process. */
    static final class Unprivileged {
        static void main() throws Exception {
            try (NamespaceProcess sandbox = sandbox(Namespace.builder().user().net());
                    NamespaceHandle net = NamespaceHandle.of(NamespaceKind.NET, sandbox)) {
                attempt(Namespace.builder().join(net));
                attempt(Namespace.builder().joinAll(ProcessHandle.of(1).orElseThrow()));
            }
        }

        private static void attempt(NamespaceBuilder builder) throws Exception {
            try (NamespaceProcess process = builder.spawn("true")) {
                System.out.println("started " + process);
            } catch (NamespaceException e) {
                System.out.println(e.step() + " " + e.errno() + " " + e.getMessage());
            }
        }
    }

    @Test
    void aSeccompFilterIsNotLeftOutUnlessThatIsSaid() throws Exception {
        NamespaceBuilder own = Namespace.builder().user().net();
        try (NamespaceProcess filtered = Filter.refusing(Sys.GETXATTR, Errno.ENOSYS, () -> sandbox(own))) {
            assertThatExceptionOfType(NamespaceException.class)
                    .isThrownBy(() -> Namespace.builder().joinAll(filtered).spawn("true"))
                    .satisfies(e -> assertThat(e.step()).isEqualTo(Step.JOIN))
                    .withMessageContaining("seccomp filter").withMessageContaining("Hardening.SECCOMP");
            Namespace.builder().joinAll(filtered, Hardening.SECCOMP).run("true").orThrow();
        }
    }

    @Test
    void whatCannotGoTogetherIsRefusedInBuild() throws Exception {
        try (NamespaceProcess sandbox = sandbox();
                NamespaceProcess other = sandbox(Namespace.builder().user().net());
                NamespaceHandle net = NamespaceHandle.of(NamespaceKind.NET, sandbox);
                NamespaceHandle otherNet = NamespaceHandle.of(NamespaceKind.NET, other);
                NamespaceHandle mount = NamespaceHandle.of(NamespaceKind.MOUNT, sandbox)) {
            assertThatIllegalArgumentException().isThrownBy(() -> Namespace.builder().join(net).join(otherNet))
                    .withMessageContaining(net.toString()).withMessageContaining(otherNet.toString());
            assertThatIllegalArgumentException().isThrownBy(() -> Namespace.builder().join(net).net().build())
                    .withMessageContaining("joined and another of its kind is to be created");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Namespace.builder().joinAll(sandbox).join(net).build())
                    .withMessageContaining("all of them");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Namespace.builder().joinAll(sandbox).joinAll(other))
                    .withMessageContaining("joined already");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Namespace.builder().joinAll(sandbox).user().build())
                    .withMessageContaining("user, pid and mount namespaces");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Namespace.builder().join(mount).user(u -> u.forbidNestedUserNamespaces()).build())
                    .withMessageContaining("forbidNestedUserNamespaces()");
        }
    }

    @Test
    void aMissingProgramIsToldAsEver() throws Exception {
        try (NamespaceProcess sandbox = sandbox()) {
            assertThatExceptionOfType(NamespaceException.class)
                    .isThrownBy(() -> Namespace.builder().joinAll(sandbox).spawn("/no/such/program"))
                    .satisfies(e -> assertThat(e.step()).isEqualTo(Step.EXECUTE))
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
        }
    }

    @Test
    void explainShowsTheCalls() throws Exception {
        try (NamespaceProcess sandbox = sandbox(Namespace.builder().user().net())) {
            assertThat(Namespace.builder().joinAll(sandbox).build().explain())
                    .contains("namespaces of process " + sandbox.pid()) // in words
                    .contains("prctl(PR_SET_DUMPABLE)")
                    .containsPattern("setns\\(net, user of process " + sandbox.pid()
                            + ", CLONE_NEWNET\\|CLONE_NEWUSER\\)");
        }
    }

    @Test
    void explainNamesWhatIsEnteredOneByOne() throws Exception {
        try (NamespaceProcess sandbox = sandbox(Namespace.builder().user().net());
                NamespaceHandle user = NamespaceHandle.of(NamespaceKind.USER, sandbox);
                NamespaceHandle net = NamespaceHandle.of(NamespaceKind.NET, sandbox)) {
            assertThat(Namespace.builder().join(user).join(net).uts().build().explain())
                    .contains("- enters " + net + ", " + user + "\n  - new namespaces: uts\n")
                    .contains("# bwrap cannot express: the entering of " + net).contains("--userns 10")
                    .contains("setns(" + user + ", CLONE_NEWUSER)\n  setns(" + net + ", CLONE_NEWNET)")
                    .contains("clone(CLONE_NEWUTS|CLONE_PARENT");
        }
    }

    @Test
    void valuesThatJoinTheSameAreEqual() throws Exception {
        try (NamespaceProcess sandbox = sandbox(Namespace.builder().user().net());
                NamespaceHandle net = NamespaceHandle.of(NamespaceKind.NET, sandbox);
                NamespaceHandle same = NamespaceHandle.of(NamespaceKind.NET, sandbox.pid())) {
            assertThat(Namespace.builder().join(net).build()).isEqualTo(Namespace.builder().join(same).build())
                    .hasSameHashCodeAs(Namespace.builder().join(same).build())
                    .isNotEqualTo(Namespace.builder().build());
        }
    }
}
