package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.namespaces.Command;
import dev.namespaces.MacvlanMode;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespacePool;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.OpenNamespace;
import dev.namespaces.Result;
import dev.namespaces.Stdio;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.spi.CapabilitySpec;
import java.io.FileInputStream;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pools: what waits in them, who gets it, and what is left. */
@ExtendWith(LeavesNothingBehind.class)
class PoolTest {

    private static final int MOST_RESIDENT_KIB = 200;

    @TempDir
    Path folder;

    // ---- what waits

    @ParameterizedTest
    @EnumSource(Way.class)
    void whatWaitsHoldsNoDescriptorAndNoMemoryOfThisJvm(Way way) throws Exception {
        List<FileInputStream> open = new ArrayList<>();
        long sockets = Descriptors.socketPair(Step.WAIT, "");
        try {
            for (int i = 0; i < 1_000; i++) {
                open.add(new FileInputStream("/dev/zero"));
            }
            try (NamespacePool _ = Pools.full(way.builder(), 2)) {
                List<Long> waiting = Pools.waiting();
                assertThat(waiting).hasSize(way.hasInit() ? 4 : 2);
                for (long pid : waiting) {
                    Await.value("a few descriptors of its own", () -> Proc.descriptors(pid).values().stream()
                            .map(target -> target.replaceAll("\\d", "")).sorted().toList(),
                            way.hasInit() && Proc.children(Proc.SELF).contains(pid)
                                    ? List.of("pipe:[]")::equals
                                    : List.of("/dev/null", "/dev/null", "/dev/null", "socket:[]")::equals);
                    assertThat(Integer.parseInt(Proc.status(pid, "VmRSS").replace(" kB", "")))
                            .isLessThan(MOST_RESIDENT_KIB);
                    assertThat(Proc.text(pid, "maps")).doesNotContain("java", "heap", ".so");
                    assertThat(Proc.status(pid, "Threads")).isEqualTo("1");
                }
            }
        } finally {
            Syscalls.close(Descriptors.reading(sockets));
            Syscalls.close(Descriptors.writing(sockets));
            for (FileInputStream each : open) {
                each.close();
            }
        }
    }

    @Test
    void aProcessThatIsKilledWhileItWaitsIsPassedOver() throws Exception {
        try (NamespacePool pool = Pools.full(Way.INIT.builder(), 3)) {
            List<Long> inits = Pools.waiting().stream().filter(pid -> Proc.statOf(pid).parent() == Proc.SELF).toList();
            assertThat(inits).hasSize(3);
            inits.forEach(init -> ProcessHandle.of(init).orElseThrow().destroyForcibly());
            inits.forEach(PoolTest::awaitGone);

            assertThat(pool.run("echo", "one").orThrow().stdout()).isEqualTo("one\n");
            assertThat(pool.statistics().misses()).isOne();
            Pools.awaitFull(pool, 3);
            assertThat(pool.run("echo", "two").orThrow().stdout()).isEqualTo("two\n");
            assertThat(pool.statistics().hits()).isOne();
        }
    }

