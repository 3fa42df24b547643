package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Stdio;
import dev.namespaces.ffm.linux.ChildJvm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a spawn leaves to the garbage collector. */
@ExtendWith(LeavesNothingBehind.class)
@Tag("slow-under-emulation")
class AllocationTest {

    /** The process, its future, what the caller gets of it: all else is kept for the next spawn. */
    private static final long MOST_BYTES = 2048;

    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"PLAIN", "AS_PID_1", "INIT"})
    void aSpawnAllocatesNextToNothing(Way way) throws Exception {
        String bytes = ChildJvm.of(Allocating.class, way.name()).options("-XX:-UseSerialGC",
                "-XX:+UnlockExperimentalVMOptions", "-XX:+UseEpsilonGC", "-XX:-UseTLAB", "-Xmx512m").output();

        assertThat(Long.parseLong(bytes.strip())).isBetween(1L, MOST_BYTES);
    }

    /** Prints how many bytes a spawn allocates in a heap in which nothing is ever collected. */
    static final class Allocating {

        private static final int MANY = 500;

        static void main(String[] arguments) throws Exception {
            Namespace namespace = Way.valueOf(arguments[0]).namespace();
            Command command = Command.of("/bin/true").stdin(Stdio.discard()).stdout(Stdio.discard())
                    .stderr(Stdio.discard());
            spawn(namespace, command);
            long before = allocated();
            spawn(namespace, command);
            System.out.println((allocated() - before) / MANY);
        }

        private static void spawn(Namespace namespace, Command command) throws Exception {
            for (int i = 0; i < MANY; i++) {
                try (NamespaceProcess process = namespace.spawn(command)) {
                    process.waitFor();
                }
            }
        }

        private static long allocated() {
            return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        }
    }
}
