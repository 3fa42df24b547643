package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Result;
import dev.namespaces.ffm.linux.ChildJvm;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Virtual threads that read from children, write to them and wait for them hold no carrier meanwhile, so all others run on. */
@ExtendWith(LeavesNothingBehind.class)
class VirtualThreadsTest {

    private static final int CHILDREN = 400;
    private static final int WAITERS = 10_000;
    private static final Namespace PLAIN = Namespace.builder().build();

    @Test
    void withFourHundredThatReadAndTenThousandThatWaitAFreshOneStillRuns() throws Exception {
        List<NamespaceProcess> children = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        try {
            for (int i = 0; i < CHILDREN; i++) {
                NamespaceProcess child = PLAIN.spawn("cat");
                children.add(child);
                threads.add(Thread.ofVirtual().start(() -> readToTheEnd(child.getInputStream())));
            }
            for (int i = 0; i < WAITERS; i++) {
                NamespaceProcess child = children.get(i % CHILDREN);
                threads.add(Thread.ofVirtual().start(() -> waitFor(child)));
            }
            Await.until("every thread to wait", () -> threads.stream().allMatch(VirtualThreadsTest::waits));

            CountDownLatch ran = new CountDownLatch(1);
            Thread.ofVirtual().start(ran::countDown).join();
            assertThat(ran.getCount()).isZero();
            assertThat(children).allMatch(Process::isAlive);
        } finally {
            children.forEach(NamespaceProcess::close);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static boolean waits(Thread thread) {
        return thread.getState() == Thread.State.WAITING;
    }

    private static void readToTheEnd(InputStream stream) {
        try {
            stream.readAllBytes();
        } catch (IOException _) {
            // closed in the end
        }
    }

    private static void waitFor(Process child) {
        try {
            child.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // ---- beside ProcessBuilder, where the number of carriers is known

    @Test
    void withAsManyReadersAsCarriersAFreshOneRunsAndOverProcessBuilderItDoesNot() throws Exception {
        assertThat(freshThreadAmong(8, 2, true)).isEqualTo("ran while 8 readers waited");
        assertThat(freshThreadAmong(8, 2, false)).isEqualTo("had not run while 2 readers held the carriers");
    }

    @Test
    @Tag("slow-under-emulation")
    void withFourHundredReadersOnTheDefaultNumberOfCarriersAFreshOneRunsAndOverProcessBuilderItDoesNot()
            throws Exception {
        assertThat(freshThreadAmong(400, 256, true)).isEqualTo("ran while 400 readers waited");
        assertThat(freshThreadAmong(400, 256, false)).isEqualTo("had not run while 256 readers held the carriers");
    }

    private static String freshThreadAmong(int readers, int carriers, boolean ours) throws Exception {
        return ChildJvm.of(Readers.class, "" + readers, "" + carriers, "" + ours)
                .options("-Djdk.virtualThreadScheduler.parallelism=" + carriers,
                        "-Djdk.virtualThreadScheduler.maxPoolSize=" + carriers)
                .output().strip();
    }

    /** Says whether a fresh virtual thread runs beside readers of silent children, on a number of carriers that cannot grow. */
    static final class Readers {
        static void main(String[] arguments) throws Exception {
            int count = Integer.parseInt(arguments[0]);
            int carriers = Integer.parseInt(arguments[1]);
            boolean ours = Boolean.parseBoolean(arguments[2]);
            List<Process> children = new ArrayList<>();
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Process child = ours ? PLAIN.spawn("cat") : new ProcessBuilder("cat").start();
                children.add(child);
                InputStream stream = child.getInputStream();
                readers.add(Thread.ofVirtual().start(() -> readToTheEnd(stream)));
            }
            int expected = ours ? count : carriers;
            Await.until(expected + " readers to wait",
                    () -> readers.stream().filter(ours ? VirtualThreadsTest::waits : Readers::isInRead)
                            .count() == expected);
            CountDownLatch ran = new CountDownLatch(1);
            Thread fresh = Thread.ofVirtual().start(ran::countDown);
            if (ours) {
                fresh.join();
            }
            // With every carrier in a native read, which nothing will end before the children do, it cannot have run.
            System.out.println(ran.getCount() == 0
                    ? "ran while " + expected + " readers waited"
                    : "had not run while " + expected + " readers held the carriers");
            for (Process child : children) {
                child.destroyForcibly();
            }
            fresh.join();
        }

        private static boolean isInRead(Thread thread) {
            StackTraceElement[] stack = thread.getStackTrace();
            return stack.length > 0 && stack[0].getClassName().equals("java.io.FileInputStream")
                    && stack[0].isNativeMethod();
        }
    }

    // ---- everything else that blocks

    @Test
    void aWriterThatWaitsHoldsNoCarrier() throws Exception {
        try (NamespaceProcess sleep = PLAIN.spawn("sleep", "1000")) {
            CompletableFuture<Boolean> failed = new CompletableFuture<>();
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    sleep.getOutputStream().write(new byte[1_000_000]);
                    failed.complete(false);
                } catch (IOException _) {
                    failed.complete(true);
                }
            });
            Await.until("the writer to wait", () -> waits(writer));
            Child.close(sleep);

            assertThat(failed.get()).isTrue();
        }
    }

    @Test
    void aRunInAVirtualThreadCollectsItsOutput() throws Exception {
        Map<Way, FutureTask<Result>> runs = new EnumMap<>(Way.class);
        for (Way way : Way.values()) {
            FutureTask<Result> run = new FutureTask<>(() -> way.namespace().run("echo", way.name()));
            runs.put(way, run);
            Thread.ofVirtual().start(run);
        }
        for (Map.Entry<Way, FutureTask<Result>> run : runs.entrySet()) {
            assertThat(run.getValue().get().stdout()).isEqualTo(run.getKey().name() + "\n");
        }
    }
}
