package dev.namespaces.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.NamespaceKind;
import dev.namespaces.examples.NsProcess.Ended;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunCommandTest {

    @Test
    void allMeansRootAHostNameAndEightNamespacesOfItsOwn() throws Exception {
        Ended ended = NsProcess.run("run", "--all", "--", "sh", "-c", "id -u; hostname; readlink /proc/self/ns/*");
        assertThat(ended.stderr()).isEmpty();
        List<String> lines = ended.stdout().lines().toList();
        assertThat(lines).startsWith("0", "namespace").hasSize(12);
        for (NamespaceKind kind : NamespaceKind.values()) {
            String host = Files.readSymbolicLink(Path.of("/proc/self/ns", kind.procName())).toString();
            assertThat(lines).doesNotContain(host).anyMatch(line -> line.startsWith(kind.procName() + ":["));
        }
        assertThat(Files.readString(Path.of("/proc/sys/kernel/hostname")).strip()).isNotEqualTo("namespace");
    }

    @Test
    void asPid1TheCommandIsPid1() throws Exception {
        assertThat(NsProcess.run("run", "--all", "--as-pid-1", "--", "sh", "-c", "echo $$").stdout()).isEqualTo("1\n");
    }

    @Test
    void underTheInitItIsAChildOfPid1() throws Exception {
        assertThat(NsProcess.run("run", "--all", "--", "sh", "-c", "echo $$ $PPID").stdout()).isEqualTo("2 1\n");
    }

    @Test
    void withoutOptionsNothingIsIsolated() throws Exception {
        Ended ended = NsProcess.run("run", "readlink", "/proc/self/ns/net", "/proc/self/ns/user");
        assertThat(ended.stdout().lines()).containsExactly(
                Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString(),
                Files.readSymbolicLink(Path.of("/proc/self/ns/user")).toString());
    }

    @ParameterizedTest
    @EnumSource
    void eachKindHasAnOptionThatMakesItNewAndNoOther(NamespaceKind kind) throws Exception {
        Set<String> options = new LinkedHashSet<>(List.of("run", "--unshare-user"));
        options.add("--unshare-" + kind.name().toLowerCase(Locale.ROOT));
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of("--", "readlink"));
        Map<NamespaceKind, String> ours = new EnumMap<>(NamespaceKind.class);
        for (NamespaceKind each : NamespaceKind.values()) {
            Path link = Path.of("/proc/self/ns", each.procName());
            arguments.add(link.toString());
            ours.put(each, Files.readSymbolicLink(link).toString());
        }
        List<String> inside = NsProcess.run(arguments.toArray(String[]::new)).stdout().lines().toList();
        assertThat(inside).hasSameSizeAs(NamespaceKind.values());
        Set<NamespaceKind> changed = EnumSet.allOf(NamespaceKind.class);
        changed.removeIf(each -> inside.contains(ours.get(each)));

        assertThat(changed).isEqualTo(EnumSet.of(NamespaceKind.USER, kind));
    }

    @Test
    void theHostNameIsTheOneAskedFor() throws Exception {
        Ended ended = NsProcess.run("run", "--unshare-user", "--unshare-uts", "--hostname", "box", "--", "hostname");
        assertThat(ended.stdout()).isEqualTo("box\n");
    }

    @Test
    void mapCurrentKeepsTheUser() throws Exception {
        String user = NsProcess.run("run", "id", "-u").stdout();
        assertThat(NsProcess.run("run", "--unshare-user", "--map-current", "--", "id", "-u").stdout()).isEqualTo(user);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 255})
    void theExitCodeIsTheCommands(int code) throws Exception {
        assertThat(NsProcess.run("run", "--unshare-user", "--unshare-pid", "--", "sh", "-c", "exit " + code).exitCode())
                .isEqualTo(code);
    }

    @Test
    void deathByASignalIsItsNumberAbove128() throws Exception {
        assertThat(NsProcess.run("run", "--unshare-user", "--unshare-pid", "--", "sh", "-c", "kill -9 $$").exitCode())
                .isEqualTo(137);
        assertThat(NsProcess.run("run", "sh", "-c", "kill -9 $$").exitCode()).isEqualTo(137);
    }

    @Test
    void standardInputPassesThrough() throws Exception {
        Process cat = NsProcess.start("run", "--unshare-user", "--unshare-pid", "--", "cat");
        assertThat(NsProcess.end(cat, "a line\n").stdout()).isEqualTo("a line\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void signalsAreForwarded(String signal) throws Exception {
        Process ns = NsProcess.start("run", "--unshare-user", "--unshare-pid", "--", "sh", "-c",
                "trap 'echo got " + signal + "; exit 3' " + signal + "; echo ready; while :; do sleep 0.05; done");
        BufferedReader reader = ns.inputReader();
        assertThat(reader.readLine()).isEqualTo("ready");
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(ns.pid())).start().waitFor()).isZero();
        assertThat(reader.readLine()).isEqualTo("got " + signal);
        assertThat(ns.waitFor()).isEqualTo(3);
    }

    @Test
    void aTerminatedSleepExitsWith143() throws Exception {
        Process ns = NsProcess.start("run", "--unshare-user", "--unshare-pid", "--", "sh", "-c",
                "echo ready; exec sleep 1000");
        assertThat(ns.inputReader().readLine()).isEqualTo("ready");
        ns.destroy();
        assertThat(ns.waitFor()).isEqualTo(143);
    }

    @Test
    void theEnvironmentChangesInTheOrderGiven() throws Exception {
        assertThat(NsProcess.run("run", "--setenv", "A", "1", "--clearenv", "--setenv", "B", "2", "--setenv", "C", "3",
                "--unsetenv", "B", "--",
                "/usr/bin/env").stdout()).isEqualTo("C=3\n");
    }

    @Test
    void anOptionMayComeAgain() throws Exception {
        assertThat(NsProcess.run("run", "--setenv", "A", "1", "--unsetenv", "A", "--unsetenv", "B", "--clearenv",
                "--clearenv", "--chdir", "/usr", "--chdir", "/", "--", "/bin/sh", "-c", "pwd; echo \"<$A>\"").stdout())
                .isEqualTo("/\n<>\n");
    }

    @Test
    void aValueInTheEnvironmentMayLookLikeAnOption() throws Exception {
        assertThat(
                NsProcess.run("run", "--setenv", "A", "--help", "--setenv", "B", "--", "--", "sh", "-c", "echo $A $B")
                        .stdout())
                .isEqualTo("--help --\n");
    }

    @Test
    void whatFollowsTheCommandIsTheCommands(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "content");
        assertThat(NsProcess.run("run", "printf", "<%s>", "@" + file, "@@", "--all", "--", "-x", "", "$HOME").stdout())
                .isEqualTo("<@" + file + "><@@><--all><--><-x><><$HOME>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void argumentsKeepTheirUmlautsInAnyLocale(String locale) throws Exception {
        List<String> shell = List.of("sh", "-c", "export LC_ALL=$0; exec \"$@\" \"$(printf '\\303\\244')\"", locale);
        assertThat(NsProcess.end(NsProcess.startUnder(shell, "run", "echo"), "").stdout()).isEqualTo("ä\n");
    }

    @Test
    void theCommandStartsInTheDirectoryAskedFor() throws Exception {
        assertThat(NsProcess.run("run", "--chdir", "/usr", "--", "pwd").stdout()).isEqualTo("/usr\n");
    }

    @Test
    void explainPrintsThePlanTheBwrapLineAndTheSystemCallsAndRunsNothing() throws Exception {
        Ended ended = NsProcess.run("run", "--all", "--explain", "--", "sh", "-c", "echo ran");
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.stdout())
                .contains("  - host name: namespace\n", "    --hostname namespace \\\n", "clone3(", "CLONE_NEWUSER",
                        "mount(\"proc\", \".\"", "sethostname(\"namespace\"")
                .doesNotContain("ran\n");
    }

    @Test
    void timingIsOneLineOnStandardError() throws Exception {
        Ended ended = NsProcess.run("run", "--timing", "--", "true");
        assertThat(ended.stdout()).isEmpty();
        assertThat(ended.stderr().lines()).singleElement().asString()
                .matches("ns: spawned in [\\d.]+ ms, ended after .*");
    }

    @Test
    void aMissingProgramIsOneLineWithStepAndErrno() throws Exception {
        assertOwnError(NsProcess.run("run", "--all", "--", "no-such-program"), "cannot execute no-such-program",
                "ENOENT", "PATH=");
    }

    @Test
    void aMissingDirectoryIsNamed() throws Exception {
        assertOwnError(NsProcess.run("run", "--chdir", "/no/such/directory", "--", "true"), "/no/such/directory",
                "ENOENT");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--hostname x true | --hostname needs --unshare-uts",
            "--map-root true | need --unshare-user",
            "--as-pid-1 true | --as-pid-1 needs --unshare-pid", "--bogus true | --bogus",
            "--setenv A | --setenv needs NAME VALUE",
            "--chdir relative true | working directory must be absolute",
            "--all --map-root --map-current true | exclude each other",
            "--setenv A=B c true | A=B", "--all | no command to run"})
    void wrongUseIsOneLineThatSaysWhatIsWrong(String arguments, String reason) throws Exception {
        assertOwnError(NsProcess.run(("run " + arguments).split(" ", -1)), reason);
    }

    private static void assertOwnError(Ended ended, String... parts) {
        assertThat(ended.exitCode()).isEqualTo(125);
        assertThat(ended.stdout()).isEmpty();
        assertThat(ended.stderr().lines()).singleElement().asString().startsWith("ns: ").contains(parts);
    }
}
