package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link Process} promises. */
@ExtendWith(LeavesNothingBehind.class)
class ProcessTest {

    private static final Namespace PLAIN = Namespace.builder().build();

    // ---- the end

    @ParameterizedTest
    @EnumSource(Way.class)
    void whatIsKnownOnlyAfterTheEndIsAnErrorBefore(Way way) throws Exception {
        try (NamespaceProcess cat = way.namespace().spawn("cat")) {
            assertThat(cat.isAlive()).isTrue();
            for (Consumer<NamespaceProcess> early : java.util.List.<Consumer<NamespaceProcess>>of(
                    NamespaceProcess::exitValue, NamespaceProcess::terminationSignal, NamespaceProcess::usage)) {
                assertThatExceptionOfType(IllegalThreadStateException.class).isThrownBy(() -> early.accept(cat));
            }
            assertThat(Child.finish(cat)).isZero();
            assertThat(cat.isAlive()).isFalse();
            assertThat(cat.exitValue()).isZero();
            assertThat(cat.terminationSignal()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void everyExitValueArrives(Way way) throws Exception {
        Namespace namespace = way.namespace();
        for (int value : new int[]{0, 1, 42, 127, 128, 137, 255}) {
            try (NamespaceProcess process = namespace.spawn("sh", "-c", "exit " + value)) {
                assertThat(process.waitFor()).isEqualTo(value);
                assertThat(process.terminationSignal()).isEmpty();
            }
        }
    }

    @Test
    void onceItHasEndedNoZombieOfItIsLeft() throws Exception {
        try (NamespaceProcess process = PLAIN.spawn("true")) {
            process.waitFor();

            assertThat(Proc.stat(process.pid())).isEmpty();
        }
    }

    // ---- waiting

    @Test
    void aWaitWithALimitTellsWhetherItHasEnded() throws Exception {
        try (NamespaceProcess cat = PLAIN.spawn("cat")) {
            assertThat(cat.waitFor(0, TimeUnit.SECONDS)).isFalse();
            assertThat(cat.waitFor(-1, TimeUnit.DAYS)).isFalse();
            assertThat(cat.waitFor(10, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(cat.waitFor(Duration.ofMillis(1))).isFalse();
            cat.getOutputStream().close();
            assertThat(cat.waitFor(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
            assertThat(cat.waitFor(Long.MAX_VALUE, TimeUnit.DAYS)).isTrue();
            assertThat(cat.waitFor(0, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anInterruptEndsAWaitAndNotTheProcess(boolean virtual) throws Exception {
        try (NamespaceProcess cat = PLAIN.spawn("cat")) {
            for (Waiting waiting : new Waiting[]{cat::waitFor, () -> cat.waitFor(1, TimeUnit.DAYS),
                    () -> cat.waitFor(Duration.ofDays(1))}) {
                CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
                Thread thread = (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(() -> {
                    try {
                        waiting.await();
                        interrupted.complete(false);
                    } catch (InterruptedException _) {
                        interrupted.complete(!Thread.currentThread().isInterrupted());
                    }
                });
                thread.interrupt();

                assertThat(interrupted.get()).isTrue();
                thread.join();
            }
            assertThat(cat.isAlive()).isTrue();
            assertThat(Child.finish(cat)).isZero();
        }
    }

    private interface Waiting {
        void await() throws InterruptedException;
    }

    @Test
    void anInterruptedThreadStillLearnsOfAnEndThatIsPast() throws Exception {
        try (NamespaceProcess process = PLAIN.spawn("true"); AutoCloseable _ = Thread::interrupted) {
            process.waitFor();
            Thread.currentThread().interrupt();

            assertThat(process.waitFor()).isZero(); // as java.lang.Process of the JDK does
        }
    }

    // ---- onExit

    @Test
    void onExitIsCompletedOffTheWatcherAndOffTheCommonPool() throws Exception {
        try (NamespaceProcess cat = PLAIN.spawn("cat")) {
            CompletableFuture<Thread> thread = cat.onExit().thenApply(process -> {
                assertThat(process).isSameAs(cat);
                return Thread.currentThread();
            });
            cat.getOutputStream().close();

            assertThat(thread.get().getName()).isNotEqualTo("namespaces-watcher");
            assertThat(thread.get()).isNotInstanceOf(ForkJoinWorkerThread.class);
            assertThat(cat.onExit()).isCompletedWithValue(cat);
        }
    }

    @Test
    void whatHangsOnOneExitHoldsNoOtherUp() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (NamespaceProcess first = PLAIN.spawn("cat"); NamespaceProcess second = PLAIN.spawn("cat")) {
            CompletableFuture<Void> stuck = first.onExit().thenAccept(_ -> uninterruptibly(go));
            Child.finish(first);
            Child.finish(second);

            assertThat(second.onExit().get()).isSameAs(second);
            assertThat(stuck).isNotDone();
            go.countDown();
            stuck.get();
        }
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatOneCallerDoesToItsFutureIsNoneOfTheOthersBusiness() throws Exception {
        try (NamespaceProcess cat = PLAIN.spawn("cat")) {
            CompletableFuture<Process> mine = cat.onExit();
            assertThat(cat.onExit().cancel(true)).isTrue();
            assertThat(mine).isNotDone();
            Child.finish(cat);

            assertThat(mine.get()).isSameAs(cat);
        }
    }

    // ---- destroy

    @ParameterizedTest
    @EnumSource(Way.class)
    void itSaysWhetherItCanEndNormally(Way way) throws Exception {
        try (NamespaceProcess cat = way.namespace().spawn("cat")) {
            assertThat(cat.supportsNormalTermination()).isEqualTo(way != Way.AS_PID_1);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "AS_PID_1")
    void destroyEndsItWithSigterm(Way way) throws Exception {
        try (NamespaceProcess sleep = way.namespace().spawn("sleep", "1000")) {
            sleep.destroy();

            assertThat(sleep.waitFor()).isEqualTo(143);
            assertThat(sleep.terminationSignal()).hasValue(15);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void destroyForciblyEndsItWithSigkill(Way way) throws Exception {
        try (NamespaceProcess sleep = way.namespace().spawn("sleep", "1000")) {
            assertThat(sleep.destroyForcibly()).isSameAs(sleep);

            assertThat(sleep.waitFor()).isEqualTo(137);
            assertThat(sleep.terminationSignal()).hasValue(9);
            sleep.destroy(); // of no effect any more
            sleep.destroyForcibly();
        }
    }
}