    private static void awaitGone(long pid) {
        try {
            Await.until("the end of " + pid, () -> !Proc.isAlive(pid));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** As when somebody types Ctrl-C, and the JVM goes on. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void signalsThatArriveWhileItWaitsAreNotTheCommands(Way way) throws Exception {
        try (NamespacePool pool = Pools.full(way.builder(), 1)) {
            for (long pid : Pools.waiting()) {
                for (String signal : List.of("INT", "TERM", "QUIT", "USR1", "TSTP", "ALRM")) {
                    assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor()).isZero();
                }
            }
            assertThat(pool.run("cat", "/proc/self/status").orThrow().stdout().lines())
                    .contains("SigPnd:\t0000000000000000", "ShdPnd:\t0000000000000000");
            assertThat(pool.statistics().hits()).isOne();
        }
    }

    // ---- who gets it

    @Test
    void noCommandIsHandedTheNamespacesTheFilesOrTheDescriptorsOfAnother() throws Exception {
        NamespaceBuilder builder = Namespace.builder().create(EnumSet.allOf(NamespaceKind.class))
                .mount(mount -> mount.tmpfs("/tmp"));
        Set<String> seen = new HashSet<>();
        try (NamespacePool pool = Pools.full(builder, 4)) {
            for (int i = 0; i < 12; i++) {
                try (NamespaceProcess process = pool.spawn(Child
                        .shell("""
                                ls /tmp; ls /proc/self/fd; /sbin/ip -o link | wc -l; hostname; ipcs -q | grep -c 0x
                                touch /tmp/$$ "/tmp/of another"; hostname other; /sbin/ip link add dummy type bridge; ipcmk -Q >/dev/null
                                exec 7</dev/zero; trap '' TERM INT
                                echo done; read x
                                """)
                        .environment("SECRET", "of " + i))) {
                    List<String> lines = new ArrayList<>();
                    String line = process.inputReader().readLine();
                    while (!"done".equals(line)) {
                        lines.add(line);
                        line = process.inputReader().readLine();
                    }
                    assertThat(lines).as("what it found").containsExactly("0", "1", "2", "3", "1",
                            Files.readString(Path.of("/proc/sys/kernel/hostname")).strip(), "0");
                    for (Map.Entry<NamespaceKind, String> id : Proc.namespaces(process.commandPid()).entrySet()) {
                        assertThat(seen.add(i + " " + id.getValue())).isTrue();
                        assertThat(Proc.namespaces(Proc.SELF)).doesNotContainValue(id.getValue());
                    }
                    assertThat(Proc.text(process.commandPid(), "environ")).contains("SECRET=of " + i)
                            .doesNotContain("SECRET=of " + (i - 1));
                }
            }
        }
    }

    @Test
    void commandsThatRunAtOnceShareNothing() throws Exception {
        Set<String> seen = new HashSet<>();
        int commands = 6;
        List<NamespaceProcess> running = new ArrayList<>();
        try (NamespacePool pool = Pools.full(Namespace.builder().create(EnumSet.allOf(NamespaceKind.class)), 4)) {
            for (int i = 0; i < commands; i++) {
                NamespaceProcess process = Child.ready(pool, "echo ready; read x");
                running.add(process);
                seen.addAll(Proc.namespaces(process.commandPid()).values());
            }
            assertThat(seen).hasSize(commands * NamespaceKind.values().length);
        } finally {
            running.forEach(NamespaceProcess::close);
        }
    }

    @Test
    void whereNoneWaitsTheCommandIsStartedOtherwise() throws Exception {
        List<NamespaceProcess> running = new ArrayList<>();
        try (NamespacePool pool = Pools.full(Way.INIT.builder(), 2)) {
            for (int i = 0; i < 10; i++) {
                running.add(Child.ready(pool, "echo ready; read x"));
            }
            NamespacePool.Statistics statistics = pool.statistics();
            assertThat(statistics.hits()).isGreaterThanOrEqualTo(2);
            assertThat(statistics.hits() + statistics.misses()).isEqualTo(10);
            Pools.awaitFull(pool, 2);
            assertThat(pool.statistics().refills()).isEqualTo(2 + pool.statistics().hits());
            assertThat(pool.statistics().meanRefill()).isPositive();
        } finally {
            running.forEach(NamespaceProcess::close);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofAThousandSpawnsFromSixtyFourThreadsNoneFails(boolean virtual) throws Exception {
        int threads = 64;
        int each = 16;
        try (NamespacePool pool = Way.INIT.namespace().pool(8);
                ExecutorService executor = Executors.newFixedThreadPool(threads,
                        (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).factory())) {
            List<Future<String>> results = new ArrayList<>();
            for (int i = 0; i < threads * each; i++) {
                String word = "word " + i;
                results.add(executor.submit(() -> pool.run("/bin/echo", "-n", word).orThrow().stdout()));
            }
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i).get()).isEqualTo("word " + i);
            }
            assertThat(pool.statistics().hits()).isPositive();
            assertThat(pool.statistics().hits() + pool.statistics().misses()).isEqualTo((long) threads * each);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"PLAIN", "ALL"})
    void aThousandSpawnsInARowLeaveNothing(Way way) throws Exception {
        try (NamespacePool pool = Pools.full(way.builder(), 4)) {
            Belongings before = Belongings.now();
            for (int i = 0; i < 1_000; i++) {
                try (NamespaceProcess process = pool.spawn("/bin/true")) {
                    assertThat(process.waitFor()).isZero();
                }
            }
            Pools.awaitFull(pool, 4);
            Await.value("no more descriptors than before", () -> Belongings.now().descriptors().size(),
                    size -> size <= before.descriptors().size());
            assertThat(pool.statistics().failures()).isZero();
        }
    }

