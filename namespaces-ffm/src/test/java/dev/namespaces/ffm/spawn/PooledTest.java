package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Capability;
import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespacePool;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Result;
import dev.namespaces.Spawner;
import dev.namespaces.Stdio;
import dev.namespaces.ffm.linux.OrdinaryUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A command of a pool behaves as one that was spawned without: everything here is done both ways, and what comes of it compared. */
@ExtendWith(LeavesNothingBehind.class)
class PooledTest {

    /** Lines of /proc/PID/status that differ from process to process. */
    private static final String PASSING = "(Tgid|Ngid|Pid|PPid|NStgid|NSpid|NSpgid|NSsid|State|Vm\\w*|Rss\\w*|.*ctxt.*|Cpus.*|Mems.*|SigQ):.*";
    private static final List<String> FILES = List.of("limits", "oom_score_adj", "cgroup", "coredump_filter",
            "setgroups",
            "uid_map", "gid_map", "timens_offsets", "timerslack_ns", "personality", "loginuid", "2>/dev/null",
            "; true");

    @TempDir
    Path folder;

    /** What is isolated. */
    enum Box {
        PLAIN(Way.PLAIN.builder()), USER(Way.USER.builder()), AS_PID_1(Way.AS_PID_1.builder()), INIT(
                Way.INIT.builder()), ALL(Way.ALL.builder()), LAST_TO_LEAVE(
                        Namespace.builder().user().pid(pid -> pid.waitForOthers())), RESTRICTED(Namespace.builder()
                                .user().pid().noNewPrivileges().newSession()
                                .capabilities(capabilities -> capabilities
                                        .keepOnly(Capability.CHOWN))), WITH_CAPABILITY(Namespace.builder()
                                                .user(user -> user.mapCurrent())
                                                .capabilities(
                                                        capabilities -> capabilities.add(Capability.NET_BIND_SERVICE))
                                                .net()), NOT_NESTED(
                                                        Namespace.builder()
                                                                .user(user -> user.forbidNestedUserNamespaces())
                                                                .pid()), DYING_WITH_THE_JVM(
                                                                        Namespace.builder().user().pid()
                                                                                .dieWithJvm()), CLOCKS(
                                                                                        Namespace.builder().user().pid()
                                                                                                .time(time -> time
                                                                                                        .boottime(
                                                                                                                Duration.ofDays(
                                                                                                                        1)))), ROOTED(
                                                                                                                                Namespace
                                                                                                                                        .builder()
                                                                                                                                        .user()
                                                                                                                                        .pid()
                                                                                                                                        .mount(mount -> mount
                                                                                                                                                .emptyRoot()
                                                                                                                                                .readOnlyBind(
                                                                                                                                                        "/usr")
                                                                                                                                                .readOnlyBindIfExists(
                                                                                                                                                        "/bin")
                                                                                                                                                .readOnlyBindIfExists(
                                                                                                                                                        "/lib")
                                                                                                                                                .readOnlyBindIfExists(
                                                                                                                                                        "/lib64")
                                                                                                                                                .tmpfs("/tmp")
                                                                                                                                                .proc()
                                                                                                                                                .dev()
                                                                                                                                                .readOnlyFile(
                                                                                                                                                        "/etc/motd",
                                                                                                                                                        new byte[]{
                                                                                                                                                                'h',
                                                                                                                                                                'i'}))), NETWORKED(
                                                                                                                                                                        Namespace
                                                                                                                                                                                .builder()
                                                                                                                                                                                .user()
                                                                                                                                                                                .net(net -> net
                                                                                                                                                                                        .loopback()
                                                                                                                                                                                        .bridge("br0")
                                                                                                                                                                                        .address(
                                                                                                                                                                                                "br0",
                                                                                                                                                                                                "10.1.2.3/24"))), AS_SOMEBODY_ELSE(
                                                                                                                                                                                                        Namespace
                                                                                                                                                                                                                .builder()
                                                                                                                                                                                                                .pid()
                                                                                                                                                                                                                .runAs(12345,
                                                                                                                                                                                                                        23456,
                                                                                                                                                                                                                        34567)), MAPPED(
                                                                                                                                                                                                                                Namespace
                                                                                                                                                                                                                                        .builder()
                                                                                                                                                                                                                                        .user(user -> user
                                                                                                                                                                                                                                                .map(0, 100_000,
                                                                                                                                                                                                                                                        1_000))
                                                                                                                                                                                                                                        .ipc()
                                                                                                                                                                                                                                        .runAs(5,
                                                                                                                                                                                                                                                6,
                                                                                                                                                                                                                                                7));

        private final NamespaceBuilder builder;

        Box(NamespaceBuilder builder) {
            this.builder = builder;
        }
    }

