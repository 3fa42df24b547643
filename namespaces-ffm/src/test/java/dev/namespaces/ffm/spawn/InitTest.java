package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** PID 1 of a pid namespace: the init, or the command itself. */
@ExtendWith(LeavesNothingBehind.class)
class InitTest {

    private static final Namespace UNDER_INIT = Namespace.builder().user().mount().pid().build();
    private static final Namespace AS_PID_1 = Namespace.builder().user().mount().pid(pid -> pid.asPid1()).build();

    @Test
    void underTheInitTheCommandIsItsFirstChild() throws Exception {
        assertThat(Child.script(UNDER_INIT, "echo $$ $PPID; cat /proc/1/comm")).isEqualTo("2 1\nnamespaces-init");
    }

    @Test
    void asPid1TheCommandIsTheFirstProcess() throws Exception {
        assertThat(Child.script(AS_PID_1, "echo $$ $PPID; cat /proc/1/comm")).isEqualTo("1 0\nsh");
    }

    @Test
    void theInitIsTheProcessThatTheJvmSees() throws Exception {
        try (NamespaceProcess process = Child.ready(UNDER_INIT, "echo ready; cat")) {
            assertThat(Proc.statOf(process.pid()).name()).isEqualTo("namespaces-init");
            assertThat(Proc.statOf(process.pid()).parent()).isEqualTo(Proc.SELF);
            assertThat(Proc.status(process.pid(), "NSpid")).endsWith("\t1");
        }
    }

    @Test
    void theInitHoldsNothingButThePipeOfItsReport() throws Exception {
        try (NamespaceProcess process = Child.ready(UNDER_INIT, "echo ready; cat")) {
            Map<Integer, String> descriptors = Await.value("the init to give up its standard streams",
                    () -> Proc.descriptors(process.pid()), fds -> fds.size() < 2);

            assertThat(descriptors.values()).singleElement().asString().startsWith("pipe:");
        }
    }

    @Test
    void theInitHasMemoryOfItsOwnAndLittleOfIt() throws Exception {
        try (NamespaceProcess process = Child.ready(UNDER_INIT, "echo ready; cat")) {
            assertThat(Files.readSymbolicLink(Proc.path(process.pid(), "exe")))
                    .isNotEqualTo(Files.readSymbolicLink(Proc.path(Proc.SELF, "exe")));
            assertThat(kibibytes(Proc.status(process.pid(), "VmSize"))).isLessThan(1024);
        }
    }

    private static long kibibytes(String text) {
        return Long.parseLong(text.replace(" kB", ""));
    }

    @Test
    void whenTheCommandEndsSoDoesEverythingInTheNamespace() throws Exception {
        try (NamespaceProcess process = Child.ready(UNDER_INIT,
                "setsid sleep 1000 & (sleep 1000 &); echo ready; read line; exit 3")) {
            List<Long> members = Await.value("both sleepers", () -> sleepers(process.pid()), list -> list.size() == 2);

            assertThat(Child.finish(process)).isEqualTo(3);
            assertThat(members).noneMatch(Proc::isAlive);
        }
    }

    private static List<Long> sleepers(long init) throws Exception {
        return Proc.descendants(init, Proc.all()).stream().filter(stat -> stat.name().equals("sleep"))
                .map(Proc.Stat::pid).toList();
    }

    @Test
    void aThousandOrphansAreAdoptedAndReaped(@TempDir Path folder) throws Exception {
        String script = """
                cd "$1" && mkfifo fifo && exec 3<> fifo # stays open, as who comes late would wait for another writer
                (i=0; while [ $i -lt 1000 ]; do { read line <&3; } & i=$((i+1)); done)
                echo ready; read line; yes '' | head -n 1000 >&3; read line; exit 4
                """;
        try (NamespaceProcess process = Child.ready(UNDER_INIT, script, folder.toString())) {
            Await.until("1000 orphans beside the command", () -> Proc.children(process.pid()).size() == 1001);
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            Await.until("every orphan to be reaped", () -> Proc.children(process.pid()).size() == 1);

            assertThat(Child.finish(process)).isEqualTo(4);
        }
    }
}
