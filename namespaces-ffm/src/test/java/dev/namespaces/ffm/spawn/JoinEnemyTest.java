package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.OpenNamespace;
import dev.namespaces.Spawner;
import dev.namespaces.ffm.linux.ChildJvm;
import java.io.BufferedReader;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whether root inside a sandbox gets at a process that enters it before that has become the command. */
@ExtendWith(LeavesNothingBehind.class)
@Tag("slow-under-emulation") // starts JVMs
class JoinEnemyTest {

    private static final int JOINS = 500;
    private static final Namespace SANDBOX = Namespace.builder().user().pid().mount().build();

    private static NamespaceProcess inmate(Spawner where) throws Exception {
        NamespaceProcess inmate = where.spawn(Command.of(ChildJvm.of(Inmate.class).command()));
        assertThat(inmate.inputReader().readLine()).isEqualTo("ready");
        return inmate;
    }

    private static List<String> finish(NamespaceProcess inmate) throws Exception {
        inmate.outputWriter().write("enough\n");
        inmate.outputWriter().flush();
        return inmate.inputReader().readAllLines();
    }

    @Test
    void itNeverGetsAtWhoJoinsItsProcess() throws Exception {
        try (NamespaceProcess inmate = inmate(SANDBOX)) {
            Namespace joining = Namespace.builder().joinAll(inmate).build();
            for (int i = 0; i < JOINS; i++) {
                joining.run("true").orThrow();
            }
            assertThat(finish(inmate)).containsExactly("tried true");
        }
    }

    @Test
    void norAtWhoEntersLiveNamespaces() throws Exception {
        try (OpenNamespace pod = SANDBOX.open(); NamespaceProcess inmate = inmate(pod)) {
            for (int i = 0; i < JOINS; i++) {
                pod.run("true").orThrow();
            }
            assertThat(finish(inmate)).containsExactly("tried true");
        }
    }

    @Test
    void itGetsAtANaiveOne() throws Exception {
        try (NamespaceProcess inmate = inmate(SANDBOX)) {
            BufferedReader output = inmate.inputReader();
            Command enter = Command.of("nsenter", "--preserve-credentials", "-U", "-p", "-m", "-t",
                    Long.toString(inmate.commandPid()), "true");
            Await.until("the inmate to get at nsenter", () -> {
                Namespace.builder().run(enter).orThrow();
                return output.ready();
            });
            assertThat(finish(inmate)).anySatisfy(line -> assertThat(line).contains("nsenter"));
        }
    }
}
