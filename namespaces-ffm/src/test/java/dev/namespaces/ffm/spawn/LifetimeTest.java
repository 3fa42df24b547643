package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespacePool;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Stdio;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.OrdinaryUser;
import dev.namespaces.ffm.linux.Sys;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which children end with the JVM, and which do not; in JVMs that come to a violent end. */
@ExtendWith(LeavesNothingBehind.class)
@Tag("slow-under-emulation") // starts many JVMs
class LifetimeTest {

    private static final String GUARD = "namespace-guard";

    /** Starts sleepers, prints a line with their pids (those of inits as well), and waits for its own end. */
    abstract static class Spawning {

        static NamespaceProcess sleeper(NamespaceBuilder builder) throws Exception {
            return builder.spawn(silent(Command.of("sleep", "1000")));
        }

        static Command silent(Command command) {
            return command.stdin(Stdio.discard()).stdout(Stdio.discard()).stderr(Stdio.discard());
        }

        static void announce(Long... pids) throws Exception {
            System.out.println(String.join(" ", Stream.of(pids).map(String::valueOf).toList()));
            System.in.readAllBytes();
        }

        static long guard() throws Exception {
            return Await.value("the guard", Spawning::guards, list -> list.size() == 1).getFirst();
        }

        static List<Long> guards() throws Exception {
            return Proc.all().values().stream()
                    .filter(stat -> stat.parent() == Proc.SELF && stat.name().equals(GUARD) && !stat.isGone())
                    .map(Proc.Stat::pid).toList();
        }
    }

