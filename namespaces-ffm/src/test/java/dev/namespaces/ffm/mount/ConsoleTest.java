package dev.namespaces.ffm.mount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Stdio;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code /dev/console}, which is there when the command shares a terminal of the JVM's. */
@ExtendWith(LeavesNothingBehind.class)
class ConsoleTest {

    private static final String SCRIPT = "ls /dev | grep -c console; echo to the console > /dev/console; stty size < /dev/console";

    /** A JVM whose standard streams are a terminal of ours. */
    static final class OnATerminal {
        static void main() throws Exception {
            try (NamespaceProcess inherits = box().spawn(Command.of("sh", "-c", SCRIPT).stdin(Stdio.inherit())
                    .stdout(Stdio.inherit()).stderr(Stdio.inherit()))) {
                inherits.waitFor();
            }
            System.out.println(box().run(Command.of("sh", "-c", "ls /dev | grep -c console")).stdout());
        }
    }

    private static Namespace box() {
        return Namespace.builder().user().pid()
                .mount(m -> m.emptyRoot().readOnlyBind("/usr").symlink("usr/bin", "/bin").symlink("usr/lib", "/lib")
                        .symlink("usr/lib64", "/lib64").dev())
                .build();
    }

    @Test
    void itIsTheTerminalThatTheCommandInheritsAndIsNotThereWithoutOne() throws Exception {
        Command jvm = Command.of(ChildJvm.of(OnATerminal.class).command()).stdin(Stdio.terminal(33, 99));
        try (NamespaceProcess process = Namespace.builder().spawn(jvm)) {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor()).isZero();
            assertThat(output.lines().filter(line -> !line.isEmpty())).containsExactly("1", "to the console", "33 99",
                    "0");
        }
    }
}
