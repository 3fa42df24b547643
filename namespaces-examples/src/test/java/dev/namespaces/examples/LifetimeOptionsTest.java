package dev.namespaces.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LifetimeOptionsTest {

    private static final String COMMAND = "echo $$; exec sleep 1000";

    @ParameterizedTest
    @ValueSource(strings = {"--unshare-user", "--unshare-user --unshare-cgroup"})
    void theCommandDiesWhenNsIsKilled(String kinds) throws Exception {
        Process ns = NsProcess.start(arguments("--die-with-parent " + kinds));
        BufferedReader reader = ns.inputReader();
        long command = Long.parseLong(reader.readLine());

        kill(ns);

        assertThat(reader.readLine()).isNull(); // the pipe is at its end, which it is when the command has let go of it
        awaitEnd(command);
    }

    @Test
    void inAPidNamespaceItAndAllOthersDieWhenNsIsKilled() throws Exception {
        Process ns = NsProcess.start("run", "--die-with-parent", "--unshare-user", "--unshare-pid", "--", "sh", "-c",
                "setsid sleep 1000 & echo ready; exec sleep 1000");
        BufferedReader reader = ns.inputReader();
        assertThat(reader.readLine()).isEqualTo("ready");

        kill(ns);

        assertThat(reader.readLine()).isNull();
    }

    @Test
    void withoutTheOptionItOutlivesNs() throws Exception {
        Process shell = NsProcess.startUnder(
                List.of("sh", "-c", "\"$@\" & echo $!; wait $!; echo $?; exec sleep 1000", "sh"), "run",
                "--unshare-user", "--", "sh", "-c",
                "trap 'echo alive; exit' USR1; echo $$; while :; do sleep 0.05; done");
        BufferedReader reader = shell.inputReader();
        ProcessHandle ns = ProcessHandle.of(Long.parseLong(reader.readLine())).orElseThrow();
        String command = reader.readLine();

        assertThat(ns.destroyForcibly()).isTrue();

        assertThat(reader.readLine()).isEqualTo("137");
        assertThat(new ProcessBuilder("kill", "-USR1", command).start().waitFor()).isZero();
        assertThat(reader.readLine()).isEqualTo("alive");
        kill(shell);
    }

    @Test
    void bothDieWithTheProcessThatStartedNs() throws Exception {
        Process shell = NsProcess.startUnder(List.of("sh", "-c", "\"$@\" <&0 & echo $!; wait", "sh"),
                arguments("--die-with-parent --unshare-user"));
        BufferedReader reader = shell.inputReader();
        long ns = Long.parseLong(reader.readLine());
        long command = Long.parseLong(reader.readLine());
        assertThat(isRunning(ns)).isTrue();

        kill(shell);

        assertThat(reader.readLine()).isNull();
        awaitEnd(ns);
        awaitEnd(command);
    }

    @Test
    void inANewSessionTheCommandLeadsIt() throws Exception {
        Process ns = NsProcess.start("run", "--new-session", "--", "sh", "-c",
                "echo $$; cat /proc/self/stat; : < /dev/tty");
        BufferedReader reader = ns.inputReader();
        long command = Long.parseLong(reader.readLine());
        String stat = reader.readLine();

        assertThat(session(stat)).isEqualTo(command)
                .isNotEqualTo(session(Files.readString(Path.of("/proc/self/stat"))));
        assertThat(ns.waitFor()).isNotZero();
        assertThat(ns.errorReader().readLine()).contains("/dev/tty");
    }

    @Test
    void otherwiseItStaysInItsCallersSession() throws Exception {
        Process ns = NsProcess.start("run", "cat", "/proc/self/stat");
        assertThat(session(ns.inputReader().readLine()))
                .isEqualTo(session(Files.readString(Path.of("/proc/self/stat"))));
    }

    /** Unlike {@link Process#destroyForcibly()}, leaves the streams open. */
    private static void kill(Process process) throws InterruptedException {
        assertThat(process.toHandle().destroyForcibly()).isTrue();
        assertThat(process.waitFor()).isEqualTo(137);
    }

    private static String[] arguments(String options) {
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(List.of(options.split(" ", -1)));
        arguments.addAll(List.of("--", "sh", "-c", COMMAND));
        return arguments.toArray(String[]::new);
    }

    private static void awaitEnd(long pid) {
        while (isRunning(pid)) {
            Thread.onSpinWait();
        }
    }

    /** Whether it is there, and no zombie that nobody has waited for. */
    private static boolean isRunning(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return !List.of("Z", "X").contains(stat.substring(stat.lastIndexOf(')') + 2).split(" ", 2)[0]);
        } catch (IOException _) {
            return false;
        }
    }

    /** Field 6 of proc_pid_stat(5). */
    private static long session(String stat) {
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5)[3]);
    }
}