    /** A sleeper that dies with the JVM, and one that does not. */
    static final class OneOfEach extends Spawning {
        static void main(String[] arguments) throws Exception {
            Way way = Way.valueOf(arguments[0]);
            if (arguments.length > 1 && arguments[1].equals("without clone3")) {
                Filter.install(Sys.CLONE3, Errno.ENOSYS);
            }
            NamespaceProcess dies = sleeper(way.builder().dieWithJvm());
            NamespaceProcess lives = sleeper(way.builder());
            announce(dies.pid(), way.command(dies), lives.pid(), way.command(lives));
            if (arguments.length > 1 && arguments[1].equals("exit")) {
                System.exit(3);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void whenTheJvmIsKilledWhatDiesWithItIsKilledAndTheRestLivesOn(Way way) throws Exception {
        assertFirstTwoEndWith(ChildJvm.of(OneOfEach.class, way.name()).start(), true);
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"PLAIN", "INIT"})
    void whenTheJvmExitsItIsTheSame(Way way) throws Exception {
        assertFirstTwoEndWith(ChildJvm.of(OneOfEach.class, way.name(), "exit").start(), false);
    }

    @Test
    void forAnOrdinaryUserItIsTheSame() throws Exception {
        assertFirstTwoEndWith(ChildJvm.of(OneOfEach.class, Way.ALL.name()).asOrdinaryUser().start(), true);
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "ALL")
    void whereClone3IsRefusedItIsTheSame(Way way) throws Exception {
        assertFirstTwoEndWith(ChildJvm.of(OneOfEach.class, way.name(), "without clone3").start(), true);
    }

    private static void assertFirstTwoEndWith(Process jvm, boolean violently) throws Exception {
        List<Long> pids = pids(jvm);
        List<Long> survivors = pids.subList(2, 4);
        try {
            assertThat(pids).allMatch(Proc::isAlive);
            if (violently) {
                kill(jvm);
            } else {
                jvm.getOutputStream().close();
                assertThat(jvm.waitFor()).isEqualTo(3);
            }
            for (long pid : pids.subList(0, 2)) {
                Await.until("the end of " + pid, () -> !Proc.isAlive(pid));
            }

            assertThat(survivors).allMatch(Proc::isAlive);
            for (long pid : survivors) {
                assertThat(kibibytes(pid, "VmSize")).isLessThan(kibibytes(Proc.SELF, "VmSize") / 10);
                assertThat(kibibytes(pid, "VmRSS")).isLessThan(10_000);
            }
        } finally {
            survivors.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        }
    }

    private static long kibibytes(long pid, String field) throws Exception {
        return Long.parseLong(Proc.status(pid, field).replace(" kB", ""));
    }

    /** From threads that have ended by the time the pids are printed, one of them virtual. */
    static final class FromOtherThreads extends Spawning {
        static void main(String[] arguments) throws Exception {
            Way way = Way.valueOf(arguments[0]);
            NamespaceProcess one = from(Thread.ofPlatform(), () -> sleeper(way.builder().dieWithJvm()));
            NamespaceProcess two = from(Thread.ofVirtual(), () -> sleeper(way.builder().dieWithJvm()));
            announce(one.pid(), way.command(one), two.pid(), way.command(two));
        }
    }

    static <T> T from(Thread.Builder threads, Callable<T> callable) throws Exception {
        FutureTask<T> task = new FutureTask<>(callable);
        threads.start(task).join();
        return task.get();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void itDoesNotMatterThatTheSpawningThreadHasLongEnded(Way way) throws Exception {
        assertAllEndWith(ChildJvm.of(FromOtherThreads.class, way.name()).start());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aChildWhoseSpawningThreadEndsLivesOn(Way way) throws Exception {
        for (NamespaceBuilder builder : List.of(way.builder(), way.builder().dieWithJvm())) {
            try (NamespaceProcess cat = from(Thread.ofPlatform(), () -> builder.spawn("cat"))) {
                cat.outputWriter().append("still here\n").flush();

                assertThat(cat.inputReader().readLine()).isEqualTo("still here");
                assertThat(Child.finish(cat)).isZero();
            }
        }
    }

    /** Under clocks that are moved: that takes a process which takes the place of the first. */
    static final class UnderMovedClocks extends Spawning {
        static void main(String[] arguments) throws Exception {
            Duration hour = Duration.ofHours(1);
            NamespaceProcess one = sleeper(Namespace.builder().user().time(time -> time.boottime(hour)).dieWithJvm());
            NamespaceProcess two = sleeper(Way.INIT.builder().time(time -> time.boottime(hour)).dieWithJvm());
            announce(one.pid(), two.pid(), Way.INIT.command(two));
        }
    }

    @Test
    void aProcessThatHasTakenThePlaceOfAnotherDiesWithTheJvmToo() throws Exception {
        assertAllEndWith(ChildJvm.of(UnderMovedClocks.class).start());
    }

    /** Children that have given up the JVM's ids, as root alone can. */
    static final class WithOtherIds extends Spawning {
        static void main(String[] arguments) throws Exception {
            List<Long> pids = new ArrayList<>();
            List<String> other = new ArrayList<>(List.of(OrdinaryUser.command()));
            other.addAll(List.of("sleep", "1000"));
            for (Way way : new Way[]{Way.PLAIN, Way.INIT}) {
                NamespaceBuilder builder = way == Way.PLAIN ? way.builder() : Namespace.builder().pid();
                NamespaceProcess process = builder.dieWithJvm().spawn(silent(Command.of(other)));
                long command = way.command(process);
                Await.until("other ids", () -> Proc.status(command, "Uid").startsWith("61234"));
                pids.add(command);
            }
            for (NamespaceBuilder builder : List.of(Namespace.builder(), Namespace.builder().pid())) {
                NamespaceProcess process = sleeper(builder.runAs(61234, 61234).dieWithJvm());
                pids.add(process.commandPid());
                if (!Proc.status(process.commandPid(), "Uid").startsWith("61234")) {
                    throw new AssertionError(Proc.status(process.commandPid(), "Uid"));
                }
            }
            announce(pids.toArray(Long[]::new));
        }
    }

    @Test
    void asRootChildrenThatHaveChangedTheirIdsDieWithTheJvm() throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "changing ids takes root");
        assertAllEndWith(ChildJvm.of(WithOtherIds.class).start());
    }

    /** Starts sleepers in several threads without an end. */
    static final class Storm extends Spawning {
        static void main(String[] arguments) throws Exception {
            for (Way way : Way.values()) {
                Namespace namespace = way.builder().dieWithJvm().build();
                Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 200; i++) {
                        try {
                            namespace.spawn(silent(Command.of("sleep", arguments[0])));
                        } catch (java.io.IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    }
                });
            }
            announce(0L);
        }
    }

