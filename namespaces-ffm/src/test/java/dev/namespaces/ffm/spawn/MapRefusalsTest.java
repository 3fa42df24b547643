package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.ffm.linux.OrdinaryUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Hosts on which an ordinary user gets no maps, for one reason or another: each refusal says what to change, and leaves nothing behind. */
@ExtendWith(LeavesNothingBehind.class)
@Tag("slow-under-emulation") // starts JVMs
class MapRefusalsTest {

    private static final String NEWUIDMAP = "/usr/bin/newuidmap";
    private static final String NEWGIDMAP = "/usr/bin/newgidmap";

    @TempDir
    Path folder;

    @BeforeEach
    void needRoot() throws IOException {
        assumeFalse(OrdinaryUser.isSelf(), "needs root, to change the host's files for another user");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Accounts accounts() throws IOException {
        return Accounts.in(folder);
    }

    private static String outcome(Accounts accounts, String... how) throws Exception {
        return accounts.jvm(Tries.class, how).output();
    }

    /** Tries to map subordinate ids, or the range that it is given, and prints what comes of it and what is left. */
    static final class Tries {
        static void main(String[] arguments) throws Exception {
            NamespaceBuilder builder = Namespace.builder().user(user -> {
                if (arguments.length == 0) {
                    user.mapSubordinate();
                } else {
                    user.map(Long.parseLong(arguments[0]), Long.parseLong(arguments[1]), Long.parseLong(arguments[2]));
                }
            });
            int before = descriptors();
            try {
                builder.runAs(0, 0).run("true");
                System.out.println(Attempt.STARTED);
            } catch (NamespaceException e) {
                System.out.println(e.step() + " " + e.getMessage());
            }
            List<Long> children = Proc.children(Proc.SELF);
            if (!children.isEmpty() || descriptors() > before + 2) { // the watcher and /dev/null may be new
                System.out.println("left: " + children + " " + Proc.descriptors(Proc.SELF));
            }
        }

        private static int descriptors() throws IOException {
            return (int) Proc.descriptors(Proc.SELF).values().stream()
                    .filter(target -> target.startsWith("pipe:") || target.startsWith("/memfd:program")).count();
        }
    }

    @Test
    void withNothingWrongItStarts() throws Exception {
        assertThat(outcome(accounts())).isEqualTo("started\n");
        assertThat(outcome(accounts(), "0", "20000", "10000")).isEqualTo("started\n");
    }

    @Test
    void idsThatAreNotGrantedAreRefused() throws Exception {
        for (String first : Set.of("0", "19999", "20001", "299999", "300001")) {
            String count = first.equals("299999") || first.equals("300001") ? "65536" : "10000";

            assertThat(outcome(accounts(), "0", first, count)).startsWith("MAP_IDS ").contains("\"0 " + first,
                    "/etc/subuid grants [300000-365535, 20000-29999] to ordinary", "usermod --add-subuids " + first)
                    .doesNotContain("left");
        }
    }

    @Test
    void aLineThatIsNotUnderstoodIsRefusedAndNotReadAsAnother() throws Exception {
        assertThat(outcome(accounts().file("/etc/subuid", "ordinary:300000:65536\nordinary:0x0:10\n", "rw-r--r--")))
                .startsWith("MAP_IDS ").contains("line 2 of /etc/subuid is not understood: \"ordinary:0x0:10\"")
                .doesNotContain("left");
        assertThat(outcome(accounts().file("/etc/subgid", "ordinary:300000\n", "rw-r--r--"))).startsWith("MAP_IDS ")
                .contains("line 1 of /etc/subgid is not understood");
    }

    @Test
    void whoeverIsGrantedNothingIsToldWhatToDo() throws Exception {
        assertThat(outcome(accounts().file("/etc/subgid", "somebody:100000:65536\n", "rw-r--r--")))
                .startsWith("MAP_IDS ")
                .contains("/etc/subgid grants nothing to ordinary", "usermod --add-subgids 165536-231071 ordinary")
                .doesNotContain("left");
    }

    @Test
    void withoutTheHelperNothingIsStarted() throws Exception {
        assertThat(outcome(accounts().file(NEWUIDMAP, "", "rw-r--r--"))).startsWith("MAP_IDS ")
                .contains("without " + NEWUIDMAP, "ENOENT", "uidmap").doesNotContain("left");
        assertThat(outcome(accounts().file(NEWGIDMAP, "", "rw-r--r--"))).startsWith("MAP_IDS ")
                .contains("without " + NEWGIDMAP).doesNotContain("left");
    }

    @Test
    void aHelperThatIsNotSetuidIsFoundOut() throws Exception {
        Path copy = Files.copy(Path.of(NEWGIDMAP), folder.resolve("copy"));
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(outcome(accounts().file(NEWGIDMAP, copy))).startsWith("MAP_IDS ")
                .contains(NEWGIDMAP + ", which ended with 1 and said \"newgidmap: ", "neither setuid root")
                .doesNotContain("left");
    }

    @Test
    void theWordsOfAHelperThatFailsAreInTheMessage() throws Exception {
        String helper = "#!/bin/sh\necho it rains >&2; echo \"$#: $1 $2 $3 $4\" | sed 's/ [0-9]* / PID /'; env; exit 3\n";

        assertThat(outcome(accounts().file(NEWUIDMAP, helper, "rwxr-xr-x"), "0", "300000", "10"))
                .startsWith("MAP_IDS ").contains("ended with 3 and said \"it rains 4: PID 0 300000 10 ")
                .doesNotContain("left").doesNotContain("PATH=/usr/local").doesNotContain("HOME=");
    }

    @Test
    void underNoNewPrivilegesTheHelperHasNoEffectAndTheRemedySaysSo() throws Exception {
        assertThat(accounts().jvm(Tries.class).by("setpriv", "--no-new-privs", "--").output()).startsWith("MAP_IDS ")
                .contains("no_new_privs").doesNotContain("left");
    }

    // ---- at the gate

    @Test
    void whenTheJvmDiesWhileStageTwoWaitsStageTwoEndsToo() throws Exception {
        String helper = "#!/bin/sh\nread line < " + folder + "/fifo\n";
        new ProcessBuilder("mkfifo", "-m", "666", folder.resolve("fifo").toString()).start().waitFor();
        Process jvm = accounts().file(NEWUIDMAP, helper, "rwxr-xr-x").jvm(Tries.class).start();
        List<Long> children = Await.value("the helper and stage 2", () -> Proc.children(jvm.pid()),
                list -> list.size() == 2
                        && list.stream().anyMatch(pid -> Proc.statOf(pid).name().equals("newuidmap")));
        long helperPid = children.stream().filter(pid -> Proc.statOf(pid).name().equals("newuidmap")).findFirst()
                .orElseThrow();
        long stageTwo = children.stream().filter(pid -> pid != helperPid).findFirst().orElseThrow();
        assertThat(Proc.isAlive(stageTwo)).isTrue();
        jvm.destroyForcibly().waitFor();

        Await.until("stage 2 to end", () -> !Proc.isAlive(stageTwo));
        Files.writeString(folder.resolve("fifo"), "go on\n");
        Await.until("the helper to end", () -> !Proc.isAlive(helperPid));
    }
}