    @Test
    void whatIsTooLargeForTheRoomThatWaitsIsStartedOtherwise() throws Exception {
        try (NamespacePool pool = Pools.full(Way.PLAIN.builder(), 1)) {
            String fits = "x".repeat(60_000);
            assertThat(pool.run("printf", "%s", fits).orThrow().stdout()).isEqualTo(fits);
            assertThat(pool.statistics().hits()).isOne();
            Pools.awaitFull(pool, 1);
            String tooLarge = "x".repeat(100_000);
            assertThat(pool.run("printf", "%s%s", tooLarge, tooLarge).orThrow().stdout())
                    .isEqualTo(tooLarge + tooLarge);
            assertThat(pool.statistics().misses()).isOne();
        }
    }

    @Test
    void whatIsDoneBeforeTheExecAndATerminalAreHadWithoutAWaitingProcess() throws Exception {
        try (NamespacePool pool = Pools.full(Way.INIT.builder(), 1)) {
            List<Long> pids = new ArrayList<>();
            try (NamespaceProcess process = pool.spawn(Command.of("cat").beforeExec(pids::add))) {
                assertThat(pids).containsExactly(process.pid());
                assertThat(Child.finish(process)).isZero();
            }
            try (NamespaceProcess process = pool.spawn(Command.of("tty").stdin(Stdio.terminal(24, 80)))) {
                assertThat(process.inputReader().readLine()).startsWith("/dev/pts/");
            }
            assertThat(pool.statistics().misses()).isEqualTo(2);
            assertThat(pool.statistics().waiting()).isOne();
        }
    }

    @Test
    void namespacesThatAreThereAlreadyAreEntered() throws Exception {
        try (OpenNamespace pod = Namespace.builder().user().pid().net().uts(uts -> uts.hostname("pod")).open()) {
            NamespaceBuilder joining = Namespace.builder().join(pod.handle(NamespaceKind.USER))
                    .join(pod.handle(NamespaceKind.PID)).join(pod.handle(NamespaceKind.UTS)).ipc();
            try (NamespacePool pool = Pools.full(joining, 2)) {
                List<NamespaceProcess> together = new ArrayList<>(); // the number of one that is gone may be another's
                Set<String> queues = new HashSet<>();
                for (int i = 0; i < 4; i++) {
                    NamespaceProcess process = pool.spawn("sh", "-c",
                            "hostname; readlink /proc/self/ns/ipc; grep -c NSpid:.*[0-9].[0-9] /proc/self/status; read _");
                    together.add(process);
                    assertThat(process.inputReader().readLine()).isEqualTo("pod");
                    assertThat(queues.add(process.inputReader().readLine())).isTrue();
                    assertThat(process.inputReader().readLine()).isEqualTo("1");
                }
                together.forEach(NamespaceProcess::close);
                assertThat(pool.statistics().hits()).isPositive();
            }
        }
    }

    /** The process that ends last would have to take the mounts off before anybody sees its end. */
    @Test
    void whoeverWaitsForACommandDoesNotWaitUntilItsMountsAreTakenOff() throws Exception {
        try (NamespacePool pool = Pools.full(Way.ALL.builder(), 1)) {
            String mounts;
            try (NamespaceProcess process = Child.ready(pool, "echo ready; read x")) {
                mounts = Proc.namespaces(process.commandPid()).get(NamespaceKind.MOUNT);
                assertThat(Proc.descriptors(Proc.SELF)).containsValue(mounts);
            }
            Await.until("the end of its mounts", () -> !Proc.descriptors(Proc.SELF).containsValue(mounts));
            Pools.awaitFull(pool, 1);
            assertThat(Proc.descriptors(Proc.SELF).values()).filteredOn(target -> target.startsWith("mnt:")).hasSize(1);
        }
    }

    // ---- refusals