    @RepeatedTest(4)
    void aJvmThatIsKilledWhileItSpawnsLeavesNoneOfThem(RepetitionInfo repetition) throws Exception {
        String mark = "100000." + Proc.SELF + repetition.getCurrentRepetition();
        Process jvm = ChildJvm.of(Storm.class, mark).start();
        int some = 20 * repetition.getCurrentRepetition();
        Await.until(some + " children", () -> marked(mark).count() > some);
        kill(jvm);

        Await.until("the end of all that it has started", () -> marked(mark).findAny().isEmpty());
    }

    private static LongStream marked(String mark) throws Exception {
        return Proc.all().values().stream().filter(stat -> !stat.isGone()).mapToLong(Proc.Stat::pid).filter(pid -> {
            try {
                return pid != Proc.SELF && new String(Files.readAllBytes(Proc.path(pid, "cmdline")),
                        StandardCharsets.ISO_8859_1).contains("sleep\0" + mark);
            } catch (java.io.IOException _) {
                return false;
            }
        });
    }

    // ---- the guard

    /** Kills the guard, and spawns again: at once, or when there is another. */
    static final class GuardIsKilled extends Spawning {
        static void main(String[] arguments) throws Exception {
            NamespaceProcess before = sleeper(Namespace.builder().dieWithJvm());
            long first = guard();
            ProcessHandle.of(first).orElseThrow().destroyForcibly();
            NamespaceProcess atOnce = sleeper(Namespace.builder().dieWithJvm());
            long second = Await.value("another guard", Spawning::guards,
                    list -> list.size() == 1 && list.getFirst() != first).getFirst();
            ProcessHandle.of(second).orElseThrow().destroyForcibly();
            Await.value("a third guard, without any spawn", Spawning::guards,
                    list -> list.size() == 1 && list.getFirst() != second);
            announce(before.pid(), atOnce.pid(), guard());
        }
    }

    @Test
    void aGuardThatIsKilledIsReplacedByOneThatKnowsAllThatLive() throws Exception {
        assertAllEndWith(ChildJvm.of(GuardIsKilled.class).start());
    }

    /** Kills the guard while children wait for commands, and then has them run some. */
    static final class GuardIsKilledBesideAPool extends Spawning {
        static void main(String[] arguments) throws Exception {
            Way way = Way.valueOf(arguments[0]);
            NamespacePool pool = Pools.full(way.builder().dieWithJvm(), 2);
            long first = guard();
            ProcessHandle.of(first).orElseThrow().destroyForcibly();
            Await.until("the end of the guard", () -> !Proc.isAlive(first));
            NamespaceProcess one = pool.spawn(silent(Command.of("sleep", "1000")));
            NamespaceProcess two = pool.spawn(silent(Command.of("sleep", "1000")));
            if (pool.statistics().hits() == 0) {
                throw new AssertionError(pool.statistics());
            }
            announce(one.pid(), way.command(one), two.pid(), way.command(two), guard());
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aCommandFromAPoolThatHasOutlivedItsGuardDiesWithTheJvmToo(Way way) throws Exception {
        assertAllEndWith(ChildJvm.of(GuardIsKilledBesideAPool.class, way.name()).start());
    }

    /** A guard that may have next to no descriptors, and more children than that. */
    static final class ManyChildren extends Spawning {
        static void main(String[] arguments) throws Exception {
            Namespace.builder().dieWithJvm().run("true");
            new ProcessBuilder("prlimit", "--pid", "" + guard(), "--nofile=12:12").inheritIO().start().waitFor();
            List<NamespaceProcess> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                all.add(sleeper(Namespace.builder().dieWithJvm()));
            }
            for (NamespaceProcess process : all.subList(0, 10)) {
                process.close();
            }
            announce(all.subList(10, 40).stream().map(NamespaceProcess::pid).toArray(Long[]::new));
        }
    }

