package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.Result;
import dev.namespaces.Stdio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands that are run to their end. */
@ExtendWith(LeavesNothingBehind.class)
class RunTest {

    private static final Namespace PLAIN = Namespace.builder().build();
    /** Children in the background that hold no pipe, and the shell's wait for the last. */
    private static final String FAMILY = "sleep 1000 & setsid sleep 1000 & echo $! $$ > \"$1\"; wait";

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Way.class)
    void aResultHasTheExitValueTheOutputAndTheErrors(Way way) throws Exception {
        Result result = way.namespace().run(Child.shell("echo größer; echo error >&2; exit 3"));

        assertThat(result.exitValue()).isEqualTo(3);
        assertThat(result.succeeded()).isFalse();
        assertThat(result.signal()).isEmpty();
        assertThat(result.timedOut()).isFalse();
        assertThat(result.truncated()).isFalse();
        assertThat(result.stdout()).isEqualTo("größer\n");
        assertThat(result.stderr()).isEqualTo("error\n");
        assertThat(result.elapsed()).isPositive();
        assertThat(result.usage().userTime()).isNotNull();
        assertThatExceptionOfType(IOException.class).isThrownBy(result::orThrow)
                .withMessageContainingAll("exited with 3", "error");
    }

    @Test
    void aResultTellsTheSignal() throws Exception {
        for (Way way : new Way[]{Way.PLAIN, Way.INIT}) {
            Result result = way.namespace().run(Child.shell("kill -9 $$"));

            assertThat(result.exitValue()).isEqualTo(137);
            assertThat(result.signal()).hasValue(9);
            assertThat(result.timedOut()).isFalse();
        }
    }

    @Test
    void standardInputIsEmptyUnlessSomethingElseIsSaid() throws Exception {
        assertThat(PLAIN.run("cat").orThrow().stdout()).isEmpty();
    }

    @Test
    void aPipeToStandardInputIsRefusedAtOnce() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> PLAIN.run(Command.of("cat").stdin(Stdio.pipe())));
    }

    // ---- the limit of the output

    @ParameterizedTest
    @EnumSource(Way.class)
    void outputBeyondTheLimitIsDrainedAndCutOff(Way way) throws Exception {
        Command command = Child.shell("head -c 3000000 /dev/zero; head -c 10 /dev/zero >&2; echo end > \"$1\"",
                folder.resolve("end").toString());
        Result result = way.namespace().run(command.outputLimit(100));

        assertThat(result.succeeded()).isTrue();
        assertThat(result.truncated()).isTrue();
        assertThat(result.stdoutBytes()).hasSize(100);
        assertThat(result.stderrBytes()).hasSize(10);
        assertThat(folder.resolve("end")).hasContent("end\n");
    }

    @Test
    void outputUpToTheLimitIsWhole() throws Exception {
        Command command = Child.shell("head -c 1000 /dev/zero; head -c 1000 /dev/zero >&2");

        assertThat(PLAIN.run(command.outputLimit(1000)).truncated()).isFalse();
        assertThat(PLAIN.run(command.outputLimit(999)).truncated()).isTrue();
        assertThat(PLAIN.run(command.outputLimit(0)).stdoutBytes()).isEmpty();
    }

    @Test
    void theLimitIsOneMebibyteByDefault() throws Exception {
        assertThat(PLAIN.run("head", "-c", "1048576", "/dev/zero")).satisfies(result -> {
            assertThat(result.stdoutBytes()).hasSize(1 << 20);
            assertThat(result.truncated()).isFalse();
        });
        assertThat(PLAIN.run("head", "-c", "1048577", "/dev/zero").truncated()).isTrue();
    }

    // ---- the limit of the time

    @ParameterizedTest
    @EnumSource(Way.class)
    void whenItsTimeIsUpTheWholeTreeIsKilled(Way way) throws Exception {
        Path pids = folder.resolve("pids");
        Command command = Child.shell("echo before; " + FAMILY, pids.toString()).timeout(Duration.ofSeconds(2));
        Result result = way.namespace().run(command);

        assertThat(result.timedOut()).isTrue();
        assertThat(result.succeeded()).isFalse();
        assertThat(result.signal()).hasValue(9);
        assertThat(result.stdout()).isEqualTo("before\n");
        if (!way.hasPidNamespace()) { // else these are the namespace's own numbers; that no process is left is checked anyway
            for (String pid : Files.readString(pids).strip().split(" ", -1)) {
                Await.until("the end of " + pid, () -> !Proc.isAlive(Long.parseLong(pid)));
            }
        }
    }

    @Test
    void aTimeThatDoesNotComeDoesNoHarm() throws Exception {
        for (Duration timeout : List.of(Duration.ofHours(1), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThat(PLAIN.run(Command.of("true").timeout(timeout)).timedOut()).isFalse();
        }
    }

    @Test
    void aCommandThatClosesItsOutputIsWaitedFor() throws Exception {
        Result result = PLAIN.run(Child.shell("exec >&- 2>&-; sleep 0.1; exit 6"));

        assertThat(result.exitValue()).isEqualTo(6);
        assertThat(result.truncated()).isFalse();
    }

    // ---- interrupts

    @ParameterizedTest
    @EnumSource(Way.class)
    void anInterruptKillsTheTree(Way way) throws Exception {
        Path pids = folder.resolve("pids");
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread runner = Thread.ofVirtual().start(() -> {
            try {
                way.namespace().run(Child.shell(FAMILY, pids.toString()));
                interrupted.complete(false);
            } catch (InterruptedException _) {
                interrupted.complete(true);
            } catch (IOException e) {
                interrupted.completeExceptionally(e);
            }
        });
        Await.until("the command to run", () -> Files.exists(pids) && Files.size(pids) > 2);
        runner.interrupt();

        assertThat(interrupted.get()).isTrue();
        runner.join();
    }

    // ---- the drain

    @Test
    void aDescendantThatHoldsAPipeIsNotWaitedForLong() throws Exception {
        Result result = PLAIN.run(Child.shell("sleep 1000 & echo $!"));
        ProcessHandle sleep = ProcessHandle.of(Long.parseLong(result.stdout().strip())).orElseThrow();
        try {
            assertThat(sleep.isAlive()).isTrue();
            assertThat(result.truncated()).isTrue();
            assertThat(result.exitValue()).isZero();
        } finally {
            sleep.destroyForcibly();
        }
    }

    @Test
    void aDescendantThatNeverStopsWritingIsNotWaitedForLong() throws Exception {
        Result result = PLAIN.run(Child.shell("yes & echo $! >&2"));

        assertThat(result.truncated()).isTrue();
        assertThat(result.stdout()).startsWith("y\ny\n");
        // and the writer dies of its broken pipe, as nothing is left behind
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"AS_PID_1", "INIT", "ALL"})
    void inAPidNamespaceNoDescendantHoldsAPipe(Way way) throws Exception {
        Result result = way.namespace().run(Child.shell("sleep 1000 & echo out"));

        assertThat(result.stdout()).isEqualTo("out\n");
        assertThat(result.truncated()).isFalse();
    }
}
