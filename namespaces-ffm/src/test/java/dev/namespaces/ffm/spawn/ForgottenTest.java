package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.ffm.linux.ChildJvm;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes that have ended, and what they wrote, can be collected once the caller has let go of them. */
@ExtendWith(LeavesNothingBehind.class)
class ForgottenTest {

    private static final int MANY = 50;
    private static final int RUNS = 300;

    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"PLAIN", "INIT"})
    void processesThatWereWaitedForAreForgotten(Way way) throws Exception {
        Namespace namespace = way.namespace();
        assertForgotten(() -> {
            NamespaceProcess process = namespace.spawn("true");
            process.waitFor();
            return process;
        });
    }

    @Test
    void processesWhoseEndNobodyAskedForAreForgotten() throws Exception {
        Namespace namespace = Namespace.builder().build();
        assertForgotten(() -> namespace.spawn("true"));
    }

    @Test
    void processesThatWereClosedWhileSomebodyReadFromThemAreForgotten() throws Exception {
        Namespace namespace = Namespace.builder().build();
        assertForgotten(() -> {
            NamespaceProcess cat = namespace.spawn("cat");
            Thread reader = Thread.ofVirtual().start(() -> {
                try {
                    cat.getInputStream().read();
                } catch (IOException _) {
                    // closed
                }
            });
            Await.until("the reader to wait", () -> reader.getState() == Thread.State.WAITING);
            cat.close();
            reader.join();
            return cat;
        });
    }

    private interface Spawn {
        NamespaceProcess process() throws Exception;
    }

    private static void assertForgotten(Spawn spawn) throws Exception {
        List<WeakReference<Process>> processes = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            processes.add(new WeakReference<>(spawn.process()));
        }
        Await.value("all to be forgotten", () -> {
            System.gc();
            return processes.stream().filter(process -> process.get() != null).count();
        }, left -> left <= 1); // one may still be in some frame
    }

    @Tag("slow-under-emulation")
    @Test
    void theOutputOfRunsIsForgotten() throws Exception {
        assertThat(ChildJvm.of(MuchOutput.class).options("-Xmx48m").output()).isEqualTo("done\n");
    }

    /** Collects in all far more than its heap holds. */
    static final class MuchOutput {
        static void main() throws Exception {
            Namespace namespace = Namespace.builder().build();
            Command command = Command.of("head", "-c", "1000000", "/dev/zero");
            for (int i = 0; i < RUNS; i++) {
                if (namespace.run(command).stdoutBytes().length != 1_000_000) {
                    throw new AssertionError("too little");
                }
            }
            System.out.println("done");
        }
    }
}