    @Test
    void aGuardWhoseDescriptorsRunOutMissesNoChild() throws Exception {
        assertAllEndWith(ChildJvm.of(ManyChildren.class).start());
    }

    /** What the guard holds, and whose its files are: root's where it may not be traced. */
    static final class GuardOfOrdinaryUser extends Spawning {
        static void main(String[] arguments) throws Exception {
            NamespaceProcess sleeper = sleeper(Namespace.builder().dieWithJvm());
            System.out.println(Files.getAttribute(Proc.path(guard(), "environ"), "unix:uid") + " "
                    + Files.getAttribute(Proc.path(sleeper.pid(), "environ"), "unix:uid").equals(
                            Files.getAttribute(Proc.path(Proc.SELF, "environ"), "unix:uid")));
        }
    }

    @Test
    void theGuardCannotBeTracedByItsUser() throws Exception {
        assertThat(ChildJvm.of(GuardOfOrdinaryUser.class).asOrdinaryUser().output()).isEqualTo("0 true\n");
    }

    @Test
    void theGuardLeadsASessionOfItsOwnAndBlocksEverySignal() throws Exception {
        Namespace.builder().dieWithJvm().run("true");
        long guard = Spawning.guard();

        assertThat(Proc.statOf(guard).session()).isEqualTo(guard);
        assertThat(Proc.statusBits(Proc.text(guard, "status"), "SigBlk") | 1L << 8 | 1L << 18).isEqualTo(-1);
        assertThat(kibibytes(guard, "VmSize")).isLessThan(1024);
    }

    @Test
    void asRootTheGuardIsSeenToHoldLivingChildrenAndNothingOfTheJvms() throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "only root may look into the guard");
        Namespace namespace = Namespace.builder().dieWithJvm().build();
        namespace.run("true");
        long guard = Spawning.guard();
        for (int i = 0; i < 100; i++) {
            namespace.run("true");
        }
        Map<Integer, String> idle = Await.value("the guard to drop what has ended", () -> Proc.descriptors(guard),
                fds -> fds.size() == 6);

        assertThat(Files.readSymbolicLink(Proc.path(guard, "cwd"))).hasToString("/");
        assertThat(idle.values()).containsOnlyOnce("anon_inode:[eventpoll]").filteredOn("/dev/null"::equals).hasSize(3);
        assertThat(idle.get(4)).startsWith("socket:");
        try (NamespaceProcess cat = namespace.spawn("cat")) {
            Await.until("the guard to know of the child", () -> Proc.descriptors(guard).size() == 7);
            assertThat(cat.isAlive()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aCommandHoldsNoSocketOfTheGuards(Way way) throws Exception {
        assertThat(Child.script(way.builder().dieWithJvm(), "ls -l /proc/$$/fd | grep -c -e socket -e pidfd || :"))
                .isEqualTo("0");
    }

    // ---- what the tests have in common

    private static List<Long> pids(Process jvm) throws Exception {
        BufferedReader reader = jvm.inputReader();
        String line = reader.readLine();
        assertThat(line).as("what the JVM announces").isNotNull();
        return Stream.of(line.split(" ")).map(Long::valueOf).toList();
    }

    private static void kill(Process jvm) throws Exception {
        assertThat(jvm.destroyForcibly().waitFor()).isEqualTo(137);
    }

    private static void assertAllEndWith(Process jvm) throws Exception {
        List<Long> pids = pids(jvm);
        try {
            assertThat(pids).isNotEmpty().allMatch(Proc::isAlive);
            kill(jvm);
            for (long pid : pids) {
                Await.until("the end of " + pid, () -> !Proc.isAlive(pid));
            }
        } finally {
            pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        }
    }
}
