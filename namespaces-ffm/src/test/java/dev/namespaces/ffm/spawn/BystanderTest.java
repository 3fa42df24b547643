package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.ffm.linux.CStrings;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.OrdinaryUser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whether a process of the user as which commands run can trace what has not become the command yet: the JVM's memory and the init's. What is executed
 * cannot be traced by that user, as it may not read the file; so whatever is traced was caught before.
 */
@ExtendWith(LeavesNothingBehind.class)
@Tag("slow-under-emulation") // starts JVMs
class BystanderTest {

    private static final int USER = 61234; // whom nobody else uses
    private static final int SPAWNS = 150;
    private static final int THREADS = 2;

    @TempDir
    Path folder;

    private Path program = Path.of("");

    @BeforeEach
    void makeAProgramThatMayBeExecutedButNotRead() throws IOException {
        assumeFalse(OrdinaryUser.isSelf(), "needs root, who can run commands as somebody else");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        program = Files.copy(Path.of("/bin/true"), folder.resolve("program"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @Test
    void inAStormOfSpawnsTheBystanderTracesNobody() throws Exception {
        Namespace plain = Namespace.builder().runAs(USER, USER).build();
        Namespace init = plain.toBuilder().pid().mount().build();
        Namespace mapped = Namespace.builder().user(user -> user.map(0, USER, 1)).build();
        Process bystander = bystander(Proc.SELF);
        try (BufferedReader output = reader(bystander)) {
            assertThat(output.readLine()).isEqualTo("ready");
            storm(List.of(plain, init, mapped, mapped.toBuilder().pid().build()));
            bystander.outputWriter().write("enough\n");
            bystander.outputWriter().flush();

            assertThat(output.readAllLines()).containsExactly("tried true");
        } finally {
            bystander.destroyForcibly().waitFor();
        }
    }

    private void storm(List<Namespace> namespaces) throws Exception {
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            threads.add(Thread.ofPlatform().uncaughtExceptionHandler((_, failure) -> failures.add(failure))
                    .start(() -> spawn(namespaces)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
    }

    private void spawn(List<Namespace> namespaces) {
        for (int i = 0; i < SPAWNS; i++) {
            for (Namespace namespace : namespaces) {
                try (NamespaceProcess process = namespace.spawn(program.toString())) {
                    assertThat(process.waitFor()).isZero();
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    private static Process bystander(long jvm) throws IOException {
        return ChildJvm.of(Bystander.class, "" + jvm).asOrdinaryUser().start();
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    @Test
    void whereDumpableIsRestoredInSharedMemoryItTracesThatAndWithItTheJvm() throws Exception {
        Process naive = ChildJvm.of(NaiveStorm.class, program.toString()).start();
        Process bystander = bystander(naive.pid());
        try (BufferedReader output = reader(bystander)) {
            assertThat(output.readLine()).isEqualTo("ready");
            assertThat(output.readLine()).startsWith("traced ");
        } finally {
            bystander.destroyForcibly().waitFor();
            naive.destroyForcibly().waitFor();
        }
    }

    /** Spawns for ever what changes its ids in this JVM's memory, and makes up for the lost flag. */
    static final class NaiveStorm {
        static void main(String[] arguments) {
            try (Arena arena = Arena.ofConfined()) {
                long path = CStrings.allocate(arena, arguments[0]);
                while (true) {
                    NaiveSpawn.as(USER, path);
                }
            }
        }
    }
}
