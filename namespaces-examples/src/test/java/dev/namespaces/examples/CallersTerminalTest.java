package dev.namespaces.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Stdio;
import dev.namespaces.examples.NsProcess.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line at a terminal, which the library has made for it. */
class CallersTerminalTest {

    private static final String PROMPT = "what now? ";

    private String shown = "";

    @ParameterizedTest
    @ValueSource(strings = {"--unshare-user", "--unshare-user --unshare-pid", "--all"})
    void aShellIsAtHomeInATerminalOfItsOwn(String kinds) throws Exception {
        try (NamespaceProcess ns = start("exec \"$@\"", kinds + " --setenv PS1 what§now?§ -- sh -i")) {
            assertThat(until(ns, PROMPT)).doesNotContain("job control");
            type(ns, "echo $((6 * 7)); stty size\n");
            assertThat(until(ns, PROMPT)).endsWith("\r\n42\r\n30 100\r\n");
            type(ns, "[ $(tty) = \"$OUTER\" ] || echo $$\n");
            assertThat(until(ns, PROMPT)).containsPattern("\r\n\\d+\r\n");

            type(ns, "sh -c 'echo re''ady; exec sleep 1000'\n");
            until(ns, "ready\r\n");
            type(ns, "\3");
            assertThat(until(ns, PROMPT)).contains("^C");
            type(ns, "echo $?\n");
            assertThat(until(ns, PROMPT)).contains("\r\n130\r\n");

            ns.resize(40, 120);
            type(ns, "until [ \"$(stty size)\" = '40 120' ]; do sleep 0.05; done; echo re''sized\n");
            until(ns, "resized\r\n" + PROMPT);

            type(ns, "exit 5\n");
            assertThat(ns.waitFor()).isEqualTo(5);
        }
    }

    /** Of an interactive shell's jobs the signal reaches the one in the foreground, never the shell. */
    @Test
    void theForegroundHearsThatTheSizeHasChanged() throws Exception {
        String script = "trap 'stty size; exit 7' WINCH; echo ready; while :; do sleep 0.05; done";
        try (NamespaceProcess ns = start("exec \"$@\"", "-- sh -c " + script.replace(' ', '§'))) {
            until(ns, "ready");

            ns.resize(40, 120);

            until(ns, "40 120");
            assertThat(ns.waitFor()).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo§inside;§exit§5", "no§such§program"})
    void theCallersTerminalHasItsSettingsBackAfterwards(String command) throws Exception {
        String script = "before=$(stty -g); \"$@\"; echo code $?; [ \"$before\" = \"$(stty -g)\" ] && echo re''stored";
        try (NamespaceProcess ns = start(script, "-- sh -c " + command)) {
            assertThat(until(ns, "restored"))
                    .containsPattern(command.startsWith("no") ? "code 127" : "inside\r\ncode 5");
            assertThat(ns.waitFor()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HUP", "INT", "TERM"})
    void aSignalEndsTheCommandAndTheTerminalHasItsSettingsBack(String signal) throws Exception {
        String script = "before=$(stty -g); \"$@\"; echo code $?; [ \"$before\" = \"$(stty -g)\" ] && echo re''stored";
        try (NamespaceProcess ns = start(script, "-- sh -c stty§size;exec§sleep§1000")) {
            until(ns, "30 100\r\n");
            String pid = Long.toString(ns.toHandle().children().findFirst().orElseThrow().pid());
            while (!isRaw(ns)) {
                Thread.onSpinWait();
            }
            assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor()).isZero();

            assertThat(until(ns, "restored")).contains("code " + switch (signal) {
                case "HUP" -> 129;
                case "INT" -> 130;
                default -> 143;
            });
        }
    }

    @Test
    void whenTheParentIsKilledTheTerminalHasItsSettingsBack() throws Exception {
        String script = "before=$(stty -g); exec 3<&0; sh -c '\"$@\"; :' sh \"$@\" <&3 & wait $!;"
                + " until [ \"$before\" = \"$(stty -g)\" ]; do sleep 0.05; done; echo re''stored";
        try (NamespaceProcess ns = start(script, "--die-with-parent -- sh -c stty§size;echo§ready;exec§sleep§1000")) {
            until(ns, "ready");
            while (!isRaw(ns)) {
                Thread.onSpinWait();
            }
            assertThat(ns.toHandle().children()).singleElement().matches(ProcessHandle::destroyForcibly);

            until(ns, "restored");
        }
    }

    @Test
    void withoutATerminalOfTheCallersInputIsTypedToItsEnd() throws Exception {
        Process ns = NsProcess.start("run", "--terminal", "--", "sh", "-c",
                "stty size; read line; echo got $line; cat; echo end");
        Ended ended = NsProcess.end(ns, "a line\n");
        assertThat(ended.stderr()).isEmpty();
        assertThat(ended.stdout().lines()).contains("24 80", "got a line", "end");
        assertThat(ended.exitCode()).isZero();
    }

    @Test
    void inANewSessionCtrlCIsHandedOn() throws Exception {
        String script = "stty -echo; \"$@\"; echo code $?";
        List<String> options = List.of("run", "--new-session", "--", "sh", "-c", "echo ready; exec sleep 1000");
        try (NamespaceProcess ns = spawn(script, options)) {
            until(ns, "ready");
            type(ns, "\3");
            assertThat(ns.waitFor()).isEqualTo(130); // as the shell dies of it as well
        }
    }

    /** Whether whoever sits there no longer sees what is typed because the terminal shows it. */
    private static boolean isRaw(NamespaceProcess process) throws Exception {
        Process stty = new ProcessBuilder("stty", "-a")
                .redirectInput(Path.of("/proc", Long.toString(process.pid()), "fd/0").toFile())
                .start();
        return new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8).contains("-icanon");
    }

    /** Runs a shell script whose arguments are the command line, in a terminal. */
    private static NamespaceProcess start(String script, String options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run", "--terminal"));
        for (String word : options.split(" ", -1)) {
            arguments.add(word.replace('§', ' '));
        }
        return spawn(script, arguments);
    }

    private static NamespaceProcess spawn(String script, List<String> arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("sh", "-c", "OUTER=$(tty); export OUTER; " + script, "sh"));
        words.addAll(NsProcess.ns(arguments.toArray(String[]::new)));
        return Namespace.builder().build().spawn(Command.of(words).stdin(Stdio.terminal(30, 100)));
    }

    private static void type(Process process, String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Reads until the terminal has shown a text, and returns what came before it. */
    private String until(Process process, String text) throws IOException {
        byte[] chunk = new byte[1 << 12];
        while (!shown.contains(text)) {
            int n = process.getInputStream().read(chunk);
            if (n < 0) {
                throw new AssertionError("the end instead of " + text + " after " + shown);
            }
            shown += new String(chunk, 0, n, StandardCharsets.UTF_8);
        }
        int at = shown.indexOf(text);
        String before = shown.substring(0, at);
        shown = shown.substring(at + text.length());
        return before;
    }
}
