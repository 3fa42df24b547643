package dev.namespaces.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceKind;
import dev.namespaces.examples.NsProcess.Ended;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnterCommandTest {

    private static NamespaceBuilder all() {
        return Namespace.builder().create(EnumSet.allOf(NamespaceKind.class)).uts(uts -> uts.hostname("box"));
    }

    /** Where a command is that has entered. */
    private static Map<NamespaceKind, String> places(Sandbox sandbox, String options) throws Exception {
        List<String> words = new ArrayList<>(List.of("readlink"));
        for (NamespaceKind kind : NamespaceKind.values()) {
            words.add("/proc/thread-self/ns/" + kind.procName());
        }
        Ended ended = enter(sandbox, options, words.toArray(String[]::new));
        assertThat(ended.stderr()).isEmpty();
        Map<NamespaceKind, String> places = new EnumMap<>(NamespaceKind.class);
        Iterator<String> lines = ended.stdout().lines().iterator();
        for (NamespaceKind kind : NamespaceKind.values()) {
            places.put(kind, lines.next());
        }
        return places;
    }

    private static Ended enter(Sandbox sandbox, String options, String... command) throws Exception {
        List<String> words = new ArrayList<>(List.of("enter", sandbox.pid()));
        if (!options.isEmpty()) {
            words.addAll(List.of(options.split(" ", -1)));
        }
        words.add("--");
        words.addAll(List.of(command));
        return NsProcess.run(words.toArray(String[]::new));
    }

    private static void assertOwnError(Ended ended, String... parts) {
        assertThat(ended.exitCode()).isEqualTo(125);
        assertThat(ended.stderr().lines()).singleElement().asString().startsWith("ns: ").contains(parts);
    }

    @Test
    void withoutKindsEveryNamespaceIsEntered() throws Exception {
        try (Sandbox sandbox = Sandbox.of(all().build())) {
            Map<NamespaceKind, String> inside = places(sandbox, "");

            for (NamespaceKind kind : NamespaceKind.values()) {
                assertThat(inside.get(kind)).isEqualTo(sandbox.place(kind)).isNotEqualTo(here(kind));
            }
            assertThat(sandbox.process().isAlive()).isTrue();
        }
    }

    private static String here(NamespaceKind kind) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/ns", kind.procName())).toString();
    }

    @Test
    void withKindsTheseAndTheUserNamespaceWhereItIsNeeded() throws Exception {
        try (Sandbox sandbox = Sandbox.of(all().build())) {
            Map<NamespaceKind, String> inside = places(sandbox, "--kinds net,uts");
            Set<NamespaceKind> entered = EnumSet.noneOf(NamespaceKind.class);
            for (NamespaceKind kind : NamespaceKind.values()) {
                if (sandbox.place(kind).equals(inside.get(kind))) {
                    entered.add(kind);
                }
            }

            assertThat(entered).isEqualTo(Caller.isRoot()
                    ? EnumSet.of(NamespaceKind.NET, NamespaceKind.UTS)
                    : EnumSet.of(NamespaceKind.USER, NamespaceKind.NET, NamespaceKind.UTS));
            assertThat(enter(sandbox, "--kinds uts,user", "hostname").stdout()).isEqualTo("box\n");
        }
    }

    @Test
    void aKindThatTheProcessSharesWithTheCallerIsNoTrouble() throws Exception {
        try (Sandbox sandbox = Sandbox.of(Namespace.builder().user().net().build())) {
            assertThat(places(sandbox, "--kinds ipc,time,cgroup")).containsEntry(NamespaceKind.IPC,
                    here(NamespaceKind.IPC));
        }
    }

    @Test
    void exitCodeStreamsAndEnvironmentPassThrough() throws Exception {
        try (Sandbox sandbox = Sandbox.of(all().build())) {
            assertThat(enter(sandbox, "", "sh", "-c", "exit 7").exitCode()).isEqualTo(7);
            assertThat(enter(sandbox, "", "sh", "-c", "kill -9 $$").exitCode()).isEqualTo(137);
            assertThat(enter(sandbox, "--chdir /usr --setenv A b", "sh", "-c", "pwd; echo $A; echo c >&2"))
                    .isEqualTo(new Ended(0, "/usr\nb\n", "c\n"));
            Process cat = NsProcess.start("enter", sandbox.pid(), "--", "cat");
            assertThat(NsProcess.end(cat, "a line\n").stdout()).isEqualTo("a line\n");
        }
    }

    @Test
    void signalsAreForwarded() throws Exception {
        try (Sandbox sandbox = Sandbox.of(all().build())) {
            Process ns = NsProcess.start("enter", sandbox.pid(), "--", "sh", "-c",
                    "trap 'echo got TERM; exit 3' TERM; echo ready; while :; do sleep 0.05; done");
            BufferedReader reader = ns.inputReader();
            assertThat(reader.readLine()).isEqualTo("ready");
            assertThat(new ProcessBuilder("kill", "-TERM", Long.toString(ns.pid())).start().waitFor()).isZero();

            assertThat(reader.readLine()).isEqualTo("got TERM");
            assertThat(ns.waitFor()).isEqualTo(3);
        }
    }

    @Test
    void whatIsNotToBeTakenOverIsNot() throws Exception {
        try (Sandbox sandbox = Sandbox.of(Namespace.builder().user().net().noNewPrivileges().build())) {
            String[] look = {"grep", "NoNewPrivs", "/proc/self/status"};

            assertThat(enter(sandbox, "", look).stdout()).isEqualTo("NoNewPrivs:\t1\n");
            assertThat(enter(sandbox, "--without identity,no-new-privileges", look).stdout())
                    .isEqualTo("NoNewPrivs:\t0\n");
        }
    }

    @Test
    void theUserIsTheOneAskedFor() throws Exception {
        try (Sandbox sandbox = Sandbox.of(Namespace.builder().user(user -> user.mapCurrent()).net().build())) {
            String[] look = {"sh", "-c", "id -u; id -g"};
            String own = Caller.user() + "\n" + Caller.group() + "\n";

            assertThat(enter(sandbox, "--uid " + Caller.user() + " --gid " + Caller.group(), look).stdout())
                    .isEqualTo(own);
            assertOwnError(enter(sandbox, "--uid 12345", look), "change the user and group ids");
        }
    }

    @Test
    void aSeccompFilterIsLeftOutByAnOptionThatTheRefusalNames(@TempDir Path folder) throws Exception {
        Path pid = folder.resolve("pid");
        Process terminal = new ProcessBuilder("script", "-qec", String.join(" ", NsProcess.ns("run", "--unshare-user",
                "--unshare-net", "--", "sh", "-c")) + " 'echo $$ > " + pid + ".new; mv " + pid + ".new " + pid
                + "; read line'", "/dev/null").start();
        while (!Files.exists(pid)) {
            assertThat(terminal.isAlive()).isTrue();
            Thread.onSpinWait();
        }
        String filtered = Files.readString(pid).strip();

        assertOwnError(NsProcess.run("enter", filtered, "--", "true"), "process " + filtered + " has a seccomp filter",
                "--without seccomp");
        assertThat(NsProcess.run("enter", filtered, "--without", "seccomp", "--", "readlink", "/proc/self/ns/net")
                .stdout())
                .isEqualTo(Files.readSymbolicLink(Path.of("/proc", filtered, "ns/net")) + "\n");
        terminal.outputWriter().append("\n").flush();
        terminal.getInputStream().readAllBytes();
        assertThat(terminal.waitFor()).isZero();
    }

    @Test
    void theCommandCanHaveATerminalOfItsOwn() throws Exception {
        try (Sandbox sandbox = Sandbox.of(all().build())) {
            String script = "test -t 0 && test $(cut -d' ' -f6 /proc/$$/stat) = $$ && echo leads its session; exit 5";
            String ns = "exec " + String.join(" ", NsProcess.ns("enter", sandbox.pid(), "--terminal", "--", "sh", "-c"))
                    + " \"" + script.replace("$", "\\$") + "\"";
            Ended ended = NsProcess.end(new ProcessBuilder("script", "-qec", ns, "/dev/null").start(), "");

            assertThat(ended.stdout()).endsWith("leads its session\r\n"); // script may show the end of its own input
            assertThat(ended.exitCode()).isEqualTo(5);
        }
    }

    @Test
    void whatFollowsTheSeparatorIsTheCommands() throws Exception {
        try (Sandbox sandbox = Sandbox.of(Namespace.builder().user().build())) {
            assertThat(enter(sandbox, "", "printf", "<%s>", "--kinds", "net", "--", "@x").stdout())
                    .isEqualTo("<--kinds><net><--><@x>");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1 | no command to run", " | Missing required parameter: 'PID'",
            "1 true | write -- before the command", "1 true -- -x | write -- before the command",
            "1 sh -c true | Unknown option: '-c'", "x -- true | is not a long",
            "0 -- true | there is no process 0", "-1 -- true | there is no process -1",
            "4194305 -- true | there is no process 4194305",
            "99999999999999999999 -- true | is not a long", "1 --kinds -- true | kinds",
            "1 --kinds foo -- true | there is no kind 'foo', but cgroup",
            "1 --kinds net,,uts -- true | there is no kind '', but",
            "1 --without foo -- true | there is no hardening 'foo', but identity, capabilities, no-new-privileges, seccomp",
            "1 --kinds net --without seccomp -- true | --kinds takes nothing over",
            "1 --gid 0 -- true | --gid needs --uid", "1 --uid x -- true | not an id for --uid: \"x\"",
            "1 --uid 1 --gid -1 -- true | not an id for --gid: \"-1\"", "1 --uid 1:2 -- true | not an id for --uid"})
    void wrongUseIsOneLineThatSaysWhatIsWrong(String arguments, String reason) {
        String words = arguments == null ? "enter" : "enter " + arguments;
        assertOwnError(NsProcess.here(words.split(" ", -1)), reason);
    }
}
