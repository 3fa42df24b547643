package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.PidConfig;
import java.io.BufferedReader;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the init of a pid namespace may be told. */
@ExtendWith(LeavesNothingBehind.class)
class InitOptionsTest {

    private static final int SIGUSR1 = 10;
    private static final int SIGUSR2 = 12;
    private static final int SIGTERM = 15;
    /** A command that ends before what it has started. */
    private static final String LEAVES_ANOTHER = "trap '' HUP; (trap 'echo told; exit' TERM; echo ready; while :; do sleep 0.05; done) & read line; exit 9";

    private static Namespace with(Consumer<PidConfig> options) {
        return Namespace.builder().user().pid(options).build();
    }

    @Test
    void onlyTheSignalsThatItWasToldToAreForwarded() throws Exception {
        String script = "trap 'echo one' USR1; trap 'echo two' USR2; trap 'echo term' TERM; echo ready; while :; do sleep 0.05; done";
        try (NamespaceProcess process = Child.ready(with(pid -> pid.forwardSignals(SIGUSR2)), script)) {
            assertThat(process.supportsNormalTermination()).isFalse();
            process.signal(SIGUSR1);
            process.destroy();
            process.signal(SIGUSR2);

            assertThat(process.inputReader().readLine()).isEqualTo("two");
            process.signal(SIGUSR2);
            assertThat(process.inputReader().readLine()).isEqualTo("two");
        }
    }

    @Test
    void forwardingNothingLeavesSigkill() throws Exception {
        try (NamespaceProcess process = Child.ready(with(pid -> pid.forwardSignals()), "echo ready; cat")) {
            process.destroy();
            process.outputWriter().append("still here\n").flush();
            assertThat(process.inputReader().readLine()).isEqualTo("still here");
            process.destroyForcibly();

            assertThat(process.waitFor()).isEqualTo(137);
        }
    }

    @Test
    void termIsForwardedUnlessSaidOtherwise() throws Exception {
        try (NamespaceProcess process = Child.ready(with(pid -> pid.forwardSignals(SIGTERM)), "echo ready; cat")) {
            assertThat(process.supportsNormalTermination()).isTrue();
            process.destroy();

            assertThat(process.waitFor()).isEqualTo(143);
        }
    }

    @Test
    void byDefaultTheOthersAreEndedWithTheCommand() throws Exception {
        try (NamespaceProcess process = Child.ready(with(pid -> pid.underInit()), LEAVES_ANOTHER)) {
            assertThat(Child.finish(process)).isEqualTo(9);
            assertThat(process.inputReader().readLine()).isNull();
        }
    }

    @Test
    void theOthersMayBeWaitedForAndSignalsGoToThemThen() throws Exception {
        try (NamespaceProcess process = Child.ready(with(pid -> pid.waitForOthers()), LEAVES_ANOTHER)) {
            long command = Proc.onlyChild(process.pid());
            process.getOutputStream().close();
            Await.until("the end of the command", () -> !Proc.isAlive(command));
            Await.until("the other one to be adopted and to be the only one left",
                    () -> Proc.children(process.pid()).size() == 1 && !Proc.children(process.pid()).contains(command));
            assertThat(process.isAlive()).isTrue();
            BufferedReader reader = process.inputReader();
            process.destroy();

            assertThat(reader.readLine()).isEqualTo("told");
            assertThat(process.waitFor()).as("the command's").isEqualTo(9);
        }
    }

    @Test
    void aCommandWithoutOthersIsNotWaitedForLonger() throws Exception {
        assertThat(with(pid -> pid.waitForOthers()).run("sh", "-c", "exit 3").exitValue()).isEqualTo(3);
    }

    @Test
    void whenTheOthersAreKilledTheExitValueIsStillTheCommands() throws Exception {
        try (NamespaceProcess process = Child.ready(with(pid -> pid.waitForOthers()), LEAVES_ANOTHER)) {
            long command = Proc.onlyChild(process.pid());
            process.getOutputStream().close();
            Await.until(
                    "the init to have waited for the command, and to sleep again, which it does when it has told the end",
                    () -> !Proc.children(process.pid()).contains(command)
                            && Proc.status(process.pid(), "State").startsWith("S"));
            Child.close(process);

            assertThat(process.exitValue()).isEqualTo(9);
        }
    }
}