    @Test
    void aSizeOutOfRangeIsRefused() {
        Namespace namespace = Way.PLAIN.namespace();
        for (int size : new int[]{-1, 0, 1_001, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException().isThrownBy(() -> namespace.pool(size))
                    .withMessageContaining(Integer.toString(size));
        }
    }

    @Test
    void whatCanBeThereOnlyOnceIsRefused() {
        assertRefused(Namespace.builder().user().net(net -> net.outbound(way -> way.publish(8080, 80))), "8080");
        assertRefused(Namespace.builder().net(net -> net.veth("inner", "outer")), "outer");
        assertRefused(Namespace.builder().net(net -> net.move("eth7")), "eth7");
        assertRefused(Namespace.builder().net(net -> net.macvlan("inner", "eth7", MacvlanMode.PASSTHRU)), "eth7");
        assertRefused(Namespace.builder().user()
                .mount(mount -> mount.overlay(List.of(folder), folder.resolve("upper"), folder.resolve("work"),
                        "/mnt")),
                folder.resolve("upper").toString());
        assertRefused(Namespace.builder().joinAll(ProcessHandle.current()), "joinAll");
    }

    private static void assertRefused(NamespaceBuilder builder, String named) {
        assertThatIllegalArgumentException().isThrownBy(() -> builder.build().pool(1)).withMessageContaining(named);
    }

    /** Whichever system call is refused, before it waits and afterwards. */
    @ParameterizedTest
    @ValueSource(strings = {"under an init", "as PID 1", "without a capability"})
    void everyRefusalIsSaidAndLeavesNothing(String which) throws Exception {
        CapabilitySpec capabilities = which.equals("without a capability")
                ? CapabilitySpec.DEFAULT.only(0)
                : CapabilitySpec.DEFAULT;
        List<Refused.Spawn> spawns = Refused.eachParked(EnumSet.allOf(NamespaceKind.class), which.equals("as PID 1"),
                capabilities);
        assertThat(spawns).hasSizeGreaterThan(20);
        for (int i = 0; i < spawns.size(); i++) {
            Refused.Spawn spawn = spawns.get(i);
            assertThatExceptionOfType(NamespaceException.class).as("refusal " + i).isThrownBy(() -> spawn.of("true"));
        }
    }

    @Test
    void whatTheKernelRefusesIsSaidAtOnce() {
        assertThatExceptionOfType(NamespaceException.class)
                .isThrownBy(() -> Namespace.builder().user()
                        .mount(mount -> mount.bind(Path.of("/nonesuch"), "/mnt")).build().pool(4))
                .satisfies(e -> assertThat(e.step()).isEqualTo(Step.MOUNT_SOURCE));
    }

    /** The directory that is bound is there at first, and later no more. */
    @Test
    void whereNoneCanBeSetUpAnyMoreTheSpawnSaysWhyAndNobodyTriesWithoutPause() throws Exception {
        Path bound = Files.createDirectory(folder.resolve("bound"));
        NamespaceBuilder builder = Namespace.builder().user().mount(mount -> mount.bind(bound, "/mnt"));
        try (NamespacePool pool = Pools.full(builder, 2)) {
            Files.delete(bound);
            assertThat(pool.run("true").succeeded()).isTrue();
            assertThat(pool.run("true").succeeded()).isTrue();
            Await.value("failures", () -> pool.statistics().failures(), failures -> failures >= 2);
            long start = System.nanoTime();
            long failures = pool.statistics().failures();
            for (int i = 0; i < 20; i++) {
                assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> pool.spawn("true"))
                        .satisfies(e -> assertThat(e.detail()).contains(bound.toString()));
            }
            long most = 1 + Duration.ofNanos(System.nanoTime() - start).toMillis() / 100;
            assertThat(pool.statistics().failures() - failures).isLessThanOrEqualTo(most);
            Files.createDirectory(bound);
            Pools.awaitFull(pool, 2);
        }
    }

    @Test
    void whereNoNamespaceMayBeMadeAnyMoreTheSysctlIsNamed() throws Exception {
        List<String> command = ChildJvm.of(WithoutNetworks.class).command();

        assertThat(Namespace.builder().user().run(Command.of(command)).orThrow().stdout().lines()).containsExactly(
                Attempt.STARTED, Attempt.STARTED,
                "CLONE ENOSPC no such namespace may be created here: raise the sysctl user.max_net_namespaces",
                Attempt.STARTED);
    }

    /** In a user namespace of its own: forbids network namespaces when two wait, uses these up, and allows others again. */
    static final class WithoutNetworks {
        static void main() throws Exception {
            Path limit = Path.of("/proc/sys/user/max_net_namespaces");
            try (NamespacePool pool = Pools.full(Namespace.builder().net(), 2)) {
                Files.writeString(limit, "0");
                System.out.println(Attempt.of(pool));
                System.out.println(Attempt.of(pool));
                System.out.println(Attempt.of(pool));
                Files.writeString(limit, "10");
                Pools.awaitFull(pool, 2);
                System.out.println(Attempt.of(pool));
            }
        }
    }

    // ---- the end