    /** Those that this JVM's user may have. */
    static Stream<Box> boxes() {
        return Stream.of(Box.values())
                .filter(box -> !OrdinaryUser.isSelf() || (box != Box.AS_SOMEBODY_ELSE && box != Box.MAPPED));
    }

    // ---- what the command finds

    @ParameterizedTest
    @MethodSource("boxes")
    void whatTheKernelSaysOfTheProcessIsTheSame(Box box) throws Exception {
        Map<String, Doing> doings = new LinkedHashMap<>();
        doings.put("status", where -> Child.says(where, "cat", "/proc/self/status").lines()
                .filter(line -> !line.matches(PASSING)).collect(Collectors.joining("\n")));
        doings.put("stat", where -> ofStat(Child.says(where, "cat", "/proc/self/stat").split(" ", -1)));
        doings.put("mounts", where -> Child.says(where, "cat", "/proc/self/mountinfo")
                .replaceAll("(?m)^\\d+ \\d+ \\d+:\\d+ ", "").replaceAll("(shared|master):\\d+", "$1"));
        doings.put("the rest", where -> Child.script(where, "cd /proc/self; cat " + String.join(" ", FILES)));
        doings.put("descriptors", where -> Child.says(where, "ls", "/proc/self/fd"));
        doings.put("files",
                where -> Child.says(where, "readlink", "/proc/self/cwd", "/proc/self/root", "/proc/self/exe"));
        doings.put("masks and names", where -> Child.script(where, "umask; hostname; id"));
        compare(box, doings);
    }

