package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Usage;
import java.io.IOException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals to a command, the signal that ended it, and what it used. */
@ExtendWith(LeavesNothingBehind.class)
class EndingTest {

    private static final int SIGQUIT = 3;
    private static final int SIGUSR1 = 10;
    private static final int SIGSTOP = 19;
    private static final int SIGCONT = 18;

    @ParameterizedTest
    @MethodSource
    void aCommandThatKillsItselfIsReportedWithItsSignal(Way way, int signal) throws Exception {
        try (NamespaceProcess process = way.namespace().spawn("sh", "-c", "kill -" + signal + " $$; exit 0")) {
            assertThat(process.waitFor()).isEqualTo(128 + signal);
            assertThat(process.terminationSignal()).hasValue(signal);
        }
    }

    /** Less what this JVM was started with as ignored, such as SIGHUP under nohup(1): that is inherited, and kills nobody. */
    static Stream<Arguments> aCommandThatKillsItselfIsReportedWithItsSignal() throws IOException {
        long ignored = Proc.statusBits(Proc.text(Proc.SELF, "status"), "SigIgn");
        return Stream.of(Way.PLAIN, Way.USER, Way.INIT, Way.ALL).flatMap(
                way -> IntStream.of(1, 2, 6, 9, 11, 14, 15).filter(signal -> (ignored & 1L << (signal - 1)) == 0)
                        .mapToObj(signal -> Arguments.of(way, signal)));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void anExitValueOf137AloneIsNoSignal(Way way) throws Exception {
        try (NamespaceProcess process = way.namespace().spawn("sh", "-c", "exit 137")) {
            assertThat(process.waitFor()).isEqualTo(137);
            assertThat(process.terminationSignal()).isEmpty();
        }
    }

    // ---- signals from the JVM

    @ParameterizedTest
    @EnumSource(Way.class)
    void aSignalReachesTheCommand(Way way) throws Exception {
        String script = "trap 'echo got; exit 7' USR1; echo ready; while :; do sleep 0.05; done";
        try (NamespaceProcess process = Child.ready(way.namespace(), script)) {
            process.signal(SIGUSR1);

            assertThat(process.inputReader().readLine()).isEqualTo("got");
            assertThat(process.waitFor()).isEqualTo(7);
            process.signal(SIGUSR1); // of no effect any more
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 15, 34, 64}) // none that a JVM started in the background of a script would ignore
    void signalsOfAllSortsArePassedOnByTheInit(int signal) throws Exception {
        try (NamespaceProcess process = Way.INIT.namespace().spawn("sleep", "1000")) {
            process.signal(signal);

            assertThat(process.waitFor()).isEqualTo(128 + signal);
            assertThat(process.terminationSignal()).hasValue(signal);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65, 1000})
    void whatIsNoSignalIsRefused(int number) throws Exception {
        try (NamespaceProcess cat = Namespace.builder().spawn("cat")) {
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> cat.signal(number))
                    .withMessageContaining("" + number);
            assertThat(cat.isAlive()).isTrue();
        }
    }

    @Test
    void aProcessIsStoppedAndContinued() throws Exception {
        try (NamespaceProcess cat = Namespace.builder().spawn("cat")) {
            cat.signal(SIGSTOP);
            Await.until("the process to stop", () -> Proc.statOf(cat.pid()).state() == 'T');
            assertThat(cat.isAlive()).isTrue();
            cat.signal(SIGCONT);

            assertThat(Child.finish(cat)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aSigquitNeverHarmsTheJvm(Way way) throws Exception {
        try (NamespaceProcess sleep = way.namespace().spawn("sleep", "1000")) {
            sleep.signal(SIGQUIT);
            if (way == Way.AS_PID_1) { // without a handler a PID 1 takes no notice
                sleep.destroyForcibly();
            }

            assertThat(sleep.waitFor()).isEqualTo(way == Way.AS_PID_1 ? 137 : 131);
        }
    }

    // ---- usage

    @ParameterizedTest
    @EnumSource(Way.class)
    void theTimeOfACommandThatComputesIsReported(Way way) throws Exception {
        Usage usage = used(way, "i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done");

        assertThat(usage.userTime()).isPositive();
        assertThat(usage.userTime()).isGreaterThan(used(way, ":").userTime());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void thePeakOfItsMemoryIsReportedUnderAnInitAlone(Way way) throws Exception {
        Usage usage = used(way, ":");

        if (way.hasInit()) {
            long jvms = Long.parseLong(Proc.status(Proc.SELF, "VmHWM").replace(" kB", "")) * 1024;
            assertThat(usage.peakResidentBytes().orElseThrow()).isBetween(64L << 10, Math.min(jvms / 2, 16L << 20));
        } else {
            assertThat(usage.peakResidentBytes()).isEmpty();
        }
    }

    private static Usage used(Way way, String script) throws Exception {
        try (NamespaceProcess process = way.namespace().spawn("sh", "-c", script)) {
            assertThat(process.waitFor()).isZero();
            return process.usage();
        }
    }
}
