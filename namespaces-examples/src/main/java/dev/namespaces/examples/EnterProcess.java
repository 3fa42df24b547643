package dev.namespaces.examples;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Result;
import java.io.IOException;
import java.time.Duration;

/**
 * A running sandbox that other commands enter, to look at it, and leave: they see its processes, its files and its host name, and have no more rights than it
 * has.
 *
 * <p>
 * {@code ./ns example EnterProcess} prints what they see. {@code ./ns enter PID -- COMMAND} does the same.
 */
public final class EnterProcess {

    private EnterProcess() {}

    /**
     * Starts the sandbox and enters it.
     *
     * @param arguments none
     * @throws IOException if something cannot be started
     * @throws InterruptedException never: nobody interrupts this thread
     */
    public static void main(String... arguments) throws IOException, InterruptedException {
        Namespace box = Namespace.builder().user().pid().net().ipc().uts(uts -> uts.hostname("box")).noNewPrivileges()
                .mount(m -> m.emptyRoot().readOnlyBind("/usr").readOnlyBind("/bin").readOnlyBind("/lib")
                        .readOnlyBindIfExists("/lib64").tmpfs("/tmp").proc().dev())
                .build();
        try (NamespaceProcess sandbox = box.spawn("sleep", "infinity")) {
            Namespace inside = Namespace.builder().joinAll(sandbox).build();
            print(inside, "hostname; id -u; ls");
            print(inside, "ps -eo pid,args");
            print(inside, "echo was here > /tmp/note");
            print(inside, "cat /tmp/note");
            System.out.println("the sandbox lives: " + sandbox.isAlive());
        }
    }

    private static void print(Namespace inside, String script) throws IOException, InterruptedException {
        Result result = inside.run(Command.of("sh", "-c", script).timeout(Duration.ofMinutes(1)));
        System.out.print("$ " + script + "\n" + result.orThrow().stdout());
    }
}
