package dev.namespaces.ffm.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.OpenNamespace;
import dev.namespaces.Rootless;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.OrdinaryUser;
import dev.namespaces.ffm.spawn.Await;
import dev.namespaces.ffm.spawn.Proc;
import java.io.BufferedReader;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A JVM that starts itself again as root of a user namespace. */
@Tag("slow-under-emulation") // starts JVMs
class RootlessTest {

    /** Prints what it is, and what it can do. */
    static final class Probe {
        static void main(String... arguments) throws Exception {
            Rootless.enter();
            System.out.println(Arrays.toString(arguments) + " " + System.getProperty("some.property") + " "
                    + System.getenv("SOME_VARIABLE") + " " + Path.of("").toAbsolutePath());
            System.out.println(Files.readString(Path.of("/proc/self/uid_map")).strip().replaceAll(" +", " "));
            try (OpenNamespace network = Namespace.builder().net().open()) {
                String inside = network.call(
                        () -> Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString());
                System.out.println(inside.equals(network.handle(NamespaceKind.NET).toString()));
            }
            System.out.println(System.in.read());
            System.err.println("to the errors");
            System.exit(7);
        }
    }

    @Test
    void itHasTheSameOptionsArgumentsEnvironmentDirectoryAndStreamsAndItsExitCodeComesThrough() throws Exception {
        ProcessBuilder builder = ChildJvm.of(Probe.class, "one", "", "three words here").options("-Dsome.property=a b")
                .asOrdinaryUser().mergingErrors().builder().redirectErrorStream(true).directory(new File("/"));
        builder.environment().put("SOME_VARIABLE", "value");
        Process process = builder.start();
        process.outputWriter().write("x");
        process.outputWriter().close();
        List<String> lines = process.inputReader().lines().toList();

        assertThat(lines).containsExactly("[one, , three words here] a b value /",
                "0 " + lines.get(1).split(" ", -1)[1] + " 1",
                "true", Integer.toString('x'), "to the errors");
        assertThat(lines.get(1)).isNotEqualTo("0 0 1");
        assertThat(process.waitFor()).isEqualTo(7);
    }

    @Test
    void rootGoesOnInTheSameJvm() throws Exception {
        assumeThat(OrdinaryUser.isSelf()).as("root").isFalse();
        Process process = ChildJvm.of(Same.class).start();

        assertThat(process.inputReader().readLine()).isEqualTo(Long.toString(process.pid()));
        assertThat(process.waitFor()).isZero();
    }

    static final class Same {
        static void main() throws Exception {
            Rootless.enter();
            System.out.println(ProcessHandle.current().pid());
        }
    }

    /** Asks for maps by which it does not become root. */
    static final class NotRoot {
        static void main() throws Exception {
            Rootless.enter(user -> user.mapCurrent());
        }
    }

    @Test
    void withMapsThatDoNotMakeItRootItEndsAtTheSecondJvm() throws Exception {
        Process process = ChildJvm.of(NotRoot.class).asOrdinaryUser().builder().redirectErrorStream(true).start();

        assertThat(process.inputReader().readAllLines()).filteredOn(line -> line.contains("IllegalStateException"))
                .singleElement().asString().contains("the maps must make this user root");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    /** Waits for ever; what its end does can be seen. */
    static final class Waiting {
        static void main() throws Exception {
            Rootless.enter();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("ended in order")));
            System.out.println(ProcessHandle.current().pid());
            Thread.currentThread().join();
        }
    }

    @Test
    void aSignalEndsTheOtherInOrder() throws Exception {
        Process process = ChildJvm.of(Waiting.class).asOrdinaryUser().start();
        BufferedReader output = process.inputReader();
        long other = Long.parseLong(output.readLine());
        assertThat(other).isNotEqualTo(process.pid());
        process.toHandle().destroy(); // which, unlike the process's own, leaves the streams open

        assertThat(output.readLine()).isEqualTo("ended in order");
        assertThat(process.waitFor()).isEqualTo(143);
        assertThat(Proc.isAlive(other)).isFalse();
    }

    @Test
    void whenThisOneIsKilledTheOtherIsToo() throws Exception {
        Process process = ChildJvm.of(Waiting.class).asOrdinaryUser().start();
        long other = Long.parseLong(process.inputReader().readLine());
        process.destroyForcibly().waitFor();

        Await.until("the end of the other", () -> !Proc.isAlive(other));
    }

    /** Says why it cannot, and that it goes on. */
    static final class Refused {
        static void main() throws Exception {
            try {
                Rootless.enter();
            } catch (NamespaceException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void whereThereAreNoUserNamespacesItSaysSoAndGoesOn() throws Exception {
        String script = "echo 0 > /proc/sys/user/max_user_namespaces"
                + " && exec setpriv --ambient-caps=-all --inh-caps=-all \"$@\"";
        String said = ChildJvm.of(Refused.class).byScript(script)
                .by("unshare", "-U", "--map-user=1000", "--map-group=1000", "--keep-caps").asOrdinaryUser().output();

        assertThat(said).contains("create the process and its namespaces").contains("max_user_namespaces");
    }

    @Test
    void theTestsOfThreadsInsidePassForAnOrdinaryUserToo() throws Exception {
        String said = TestsOf.jvm(CallTest.class, NetworksTest.class, HostsTest.class).asOrdinaryUser().output();

        assertThat(said).matches("(?s).*[2-9]\\d passed, 0 skipped\n");
    }
}