    /** The fields that say something of where it comes from: from the process group to the flags, the nice value, the signal at the end, the scheduling policy. */
    private static String ofStat(String[] fields) {
        return IntStream.of(5, 6, 7, 8, 9, 18, 19, 38, 40, 41).mapToObj(number -> fields[number - 1])
                .map(field -> field.equals(fields[0]) ? "self" : field.equals(fields[3]) ? "parent" : field)
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @MethodSource("boxes")
    void argumentsEnvironmentAndDirectoryAreHandedOn(Box box) throws Exception {
        Map<String, Doing> doings = new LinkedHashMap<>();
        doings.put("arguments", where -> Child.says(where, Command.of("printf", "%s|", "a b", "", "ä€😀", "-x")));
        doings.put("argument zero",
                where -> Child.says(where,
                        Command.of("sh", "-c", "echo $0; cat /proc/$$/cmdline").argumentZero("-other")));
        doings.put("inherited environment", where -> Child.says(where, Command.of("env")));
        doings.put("changed environment", where -> Child.says(where,
                Command.of("env").environment("ä", "€😀\n").environment("EMPTY", "").withoutEnvironment("HOME")));
        doings.put("no environment", where -> Child.says(where, Command.of("/usr/bin/env").emptyEnvironment()));
        doings.put("PATH", where -> Child.says(where,
                Command.of("env").emptyEnvironment().environment("PATH",
                        "/nonesuch:/proc/self/status::/usr/bin:/bin")));
        doings.put("directory", where -> Child.says(where, Command.of("pwd").directory("/usr")));
        doings.put("no directory", where -> Child.says(where, Command.of("pwd")));
        compare(box, doings);
    }

    @ParameterizedTest
    @MethodSource("boxes")
    void whatCannotBeExecutedIsRefusedInTheSameWords(Box box) throws Exception {
        Map<String, Doing> doings = new LinkedHashMap<>();
        doings.put("no such program", refused(Command.of("nonesuch")));
        doings.put("no such path", refused(Command.of("/usr/nonesuch")));
        doings.put("a directory", refused(Command.of("/usr")));
        doings.put("no program", refused(Command.of("/proc/self/status")));
        doings.put("denied, in the PATH", refused(Command.of("self").environment("PATH", "/proc:/usr/bin")));
        doings.put("no directory", refused(Command.of("true").directory("/nonesuch")));
        doings.put("a directory that is none", refused(Command.of("true").directory("/proc/self/status")));
        doings.put("no such file for standard input",
                refused(Command.of("cat").stdin(Stdio.from(Path.of("/nonesuch")))));
        compare(box, doings);
    }

    // ---- streams

    @ParameterizedTest
    @MethodSource("boxes")
    void standardStreamsAreConnected(Box box) throws Exception {
        Path in = Files.writeString(folder.resolve("in"), "from a file");
        Command both = Child.shell("cat; echo 1; echo 2 >&2");
        Map<String, Doing> doings = new LinkedHashMap<>();
        doings.put("pipes", where -> {
            try (NamespaceProcess process = where.spawn(both)) {
                process.getOutputStream().write('x');
                process.getOutputStream().close();
                return text(process.getInputStream().readAllBytes()) + text(process.getErrorStream().readAllBytes())
                        + process.waitFor();
            }
        });
        doings.put("bytes", where -> outputs(where, both.stdin(Stdio.bytes(new byte[]{'b', 'y', 't', 'e'}))));
        doings.put("files", where -> {
            Path out = Files.writeString(folder.resolve("out"), "something long");
            Path err = Files.writeString(folder.resolve("err"), "appended: ");
            where.run(both.stdin(Stdio.from(in)).stdout(Stdio.to(out)).stderr(Stdio.append(err))).orThrow();
            return Files.readString(out) + Files.readString(err);
        });
        doings.put("one", where -> outputs(where, both.stderr(Stdio.stdout())));
        doings.put("nowhere", where -> outputs(where, both.stdout(Stdio.discard()).stderr(Stdio.stdout())));
        doings.put("this JVM's, if that is no terminal", where -> outputs(where,
                Command.of("readlink", "/proc/self/fd/0").stdin(Stdio.inherit())));
        doings.put("much", where -> Integer.toString(
                where.run(Child.shell("head -c 300000 /dev/zero; head -c 200000 /dev/zero >&2")).stdoutBytes().length));
        compare(box, doings);
    }

    // ---- lives

    @ParameterizedTest
    @MethodSource("boxes")
    void itLivesAndDiesTheSame(Box box) throws Exception {
        Map<String, Doing> doings = new LinkedHashMap<>();
        doings.put("exit value", where -> ended(where, "exit 42", _ -> {}));
        doings.put("a signal of its own", where -> ended(where, "kill -KILL $$", _ -> {}));
        doings.put("destroy()", where -> ended(where, "exec sleep 1000", process -> {
            process.destroy();
            if (!process.supportsNormalTermination()) {
                process.destroyForcibly();
            }
        }));
        doings.put("a signal that it handles",
                where -> ended(where, "trap 'exit 3' USR1; echo trapped; while :; do read x; done",
                        process -> {
                            assertThat(process.inputReader().readLine()).isEqualTo("trapped");
                            process.signal(10);
                        }));
        doings.put("destroyForcibly()",
                where -> ended(where, "exec sleep 1000", NamespaceProcess::destroyForcibly));
        doings.put("a timeout", where -> {
            Result result = where.run(Command.of("sleep", "1000").timeout(Duration.ofMillis(1)));
            return result.timedOut() + " " + result.signal();
        });
        doings.put("an orphan", where -> Child.script(where, "(sleep 0.01; echo late) & echo early"));
        compare(box, doings);
    }

    private static String ended(Spawner where, String script, Deed deed) throws Exception {
        try (NamespaceProcess process = where.spawn(Child.shell("echo ready; " + script))) {
            assertThat(process.inputReader().readLine()).isEqualTo("ready");
            Map<NamespaceKind, Boolean> own = new TreeMap<>();
            boolean stays = !script.startsWith("exit") && !script.startsWith("kill");
            if (stays) {
                Map<NamespaceKind, String> home = Proc.namespaces(Proc.SELF);
                Proc.namespaces(process.commandPid()).forEach((kind, id) -> own.put(kind, !id.equals(home.get(kind))));
            }
            boolean ownNumber = process.innerPid() == process.pid();
            deed.to(process);
            return process.waitFor() + " " + process.terminationSignal() + " "
                    + process.supportsNormalTermination() + " " + ownNumber + " " + own + " "
                    + process.usage().peakResidentBytes().isPresent();
        }
    }

    // ----

    @FunctionalInterface
    private interface Doing {
        String with(Spawner where) throws Exception;
    }

    @FunctionalInterface
    private interface Deed {
        void to(NamespaceProcess process) throws Exception;
    }

    /** Does it all without a pool, and then with one, from which every command has to come. */
    private static void compare(Box box, Map<String, Doing> doings) throws Exception {
        Namespace namespace = box.builder.build();
        Map<String, String> cold = new TreeMap<>();
        Map<String, String> pooled = new TreeMap<>();
        try (NamespacePool pool = namespace.pool(1)) {
            for (Map.Entry<String, Doing> doing : doings.entrySet()) {
                cold.put(doing.getKey(), doing.getValue().with(namespace));
                Pools.awaitFull(pool, 1);
                pooled.put(doing.getKey(), doing.getValue().with(pool));
            }
            assertThat(pooled).isEqualTo(cold);
            assertThat(pool.statistics().misses()).isZero();
        }
    }

    private static Doing refused(Command command) {
        return where -> {
            try (NamespaceProcess process = where.spawn(command)) {
                return "started: " + process;
            } catch (NamespaceException e) {
                return String.join("; ", e.toString(), e.detail(), e.errnoName(), String.valueOf(e.remedy()));
            }
        };
    }

    private static String outputs(Spawner where, Command command) throws IOException, InterruptedException {
        Result result = where.run(command).orThrow();
        return result.stdout() + " and " + result.stderr();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
