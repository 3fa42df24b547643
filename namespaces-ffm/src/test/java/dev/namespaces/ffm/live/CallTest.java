package dev.namespaces.ffm.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import dev.namespaces.OpenNamespace;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.spawn.Await;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import dev.namespaces.ffm.spawn.Proc;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Java code on threads that have entered live namespaces. */
@ExtendWith(LeavesNothingBehind.class)
@ExtendWith(RootOfAUserNamespace.class)
class CallTest {

    private static String here(NamespaceKind kind) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/thread-self/ns", kind.procName())).toString();
    }

    private static Set<String> placesOfThreads() {
        Set<String> places = new HashSet<>();
        for (String thread : Proc.names(Proc.path(Proc.SELF, "task"))) {
            for (NamespaceKind kind : Visits.ENTERABLE) {
                place(thread, kind).ifPresent(places::add);
            }
        }
        return places;
    }

    private static Optional<String> place(String thread, NamespaceKind kind) {
        try {
            Path link = Proc.path(Proc.SELF, "task/" + thread + "/ns/" + kind.procName());
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException _) {
            return Optional.empty(); // it has ended
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NET", "UTS", "IPC", "CGROUP"})
    void theOperationRunsInsideAndItsThreadLeaves(NamespaceKind kind) throws Exception {
        try (OpenNamespace pod = Namespace.builder().create(Set.of(kind)).open()) {
            String inside = pod.call(() -> here(kind));

            assertThat(inside).isEqualTo(pod.handle(kind).toString()).isNotEqualTo(here(kind));
            assertThat(placesOfThreads()).hasSize(Visits.ENTERABLE.size());
        }
    }

    @Test
    void allThatCanBeEnteredAreEnteredAtOnceAndNoneOfTheOthers() throws Exception {
        try (OpenNamespace pod = Namespace.builder().create(EnumSet.allOf(NamespaceKind.class)).open()) {
            for (NamespaceKind kind : NamespaceKind.values()) {
                String place = pod.call(() -> here(kind));

                assertThat(place.equals(here(kind))).as("%s at home", kind)
                        .isEqualTo(!Visits.ENTERABLE.contains(kind));
            }
        }
    }

    @Test
    void theResultAndTheExceptionComeThroughAsTheyAre() throws Exception {
        try (OpenNamespace pod = Namespace.builder().uts().open()) {
            FileNotFoundException thrown = new FileNotFoundException("a");

            assertThat(pod.<String, RuntimeException>call(() -> null)).isNull();
            assertThatExceptionOfType(FileNotFoundException.class).isThrownBy(() -> pod.call(() -> {
                throw thrown;
            })).isSameAs(thrown);
            assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> pod.call(() -> {
                throw new StackOverflowError();
            }));
        }
    }

    @Test
    void anInterruptReachesTheOperation() throws Exception {
        try (OpenNamespace pod = Namespace.builder().uts().open()) {
            CountDownLatch inside = new CountDownLatch(1);
            AtomicReference<String> seen = new AtomicReference<>("");
            AtomicReference<Throwable> outcome = new AtomicReference<>();
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    pod.call(() -> {
                        inside.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            seen.set("interrupted");
                        }
                        return null;
                    });
                } catch (Throwable e) {
                    outcome.set(e);
                }
            });
            inside.await();
            caller.interrupt();
            caller.join();

            assertThat(seen.get()).isEqualTo("interrupted");
            assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void callsNest() throws Exception {
        try (OpenNamespace outer = Namespace.builder().net().uts().open();
                OpenNamespace inner = Namespace.builder().net().open()) {
            List<String> places = outer.call(() -> {
                List<String> seen = new ArrayList<>();
                seen.add(here(NamespaceKind.NET));
                seen.add(inner.call(() -> here(NamespaceKind.NET)));
                seen.add(here(NamespaceKind.NET));
                return seen;
            });

            assertThat(places).containsExactly(outer.handle(NamespaceKind.NET).toString(),
                    inner.handle(NamespaceKind.NET).toString(), outer.handle(NamespaceKind.NET).toString());
        }
    }

    @Test
    void handlesOfTheCurrentThreadAreThoseOfTheInside() throws Exception {
        try (OpenNamespace pod = Namespace.builder().net().open()) {
            boolean same = pod.call(() -> {
                try (NamespaceHandle handle = NamespaceHandle.ofCurrentThread(NamespaceKind.NET)) {
                    return handle.equals(pod.handle(NamespaceKind.NET));
                }
            });
            assertThat(same).isTrue();
        }
    }

    @Test
    void aCommandThatIsSpawnedInsideIsInside() throws Exception {
        try (OpenNamespace pod = Namespace.builder().net().open()) {
            String link = pod.call(() -> Namespace.builder().run("readlink", "/proc/self/ns/net").stdout().strip());

            assertThat(link).isEqualTo(pod.handle(NamespaceKind.NET).toString());
        }
    }

    // ---- threads

    @Test
    void anExecutorOfTheFactorysThreadsRunsItsTasksInside() throws Exception {
        try (OpenNamespace pod = Namespace.builder().net().uts().open();
                ExecutorService executor = Executors.newFixedThreadPool(3, pod.threadFactory())) {
            List<Future<String>> places = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                places.add(executor.submit(() -> here(NamespaceKind.NET)));
            }
            for (Future<String> place : places) {
                assertThat(place.get()).isEqualTo(pod.handle(NamespaceKind.NET).toString());
            }
            assertThat(pod.call(() -> here(NamespaceKind.UTS))).isEqualTo(pod.handle(NamespaceKind.UTS).toString());
        }
    }

    @Test
    void closingInterruptsTheThreadsAndWaitsForThem() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        Thread thread;
        try (OpenNamespace pod = Namespace.builder().net().open()) {
            thread = pod.threadFactory().newThread(() -> {
                seen.add("in");
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException _) {
                    seen.add("out");
                }
            });
            assertThat(thread.isDaemon()).isTrue();
            thread.start();
            assertThat(seen.take()).isEqualTo("in");
        }
        assertThat(seen.take()).isEqualTo("out");
        thread.join();
    }

    @Test
    void aThreadOfAClosedNamespaceDoesNotRunItsTask() throws Exception {
        BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
        Thread thread;
        try (OpenNamespace pod = Namespace.builder().net().open()) {
            thread = pod.threadFactory().newThread(() -> failures.add(new AssertionError("it ran")));
        }
        thread.setUncaughtExceptionHandler((_, e) -> failures.add(e));
        thread.start();

        assertThat(failures.take()).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    @Test
    void withNothingToEnterThereIsNoCall() throws Exception {
        try (OpenNamespace pod = Namespace.builder().pid().mount().open()) {
            assertThatIllegalStateException().isThrownBy(() -> pod.call(() -> 1))
                    .withMessageContaining("net, uts, ipc and cgroup")
                    .withMessageContaining("run a command inside");
            assertThatIllegalStateException().isThrownBy(pod::threadFactory);
        }
    }

    @Test
    void aHolderThatHasBeenKilledIsToldAsSuch() throws Exception {
        List<Long> before = Proc.children(Proc.SELF);
        try (OpenNamespace pod = Namespace.builder().net().open()) {
            List<Long> added = new ArrayList<>(Proc.children(Proc.SELF));
            added.removeAll(before);
            ProcessHandle holder = ProcessHandle.of(added.getFirst()).orElseThrow();
            holder.destroyForcibly();
            Await.until("the end", () -> !Proc.isAlive(holder.pid()));

            assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> pod.call(() -> 1))
                    .satisfies(e -> assertThat(e.step()).isEqualTo(Step.JOIN))
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ESRCH));
        }
    }

    @Test
    void visitorsByAnotherWayAreNotBlamed() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        try (OpenNamespace pod = Namespace.builder().net().open();
                OpenNamespace other = Namespace.builder().join(pod.handle(NamespaceKind.NET)).open()) {
            Thread visitor = other.threadFactory().newThread(() -> {
                inside.countDown();
                try {
                    enough.await();
                } catch (InterruptedException _) {
                    // it is time to leave
                }
            });
            visitor.start();
            inside.await();

            assertThat(pod.call(() -> 42)).isEqualTo(42);
            enough.countDown();
            visitor.join();
        }
    }

    @Test
    void threadsThatAreStartedWhileItIsClosedEndWithItOrDoNotRun() throws Exception {
        for (int i = 0; i < 50; i++) {
            BlockingQueue<String> seen = new LinkedBlockingQueue<>();
            Thread thread;
            try (OpenNamespace pod = Namespace.builder().uts().open()) {
                String inside = pod.handle(NamespaceKind.UTS).toString();
                thread = pod.threadFactory().newThread(() -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException _) {
                        seen.add(inside);
                    }
                });
                thread.setUncaughtExceptionHandler((_, e) -> seen.add(String.valueOf(e.getMessage())));
                thread.start();
            }
            assertThat(seen.take()).isNotEmpty();
            thread.join();
        }
    }

    @Test
    void aHandleThatSomebodyHasClosedIsOpenedAgain() throws Exception {
        try (OpenNamespace pod = Namespace.builder().uts().open()) {
            NamespaceHandle first = pod.handle(NamespaceKind.UTS);
            first.close();

            assertThat(pod.handle(NamespaceKind.UTS).id()).isNotNull();
            assertThat(pod.handle(NamespaceKind.UTS)).isEqualTo(first);
        }
    }
}
