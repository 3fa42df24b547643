package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Result;
import dev.namespaces.ffm.linux.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is done from outside while a process waits before its program is executed. */
@ExtendWith(LeavesNothingBehind.class)
class BeforeExecTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(Way.class)
    void theProgramIsNotExecutedYetAndTheNamespacesAreThoseThatItWillBeIn(Way way) throws Exception {
        List<Long> pids = new ArrayList<>();
        Map<NamespaceKind, String> namespaces = new HashMap<>();
        Command command = Command.of("cat").beforeExec(pid -> {
            pids.add(pid);
            assertThat(link(pid, "exe")).contains("namespaces-init");
            for (NamespaceKind kind : NamespaceKind.values()) {
                namespaces.put(kind, link(pid, "ns/" + kind.procName()));
            }
        });
        try (NamespaceProcess process = way.namespace().spawn(command)) {
            assertThat(pids).containsExactly(process.pid());
            assertThat(namespaces).isEqualTo(Proc.namespaces(way.command(process)));
            assertThat(Child.finish(process)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void whatIsDoneToTheProcessHoldsWhenItsProgramRuns(Way way) throws Exception {
        Command command = Command.of("cat", "/proc/self/oom_score_adj")
                .beforeExec(pid -> write(Proc.path(pid, "oom_score_adj"), "765"));

        assertThat(Child.says(way.namespace(), command)).isEqualTo("765");
    }

    /** There a process takes the place of the first. */
    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"USER", "INIT"})
    void underMovedClocksThePidIsThatOfTheProcessThatStays(Way way) throws Exception {
        Namespace namespace = way.builder().time(time -> time.boottime(Duration.ofDays(1))).dieWithJvm().build();
        List<Long> pids = new ArrayList<>();
        try (NamespaceProcess process = namespace.spawn(Command.of("cat").beforeExec(pids::add))) {
            assertThat(pids).containsExactly(process.pid());
            assertThat(Child.finish(process)).isZero();
        }
    }

    @Test
    void theRootIsTheNewOneAlready() {
        Namespace box = Namespace.builder().user().mount(mount -> mount.emptyRoot().readOnlyBind(folder, "/made"))
                .build();
        List<String> seen = new ArrayList<>();
        Command command = Command.of("/no/such/program")
                .beforeExec(pid -> content(Proc.path(pid, "root")).forEach(file -> seen.add(file.toString())));

        assertThatThrownBy(() -> box.spawn(command)).hasMessageContaining("cannot execute /no/such/program");

        assertThat(seen).singleElement().asString().endsWith("/root/made");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void anActionThatThrowsLeavesTheProgramUnexecutedAndTheProcessEnded(Way way) {
        Path marker = folder.resolve("marker");
        List<Long> pids = new ArrayList<>();
        for (Throwable thrown : List.of(new IllegalStateException("of the test"), new AssertionError("of the test"))) {
            Command command = Command.of("touch", marker.toString()).beforeExec(pid -> {
                pids.add(pid);
                BeforeExecTest.<RuntimeException>sneak(thrown);
            });

            assertThatThrownBy(() -> way.namespace().spawn(command)).isSameAs(thrown);
            assertThatThrownBy(() -> way.namespace().run(command)).isSameAs(thrown);
        }
        assertThat(pids).hasSize(4).noneMatch(Proc::isAlive);
        assertThat(marker).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"USER", "INIT"})
    void whatWasMadeForMountsIsTakenBackThen(Way way) {
        Path root = folder.resolve("root");
        write(folder.resolve("file"), "content");
        Namespace box = way.builder().mount(mount -> mount.root(make(root)).readOnlyBind(Path.of("/usr"), "/a/usr")
                .readOnlyBind(folder.resolve("file"), "/b/file")).build();
        List<Path> during = new ArrayList<>();
        IllegalStateException thrown = new IllegalStateException("of the test");

        assertThatThrownBy(() -> box.spawn(Command.of("true").beforeExec(_ -> {
            during.addAll(content(root));
            throw thrown;
        }))).isSameAs(thrown);

        assertThat(during).contains(root.resolve("a"), root.resolve("b"));
        assertThat(content(root)).isEmpty();
    }

    @Test
    void anActionMaySpawnFromTheSameNamespace() throws Exception {
        Namespace namespace = Way.INIT.namespace();
        List<String> inner = new ArrayList<>();
        Command command = Command.of("echo", "outer").beforeExec(_ -> {
            try {
                inner.add(namespace.run(Command.of("echo", "inner").beforeExec(_ -> {})).stdout());
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });

        Result result = namespace.run(command);

        assertThat(result.stdout()).isEqualTo("outer\n");
        assertThat(inner).containsExactly("inner\n");
    }

    /** Holds a process up for ever. */
    static final class Holder {
        static void main(String[] arguments) throws Exception {
            Way.valueOf(arguments[0]).namespace().run(Command.of("touch", arguments[1]).beforeExec(pid -> {
                System.out.println(pid);
                try {
                    System.in.read();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"PLAIN", "INIT"})
    void whenTheJvmDiesMeanwhileTheProcessEndsToo(Way way) throws Exception {
        Path marker = folder.resolve("marker");
        Process jvm = ChildJvm.of(Holder.class, way.name(), marker.toString()).start();
        long pid = Long.parseLong(jvm.inputReader().readLine());
        assertThat(Proc.isAlive(pid)).isTrue();

        jvm.destroyForcibly().waitFor();

        Await.until("its end", () -> !Proc.isAlive(pid));
        assertThat(marker).doesNotExist();
    }

    private static String link(long pid, String name) {
        try {
            return Files.readSymbolicLink(Proc.path(pid, name)).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path make(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> content(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
