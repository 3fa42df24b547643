package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.ffm.linux.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The sudden death of a JVM that spawns: no child keeps its memory. Whatever has that memory shows the JVM's command line, with a token in it, in
 * its own {@code /proc/PID/cmdline}, as the kernel reads it from there.
 */
@ExtendWith(LeavesNothingBehind.class)
@Tag("slow-under-emulation")
class KillNineTest {

    private static final int THREADS = 4;

    private final String token = UUID.randomUUID().toString();

    @RepeatedTest(5)
    void killedDuringAStormOfSpawnsAJvmLeavesNoProcessWithItsMemory() throws Exception {
        kill(Storm.class);

        Await.value("the end of every process with the JVM's memory", this::holders, List::isEmpty);
    }

    @Test
    void aChildThatIsStuckInTheJvmsMemoryIsFoundByThisCheck() throws Exception {
        kill(Stuck.class);

        List<Long> holders = holders();
        assertThat(holders).hasSize(1);
        long pid = holders.getFirst();
        assertThat(Files.readSymbolicLink(Proc.path(pid, "exe")))
                .isEqualTo(Files.readSymbolicLink(Proc.path(Proc.SELF, "exe")));
        assertThat(Long.parseLong(Proc.status(pid, "VmRSS").replace(" kB", ""))).isGreaterThan(10_000);
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        Await.value("its end", this::holders, List::isEmpty);
    }

    /** Starts a JVM, waits until it says that it is at work, and kills it. */
    private void kill(Class<?> main) throws Exception {
        Process jvm = ChildJvm.of(main, token).start();
        try {
            assertThat(jvm.inputReader().readLine()).isEqualTo("ready");
            assertThat(holders()).contains(jvm.pid());
        } finally {
            jvm.destroyForcibly();
            assertThat(jvm.waitFor()).isEqualTo(137);
        }
    }

    private List<Long> holders() throws IOException {
        List<Long> holders = new ArrayList<>();
        for (long pid : Proc.all().keySet()) {
            try {
                if (Proc.text(pid, "cmdline").contains(token)) {
                    holders.add(pid);
                }
            } catch (IOException _) {
                // it has ended meanwhile
            }
        }
        return holders;
    }

    /** Spawns in every way, from several threads, without end. */
    static final class Storm {
        static void main() throws Exception {
            CountDownLatch atWork = new CountDownLatch(THREADS);
            for (int i = 0; i < THREADS; i++) {
                Thread.ofPlatform().start(() -> spawnWithoutEnd(atWork));
            }
            atWork.await();
            System.out.println("ready");
        }

        /** Only the kill ends it: any failure ends the JVM with another exit value, which the test sees. */
        private static void spawnWithoutEnd(CountDownLatch atWork) {
            List<Namespace> namespaces = new ArrayList<>();
            for (Way way : Way.values()) {
                namespaces.add(way.namespace());
            }
            for (int i = 0; true; i++) {
                try (NamespaceProcess process = namespaces.get(i % namespaces.size()).spawn("true")) {
                    if (process.waitFor() != 0) {
                        throw new AssertionError("ended with " + process.exitValue());
                    }
                } catch (IOException | InterruptedException | RuntimeException | Error e) {
                    e.printStackTrace();
                    Runtime.getRuntime().halt(1);
                }
                if (i == namespaces.size()) {
                    atWork.countDown();
                }
            }
        }
    }

    /** Has a child that shares its memory and executes nothing. */
    static final class Stuck {
        static void main() throws Exception {
            Thread.ofPlatform().start(NaiveSpawn::blocked);
            Await.value("the child to be stuck", () -> Proc.children(Proc.SELF),
                    children -> children.stream().anyMatch(child -> Proc.statOf(child).state() == 'S'));
            System.out.println("ready");
            new CountDownLatch(1).await();
        }
    }
}
