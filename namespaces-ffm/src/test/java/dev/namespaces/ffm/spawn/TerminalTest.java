package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Step;
import dev.namespaces.Stdio;
import dev.namespaces.ffm.linux.Errno;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import dev.namespaces.ffm.linux.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pseudo-terminal of the command's own. */
@ExtendWith(LeavesNothingBehind.class)
class TerminalTest {

    private static final String CTRL_C = "\3";
    private static final String CTRL_D = "\4";
    private static final String CTRL_Z = "\32";
    private static final String PROMPT = "what now? ";

    private static Command shell() {
        return Command.of("sh", "-i").environment("PS1", PROMPT).environment("TERM", "dumb")
                .withoutEnvironment("ENV").stdin(Stdio.terminal(24, 80));
    }

    private static Command in(Stdio terminal, String script, String... arguments) {
        return Child.shell(script, arguments).stdin(terminal);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aShellIsAtHomeInIt(Way way) throws Exception {
        try (NamespaceProcess process = way.namespace().spawn(shell())) {
            Screen screen = new Screen(process);
            assertThat(screen.until(PROMPT)).doesNotContain("job control");
            screen.type("echo $((6 * 7))\n");
            assertThat(screen.until(PROMPT)).isEqualTo("echo $((6 * 7))\r\n42\r\n");

            screen.type("stty size\n");
            assertThat(screen.until(PROMPT)).contains("24 80");
            process.resize(50, 132);
            screen.type("stty size\n");
            assertThat(screen.until(PROMPT)).contains("50 132");

            screen.type("sleep 1000\n");
            long command = way.command(process);
            Await.until("the sleeper", () -> runs(command, "sleep")); // until its exec, Ctrl-C may go to the shell
            screen.type(CTRL_C);
            assertThat(screen.until(PROMPT)).contains("^C");
            screen.type("echo $?\n");
            assertThat(screen.until(PROMPT)).contains("130");

            screen.type("cat\n");
            Await.until("cat", () -> runs(command, "cat"));
            screen.type("between\n");
            screen.until("between\r\nbetween\r\n");
            screen.type(CTRL_Z);
            screen.until(PROMPT);
            screen.type("jobs\n");
            assertThat(screen.until(PROMPT)).containsIgnoringCase("stopped");
            screen.type("fg\n");
            screen.until("cat");
            screen.type("again\n");
            screen.until("again\r\nagain\r\n");
            screen.type(CTRL_D);
            screen.until(PROMPT);

            screen.type("exit 5\n");
            assertThat(process.waitFor()).isEqualTo(5);
            assertThat(screen.rest()).contains("exit 5");
        }
    }

    private static boolean runs(long shell, String program) {
        return Proc.children(shell).stream().flatMap(pid -> Proc.stat(pid).stream())
                .anyMatch(stat -> stat.name().equals(program));
    }

    /** Prints the signals that a command in a terminal of its own ignores. */
    static final class IgnoredInATerminal {
        static void main() throws Exception {
            try (NamespaceProcess process = Namespace.builder()
                    .spawn(in(Stdio.terminal(24, 80), "grep SigIgn /proc/self/status"))) {
                System.out.print(new Screen(process).rest());
            }
        }
    }

    @Test
    void whatIsTypedThereIsNotIgnoredThoughTheJvmIgnoresIt() throws Exception {
        String ignored = ChildJvm.of(IgnoredInATerminal.class).byScript("trap '' INT QUIT TSTP; exec \"$@\"").output();

        assertThat(Proc.statusBits(ignored, "SigIgn") & (1 << 1 | 1 << 2 | 1 << 19)).isZero();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void itIsTheControllingTerminalOfASessionThatTheCommandLeads(Way way) throws Exception {
        for (Namespace namespace : new Namespace[]{way.namespace(), way.builder().newSession().build()}) {
            Command command = in(Stdio.terminal(24, 80), "echo out > /dev/tty; tty > /dev/null && echo tty; read line");
            try (NamespaceProcess process = namespace.spawn(command)) {
                Screen screen = new Screen(process);
                screen.until("out\r\ntty\r\n");
                Proc.Stat stat = Proc.statOf(way.command(process));

                assertThat(stat.session()).isEqualTo(stat.pid());
                assertThat(stat.group()).isEqualTo(stat.pid());
                screen.type("\n");
                assertThat(process.waitFor()).isZero();
            }
        }
    }

    /** There a process takes the place of the first, and it is that one that must lead the session. */
    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"USER", "INIT"})
    void itIsTheControllingTerminalUnderMovedClocksToo(Way way) throws Exception {
        NamespaceBuilder builder = way.builder().time(time -> time.boottime(Duration.ofDays(1)));
        for (Namespace namespace : new Namespace[]{builder.build(), builder.newSession().build()}) {
            try (NamespaceProcess process = namespace.spawn(shell())) {
                Screen screen = new Screen(process);
                assertThat(screen.until(PROMPT)).doesNotContain("job control");
                screen.type("exec sleep 1000\n");
                Await.until("the sleeper", () -> Proc.statOf(process.commandPid()).name().equals("sleep"));
                Proc.Stat stat = Proc.statOf(process.commandPid());
                assertThat(stat.session()).isEqualTo(stat.pid());
                screen.type(CTRL_C);

                assertThat(process.waitFor()).isEqualTo(130);
            }
        }
    }