    @ParameterizedTest
    @EnumSource(Way.class)
    void closedItLeavesNothingButTheCommandsThatRun(Way way) throws Exception {
        NamespacePool pool = Pools.full(way.builder().dieWithJvm(), 3);
        try (NamespaceProcess process = Child.ready(pool, "echo ready; cat")) {
            pool.close();
            assertThat(Pools.waiting()).isEqualTo(way.hasInit() ? List.of(process.pid()) : List.of());
            assertThatIllegalStateException().isThrownBy(() -> pool.spawn("true")).withMessageContaining("closed");
            assertThatIllegalStateException().isThrownBy(() -> pool.run("true"));
            pool.close();
            process.getOutputStream().write('x');
            assertThat(Child.finish(process)).isZero();
            assertThat(process.getInputStream().readAllBytes()).containsExactly('x');
        }
    }

    @Test
    void closedWhileOthersSpawnItLeavesNothing() throws Exception {
        for (int round = 0; round < 20; round++) {
            NamespacePool pool = Way.INIT.namespace().pool(4);
            CountDownLatch atWork = new CountDownLatch(4);
            try (ExecutorService executor = Executors.newCachedThreadPool()) {
                List<Future<Integer>> counts = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    counts.add(executor.submit(() -> spawnUntilClosed(pool, atWork)));
                }
                atWork.await();
                pool.close();
                for (Future<Integer> count : counts) {
                    assertThat(count.get()).isPositive();
                }
            }
            assertThat(Pools.waiting()).isEmpty();
        }
    }

    private static int spawnUntilClosed(NamespacePool pool, CountDownLatch atWork)
            throws IOException, InterruptedException {
        int count = 0;
        while (true) {
            try (NamespaceProcess process = pool.spawn("/bin/true")) {
                assertThat(process.waitFor()).isZero();
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("closed");
                return count;
            }
            count++;
            if (count == 1) {
                atWork.countDown();
            }
        }
    }

    @Test
    void anInterruptedThreadClosesItAllTheSame() throws Exception {
        NamespacePool pool = Pools.full(Way.INIT.builder(), 2);
        Thread.currentThread().interrupt();
        pool.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Pools.waiting()).isEmpty();
    }

    /** The guard keeps those that wait, too. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void killedWithAFullPoolAJvmLeavesNoProcess(Way way) throws Exception {
        Process jvm = ChildJvm.of(Full.class, way.name()).start();
        List<Long> waiting;
        try {
            waiting = List.of(jvm.inputReader().readLine().split(" ", -1)).stream().map(Long::valueOf).toList();
            assertThat(waiting).hasSize(way.hasInit() ? 16 : 8).allMatch(Proc::isAlive);
        } finally {
            jvm.destroyForcibly();
            assertThat(jvm.waitFor()).isEqualTo(137);
        }
        Await.until("the end of all that waited", () -> waiting.stream().noneMatch(Proc::isAlive));
    }

    /** Fills a pool, prints the pids of those that wait, and waits for its own end. */
    static final class Full {
        static void main(String[] arguments) throws Exception {
            try (NamespacePool _ = Pools.full(Way.valueOf(arguments[0]).builder(), 8)) {
                System.out.println(String.join(" ", Pools.waiting().stream().map(String::valueOf).toList()));
                System.in.readAllBytes();
            }
        }
    }

    @Test
    void aJvmThatEndsWithoutClosingItLeavesNoProcess() throws Exception {
        List<Long> waiting = List.of(ChildJvm.of(Unclosed.class).output().strip().split(" ", -1)).stream()
                .map(Long::valueOf).toList();

        assertThat(waiting).hasSize(8);
        Await.until("the end of all that waited", () -> waiting.stream().noneMatch(Proc::isAlive));
    }

    /** Fills a pool and ends. */
    static final class Unclosed {
        static void main() throws Exception {
            Pools.full(Way.INIT.builder(), 4);
            System.out.println(String.join(" ", Pools.waiting().stream().map(String::valueOf).toList()));
        }
    }

    @Test
    void anExecThatIsRefusedUsesOneUp() throws Exception {
        try (NamespacePool pool = Pools.full(Way.ALL.builder(), 2)) {
            for (int i = 0; i < 4; i++) {
                assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> pool.spawn("nonesuch"))
                        .satisfies(e -> assertThat(e.step()).isEqualTo(Step.EXECUTE));
                Pools.awaitFull(pool, 2);
            }
            assertThat(pool.statistics().hits()).isEqualTo(4);
            Result result = pool.run("true");
            assertThat(result.succeeded()).isTrue();
        }
    }
}
