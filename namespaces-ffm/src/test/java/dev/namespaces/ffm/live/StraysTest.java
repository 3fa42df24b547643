package dev.namespaces.ffm.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import dev.namespaces.OpenNamespace;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.spawn.Await;
import dev.namespaces.ffm.spawn.Proc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What code inside must not do: it is detected and named, and no thread of the JVM stays away from home. Each in a JVM whose pools have just been made. */
@ExtendWith(RootOfAUserNamespace.class)
@Tag("slow-under-emulation") // starts JVMs
class StraysTest {

    private static final int MANY = 8;

    private static List<String> said(Class<?> main) throws Exception {
        return ChildJvm.of(main).options("-Djdk.virtualThreadScheduler.parallelism=" + MANY,
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=" + MANY).output().lines().toList();
    }

    /** The exception's message of a call that did something until somebody stayed, and what became of all threads. */
    private static void report(ScopedValue.CallableOp<Void, Exception> misdeed) throws Exception {
        try (OpenNamespace pod = Namespace.builder().net().open()) {
            String inside = pod.handle(NamespaceKind.NET).toString();
            System.out.println(Await.value("somebody to stay", () -> attempt(pod, misdeed), text -> !text.isEmpty()));
            awaitHome(inside);
        }
    }

    private static void awaitHome(String inside) throws Exception {
        Await.until("all threads to be at home", () -> Proc.names(Proc.path(Proc.SELF, "task")).stream()
                .noneMatch(thread -> place(thread).equals(inside)));
        System.out.println("home");
    }

    private static String attempt(OpenNamespace pod, ScopedValue.CallableOp<Void, Exception> misdeed) throws Exception {
        try {
            pod.call(misdeed);
            return "";
        } catch (IllegalStateException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String place(String thread) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/task", thread, "ns/net")).toString();
        } catch (IOException _) {
            return ""; // it has ended
        }
    }

    private static void keepBusy(AtomicInteger busy) {
        busy.incrementAndGet();
        while (busy.get() < MANY) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whoeverIsAtHomeIsNoneThoughHomeIsJoined() throws Exception {
        try (NamespaceHandle home = NamespaceHandle.ofCurrentThread(NamespaceKind.NET);
                OpenNamespace pod = Namespace.builder().join(home).uts().open()) {
            assertThat(pod.call(() -> 42)).isEqualTo(42);
        }
    }

    @Test
    void carriersOfVirtualThreads() throws Exception {
        assertThat(said(VirtualThreads.class)).satisfiesExactly(
                line -> assertThat(line).contains("thread ").contains("ForkJoinPool")
                        .contains("stayed in the namespaces").contains("threadFactory()"),
                line -> assertThat(line).isEqualTo("home"));
    }

    static final class VirtualThreads {
        static void main() throws Exception {
            report(() -> {
                AtomicInteger busy = new AtomicInteger();
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < MANY; i++) {
                    threads.add(Thread.ofVirtual().start(() -> keepBusy(busy)));
                }
                for (Thread thread : threads) {
                    thread.join();
                }
                return null;
            });
        }
    }

    @Test
    void workersOfTheCommonPool() throws Exception {
        assertThat(said(CommonPool.class)).satisfiesExactly(
                line -> assertThat(line).contains("ForkJoinPool").contains("stayed in the namespaces"),
                line -> assertThat(line).isEqualTo("home"));
    }

    static final class CommonPool {
        static void main() throws Exception {
            report(() -> {
                AtomicInteger busy = new AtomicInteger();
                CountDownLatch done = new CountDownLatch(MANY);
                for (int i = 0; i < MANY; i++) {
                    ForkJoinPool.commonPool().execute(() -> {
                        keepBusy(busy);
                        done.countDown();
                    });
                }
                done.await();
                return null;
            });
        }
    }

    @Test
    void aChildOfProcessBuilderAndTheThreadThatWaitsForIt() throws Exception {
        assertThat(said(Child.class)).satisfiesExactly(
                line -> assertThat(line).containsPattern("process \\d+ \\((sleep|jspawnhelper)\\)").contains("thread ")
                        .contains("process reaper").contains("spawn()"),
                line -> assertThat(line).startsWith("thread ").contains("process reaper"),
                line -> assertThat(line).isEqualTo("killed"), line -> assertThat(line).isEqualTo("home"));
    }

    static final class Child {
        static void main() throws Exception {
            List<Process> started = new ArrayList<>();
            OpenNamespace pod = Namespace.builder().net().open();
            String inside = pod.handle(NamespaceKind.NET).toString();
            System.out.println(attempt(pod, () -> {
                started.add(new ProcessBuilder("sleep", "1000").start());
                return null;
            }));
            try {
                pod.close();
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage()); // the thread that has waited for it ends a minute later
            }
            System.out.println(started.getFirst().waitFor() == 137 ? "killed" : "not killed");
            awaitHome(inside);
        }
    }

    @Test
    void aPlainThread() throws Exception {
        assertThat(said(PlainThread.class)).satisfiesExactly(
                line -> assertThat(line).contains("(left-inside)").contains("stayed in the namespaces"),
                line -> assertThat(line).isEqualTo("home"));
    }

    static final class PlainThread {
        static void main() throws Exception {
            try (OpenNamespace pod = Namespace.builder().net().open()) {
                System.out.println(leaveOne(pod));
            }
            System.out.println("home");
        }
    }

    private static String leaveOne(OpenNamespace pod) throws Exception {
        List<Thread> left = new ArrayList<>();
        String said = attempt(pod, () -> {
            CountDownLatch running = new CountDownLatch(1);
            left.add(Thread.ofPlatform().name("left-inside").start(() -> {
                running.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException _) {
                    // it is time to end
                }
            }));
            running.await();
            return null;
        });
        left.getFirst().interrupt();
        left.getFirst().join();
        return said;
    }

    @Test
    void whoeverLooksForThemFromInsideOtherNamespacesLeavesNobodyThere() throws Exception {
        assertThat(said(Nested.class)).satisfiesExactly(
                line -> assertThat(line).contains("(left-inside)").contains("stayed in the namespaces"),
                line -> assertThat(line).isEqualTo("outside of them: "));
    }

    static final class Nested {
        static void main() throws Exception {
            try (OpenNamespace outer = Namespace.builder().net().open();
                    OpenNamespace inner = Namespace.builder().net().open()) {
                String stayed = attempt(outer, () -> {
                    System.out.println(leaveOne(inner));
                    return null;
                });
                System.out.println("outside of them: " + stayed);
            }
        }
    }
}
