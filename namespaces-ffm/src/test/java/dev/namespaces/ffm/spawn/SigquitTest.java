package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.KernelVersion;
import dev.namespaces.ffm.linux.Syscalls;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Signals that dump core, sent to children of a JVM from the first moment on. Before Linux 5.16 such a signal ended all that share memory with
 * the one that it was sent to.
 */
@ExtendWith(LeavesNothingBehind.class)
class SigquitTest {

    private static final int SIGQUIT = 3;
    /** Nobody wants the memory of those that are hit in a file. That none is written changes nothing of who is hit. */
    private static final String WITHOUT_CORES = "ulimit -c 0; exec \"$@\"";

    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "AS_PID_1", "INIT"})
    void aSigquitAtAnyMomentOfASpawnNeverHarmsTheJvm(Way way) throws Exception {
        assertThat(ChildJvm.of(Target.class, way.name()).byScript(WITHOUT_CORES).output()).isEqualTo("survived\n");
    }

    /** Spawns while another thread sends SIGQUIT to every child that it finds, until that has had an effect several times. */
    static final class Target {

        private static final int WANTED = 3;

        static void main(String[] arguments) throws Exception {
            Way way = Way.valueOf(arguments[0]);
            Namespace namespace = way.namespace();
            AtomicInteger sent = new AtomicInteger();
            Thread.ofPlatform().daemon().start(() -> quitWithoutEnd(sent));
            // Many large arguments, which the kernel copies meanwhile, make the moment before the exec longer.
            List<String> command = new ArrayList<>(List.of("/bin/true"));
            command.addAll(Collections.nCopies(12, "x".repeat(100_000)));
            int ended = 0;
            while (ended < WANTED && (way != Way.AS_PID_1 || sent.get() < WANTED)) { // a PID 1 takes no notice
                ended += end(namespace, Command.of(command)) == 0 ? 0 : 1;
            }
            System.out.println("survived");
        }

        private static int end(Namespace namespace, Command command) throws InterruptedException {
            try (NamespaceProcess process = namespace.spawn(command)) {
                int exitValue = process.waitFor();
                if (exitValue != 0 && exitValue != 128 + SIGQUIT) {
                    throw new AssertionError(exitValue);
                }
                return exitValue;
            } catch (NamespaceException e) {
                throw new AssertionError(e);
            }
        }

        private static void quitWithoutEnd(AtomicInteger sent) {
            while (true) {
                for (long child : Proc.children(Proc.SELF)) {
                    quit(child);
                    sent.incrementAndGet();
                }
            }
        }
    }

    /** By pidfd, and only if it is a child of this JVM still. */
    private static void quit(long child) {
        int pidfd = Syscalls.pidfdOpen(child);
        if (pidfd >= 0) {
            if (Proc.stat(child).map(stat -> stat.parent() == Proc.SELF).orElse(false)) {
                Syscalls.pidfdSendSignal(pidfd, SIGQUIT);
            }
            Syscalls.close(pidfd);
        }
    }

    @Test
    void aNaiveChildTakesTheJvmWithItOnKernelsBefore516() throws Exception {
        Process jvm = ChildJvm.of(NaiveTarget.class).byScript(WITHOUT_CORES).start();
        String output = jvm.inputReader().readAllAsString();

        if (KernelVersion.running().atLeast(5, 16)) {
            assertThat(output).isEqualTo("survived\n");
            assertThat(jvm.waitFor()).isZero();
        } else {
            assertThat(output).isEmpty();
            assertThat(jvm.waitFor()).isEqualTo(128 + SIGQUIT);
        }
    }

    /** Sends SIGQUIT to a child that shares its memory and lets signals in. */
    static final class NaiveTarget {
        static void main() throws Exception {
            Thread naive = Thread.ofPlatform().start(NaiveSpawn::blockedWithSignalsLetIn);
            Await.value("the child to wait", () -> Proc.children(Proc.SELF),
                    children -> children.stream().anyMatch(child -> Proc.statOf(child).state() == 'S'));
            quit(Proc.onlyChild(Proc.SELF));
            naive.join();
            System.out.println("survived");
        }
    }
}
