package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceId;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a supervisor may know of a process: its pids, and its namespaces. */
@ExtendWith(LeavesNothingBehind.class)
class InspectionTest {

    @ParameterizedTest
    @EnumSource(Way.class)
    void theNamespacesAreThoseThatTheCommandIsIn(Way way) throws Exception {
        try (NamespaceProcess process = Child.ready(way.namespace(), "echo ready; cat")) {
            Map<NamespaceKind, String> links = new TreeMap<>();
            for (Map.Entry<NamespaceKind, NamespaceId> entry : process.namespaces().entrySet()) {
                NamespaceKind kind = entry.getKey();
                links.put(kind, kind.procName() + ":[" + entry.getValue().inode() + "]");
                assertThat(entry.getValue().device())
                        .isEqualTo(Files.getAttribute(Proc.path(process.pid(), "ns/net"), "unix:dev"));
            }

            assertThat(links).isEqualTo(Proc.namespaces(way.command(process)));
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void thePidsAreThoseOfTheCommandOutsideAndInside(Way way) throws Exception {
        String orphans = way.hasInit() ? "(sleep 1000 & sleep 1000 &); " : ""; // which the init adopts
        try (NamespaceProcess process = Child.ready(way.namespace(), orphans + "echo ready; read line; echo $$; cat")) {
            process.outputWriter().append("go on\n").flush();

            assertThat(process.innerPid()).isEqualTo(Long.parseLong(process.inputReader().readLine()));
            assertThat(process.commandPid()).isNotEqualTo(Proc.SELF);
            assertThat(Proc.statOf(process.commandPid()).name()).isEqualTo("sh");
            assertThat(Proc.status(process.commandPid(), "NSpid")).endsWith(Long.toString(process.innerPid()));
            assertThat(process.commandPid() == process.pid()).isEqualTo(!way.hasInit());
            process.destroyForcibly();
            process.waitFor();
            assertThat(process.commandPid()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void ofACommandThatHasEndedNothingIsMadeUp(Way way) throws Exception {
        try (NamespaceProcess process = way.namespace().spawn("true")) {
            process.waitFor();

            assertThatExceptionOfType(NamespaceException.class).isThrownBy(process::namespaces)
                    .matches(e -> e.step() == Step.INSPECT && e.errno() == Errno.ESRCH)
                    .withMessage("cannot look at the process " + process.pid() + ": No such process (ESRCH)");
            assertThat(process.innerPid()).isPositive();
        }
    }

    @Test
    void twoProcessesInTheSameNamespaceSayTheSame() throws Exception {
        try (NamespaceProcess one = Way.USER.namespace().spawn("cat");
                NamespaceProcess other = Way.USER.namespace().spawn("cat")) {
            assertThat(one.namespaces().get(NamespaceKind.NET)).isEqualTo(other.namespaces().get(NamespaceKind.NET));
            assertThat(one.namespaces().get(NamespaceKind.USER))
                    .isNotEqualTo(other.namespaces().get(NamespaceKind.USER));
        }
    }
}