    @Test
    void aNewSessionUnderMovedClocksIsLedByTheCommand() throws Exception {
        Namespace namespace = Namespace.builder().user().time(time -> time.boottime(Duration.ofDays(1))).newSession()
                .build();
        try (NamespaceProcess process = Child.ready(namespace, "echo ready; cat")) {
            assertThat(Proc.statOf(process.pid()).session()).isEqualTo(process.pid());
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void theCommandHoldsTheTerminalAndNothingElse(Way way) throws Exception {
        try (NamespaceProcess process = way.namespace().spawn(in(Stdio.terminal(24, 80), "echo ready; read line"))) {
            Screen screen = new Screen(process);
            screen.until("ready");

            assertThat(Proc.descriptors(way.command(process)))
                    .allSatisfy((_, target) -> assertThat(target).startsWith("/dev/pts/"))
                    .extractingByKeys(0, 1, 2).doesNotContainNull();
            screen.type("\n");
            process.waitFor();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void allThatItShowedBeforeTheEndIsReadAfterIt(Way way) throws Exception {
        try (NamespaceProcess process = way.namespace()
                .spawn(in(Stdio.terminal(24, 80), "echo first; echo last >&2"))) {
            assertThat(process.waitFor()).isZero();

            assertThat(new Screen(process).rest()).isEqualTo("first\r\nlast\r\n");
            assertThat(process.getErrorStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aLotOfOutputComesWhole() throws Exception {
        try (NamespaceProcess process = Namespace.builder()
                .spawn(Command.of("seq", "1", "20000").stdin(Stdio.terminal(24, 80)))) {
            assertThat(new Screen(process).rest().lines()).hasSize(20_000).last().isEqualTo("20000");
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    void aLotOfInputArrivesWhole() throws Exception {
        try (NamespaceProcess process = Namespace.builder()
                .spawn(in(Stdio.terminal(24, 80), "stty -echo; echo ready; wc -c"))) {
            Screen screen = new Screen(process);
            screen.until("ready");
            for (int i = 0; i < 1000; i++) {
                screen.type("x".repeat(99) + "\n");
            }
            screen.type(CTRL_D);

            assertThat(screen.rest().strip()).isEqualTo("100000");
        }
    }

    @Test
    void outputAndErrorsMayGoElsewhere(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("out");
        Command command = in(Stdio.terminal(24, 80), "echo out; echo err >&2; echo tty > /dev/tty; cat");
        try (NamespaceProcess process = Namespace.builder().spawn(command.stdout(Stdio.to(file)))) {
            new Screen(process).until("err\r\ntty\r\n");
            new Screen(process).type("in\n" + CTRL_D);
            process.waitFor();

            assertThat(file).hasContent("out\nin");
        }
        try (NamespaceProcess process = Namespace.builder().spawn(command.stdout(Stdio.pipe()))) {
            assertThat(process.inputReader().readLine()).isEqualTo("out");
            assertThat(process.errorReader().readLine()).isEqualTo("err");
            process.getOutputStream().write(CTRL_D.getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().flush();
            process.waitFor();
        }
    }

    @Test
    void whatStillRunsInItIsHungUpOrKilledWhenTheProcessIsClosed() throws Exception {
        long sleeper;
        try (NamespaceProcess process = Namespace.builder()
                .spawn(in(Stdio.terminal(24, 80), "sleep 1000 & echo $!.; read line"))) {
            sleeper = Long.parseLong(new Screen(process).until("."));
        }
        Await.until("the end of the sleeper", () -> !Proc.isAlive(sleeper));
    }

    @Test
    void aResizedTerminalTellsItsProcesses() throws Exception {
        try (NamespaceProcess process = Namespace.builder().spawn(in(Stdio.terminal(1, 65535),
                "trap 'stty size; exit 6' WINCH; stty size; while :; do sleep 0.05; done"))) {
            Screen screen = new Screen(process);
            screen.until("1 65535\r\n");
            process.resize(65535, 1);
            screen.until("65535 1\r\n");
            assertThat(process.waitFor()).isEqualTo(6);
            process.resize(24, 80); // of no effect any more
        }
    }

    @Test
    void noTerminalIsResizedWhereThereIsNone() throws Exception {
        try (NamespaceProcess cat = Namespace.builder().spawn("cat")) {
            assertThatIllegalStateException().isThrownBy(() -> cat.resize(24, 80));
            assertThatIllegalArgumentException().isThrownBy(() -> cat.resize(0, 80)).withMessageContaining("rows: 0");
            assertThatIllegalArgumentException().isThrownBy(() -> cat.resize(24, 65536))
                    .withMessageContaining("columns: 65536");
        }
    }

    @Test
    void aCommandThatCannotBeExecutedLeavesNoTerminal() throws IOException {
        assertThatExceptionOfType(NamespaceException.class).isThrownBy(
                () -> Namespace.builder().spawn(Command.of("/no/such/program").stdin(Stdio.terminal(24, 80))))
                .matches(e -> e.step() == Step.EXECUTE && e.errno() == Errno.ENOENT);
        assertThat(Files.exists(Path.of("/dev/ptmx"))).isTrue();
    }
}
