package dev.namespaces.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.namespaces.examples.NsProcess.Ended;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SupervisorOptionsTest {

    @TempDir
    private Path folder;

    /** A line of JSON that is an object of whole numbers. */
    private static long childPid(String line) throws IOException {
        return Objects.requireNonNull(numbers(line).get("child-pid"), line);
    }

    private static Map<String, Long> numbers(String line) throws IOException {
        Map<String, Long> numbers = new HashMap<>();
        JSON.std.mapFrom(line).forEach((name, value) -> numbers.put(name, ((Number) value).longValue()));
        return numbers;
    }

    @Test
    void theStatusIsPidAndNewNamespacesThenTheExitCode() throws Exception {
        Process ns = under("\"$@\" 9> status", "run", "--unshare-user", "--unshare-net", "--json-status-fd", "9", "--",
                "sh", "-c", "echo $$; readlink /proc/self/ns/net /proc/self/ns/user; cat status; read line; exit 7");
        BufferedReader reader = ns.inputReader();
        Map<String, Long> expected = new HashMap<>();
        expected.put("child-pid", Long.parseLong(reader.readLine()));
        expected.put("net-namespace", number(reader.readLine()));
        expected.put("user-namespace", number(reader.readLine()));
        assertThat(numbers(reader.readLine())).isEqualTo(expected);

        assertThat(NsProcess.end(ns, "\n").exitCode()).isEqualTo(7);
        List<String> lines = Files.readAllLines(folder.resolve("status"));
        assertThat(lines).hasSize(2);
        assertThat(numbers(lines.getFirst())).isEqualTo(expected);
        assertThat(lines.getLast()).isEqualTo("{\"exit-code\":7}");
    }

    @Test
    void theInformationOfAQuickCommandIsWholeToo() throws Exception {
        Ended ended = NsProcess.end(
                under("exec \"$@\" 9>&1", "run", "--all", "--info-fd", "9", "--", "readlink", "/proc/self/ns/pid"), "");

        List<String> lines = ended.stdout().lines().toList();
        assertThat(lines).hasSize(2);
        Map<String, Long> info = numbers(lines.getFirst());
        assertThat(info.get("pid-namespace")).isEqualTo(number(lines.getLast()));
        assertThat(info.keySet()).containsExactlyInAnyOrder("child-pid", "cgroup-namespace", "ipc-namespace",
                "mnt-namespace", "net-namespace", "pid-namespace", "time-namespace", "user-namespace", "uts-namespace");
    }

    @Test
    void theStatusIsWrittenBehindWhatIsThere() throws Exception {
        Ended ended = NsProcess.end(under("echo first > status; \"$@\" 9>> status", "run", "--json-status-fd", "9",
                "true"), "");

        assertThat(ended.exitCode()).isZero();
        assertThat(Files.readAllLines(folder.resolve("status"))).hasSize(3).startsWith("first")
                .endsWith("{\"exit-code\":0}");
    }

    @Test
    void ifTheCommandNeverRunsThereIsNoExitCode() throws Exception {
        Ended ended = NsProcess.end(
                under("\"$@\" 9> status", "run", "--json-status-fd", "9", "--", "no-such-program"), "");

        assertThat(ended.exitCode()).isEqualTo(125);
        assertThat(Files.readString(folder.resolve("status"))).contains("child-pid").doesNotContain("exit-code");
    }

    /** The supervisor reads the pid, does something to the process, and lets it go on. */
    @ParameterizedTest
    @ValueSource(strings = {"echo >&8", "exec 8>&-"})
    void theCommandIsNotExecutedBeforeTheBlockIsLifted(String lift) throws Exception {
        Process ns = under(
                "mkfifo info block; exec 7<&0; \"$@\" 8< block 9> info & exec 8> block; read json < info; echo \"$json\";"
                        + " read line <&7; " + lift + "; wait $!",
                "run", "--unshare-user", "--info-fd", "9", "--block-fd", "8",
                "--", "sh", "-c", "echo $$; cat /proc/self/oom_score_adj");
        BufferedReader reader = ns.inputReader();
        long pid = childPid(reader.readLine());
        assertThat(Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "exe")).toString())
                .contains("namespaces-init");
        Files.writeString(Path.of("/proc", Long.toString(pid), "oom_score_adj"), "765");

        Ended ended = NsProcess.end(ns, "\n");

        assertThat(ended.stdout().lines()).containsExactly(Long.toString(pid), "765");
        assertThat(ended.exitCode()).isZero();
    }

    @Test
    void aBlockThatIsLiftedAlreadyBlocksNothing() throws Exception {
        Process ns = under(
                "mkfifo block; exec 8<> block; exec 7> block; exec 9< block; echo >&7; exec 7>&- 8>&-; exec \"$@\"",
                "run", "--block-fd", "9", "--", "echo", "ran");
        assertThat(NsProcess.end(ns, "").stdout()).isEqualTo("ran\n");
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130"})
    void aSignalWhileItIsBlockedEndsBoth(String signal, int exitCode) throws Exception {
        Process ns = under("mkfifo block; exec 8<> block; exec \"$@\" 9>&1", "run", "--info-fd", "9", "--block-fd", "8",
                "--", "echo", "ran");
        long pid = childPid(ns.inputReader().readLine());
        ProcessHandle child = ProcessHandle.of(pid).orElseThrow();

        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(ns.pid())).start().waitFor()).isZero();

        assertThat(ns.inputReader().readLine()).isNull();
        assertThat(ns.waitFor()).isEqualTo(exitCode);
        child.onExit().get();
    }

    @Test
    void aDescriptorIsKeptOpenWhileTheCommandRunsWhichDoesNotGetIt() throws Exception {
        Process ns = under("mkfifo fifo; (cat fifo; echo closed) & exec \"$@\" 9> fifo", "run", "--sync-fd", "9", "--",
                "sh", "-c", "ls /proc/self/fd | grep -x 9 || echo without; read line; echo end");
        BufferedReader reader = ns.inputReader();
        assertThat(reader.readLine()).isEqualTo("without");
        try (var writer = ns.outputWriter()) {
            writer.write("\n");
        }
        assertThat(reader.readLine()).isEqualTo("end");
        assertThat(reader.readLine()).isEqualTo("closed");
    }

    @Test
    void filesInsideAreLockedWhileTheCommandRuns() throws Exception {
        Path one = Files.createFile(folder.resolve("one"));
        Path two = Files.createFile(folder.resolve("two"));
        Process ns = NsProcess.start("run", "--unshare-user", "--ro-bind", "/", "/", "--tmpfs", "/mnt", "--bind",
                folder.toString(), "/mnt/inside", "--lock-file", "/mnt/inside/one", "--lock-file", "/mnt/inside/two",
                "--lock-file", "/mnt/inside/one", "--", "sh", "-c", "echo ready; read line");
        assertThat(ns.inputReader().readLine()).isEqualTo("ready");

        assertThat(isLocked(one)).isTrue();
        assertThat(isLocked(two)).isTrue();
        assertThat(NsProcess.run("run", "--lock-file", one.toString(), "true").exitCode()).isZero(); // it is shared

        assertThat(NsProcess.end(ns, "\n").exitCode()).isZero();
        assertThat(isLocked(one)).isFalse();
        assertThat(isLocked(two)).isFalse();
    }

    @Test
    void whereSomebodyElseHasTheLockAloneTheCommandIsNotExecuted() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE); FileLock _ = channel.lock()) {
            assertRefused(NsProcess.run("run", "--lock-file", file.toString(), "echo", "ran"),
                    "cannot lock " + file + ": somebody else has");
        }
    }

    @Test
    void noLinkLeadsToALockOutside() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Files.createSymbolicLink(folder.resolve("link"), file);
        Files.createSymbolicLink(folder.resolve("directory"), folder);
        for (String name : List.of("link", "directory/file", "missing")) {
            assertRefused(NsProcess.run("run", "--lock-file", folder.resolve(name).toString(), "echo", "ran"),
                    "cannot lock " + folder.resolve(name) + ": ");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--info-fd 1000000 true | descriptor 1000000 is not open",
            "--json-status-fd x true | not the number of a descriptor: x",
            "--block-fd 1000000 true | descriptor 1000000 is not open",
            "--sync-fd 1000000 true | descriptor 1000000 is not open",
            "--lock-file no/such/file true | must be absolute: no/such/file",
            "--lock-file / true | must be absolute: /"})
    void wrongUseIsOneLineThatSaysWhatIsWrong(String arguments, String reason) throws Exception {
        assertRefused(NsProcess.here(("run " + arguments).split(" ", -1)), reason);
    }

    @Test
    void noDescriptorOfTheJvmsOwnIsTakenForOneThatWasInherited() throws Exception {
        for (int descriptor = 3; descriptor < 10; descriptor++) {
            String close = "exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; exec \"$@\"";
            Ended ended = NsProcess.end(under(close, "run", "--info-fd", Integer.toString(descriptor), "echo", "ran"),
                    "");
            assertRefused(ended, "descriptor " + descriptor + " is not open");
        }
    }

    private Process under(String script, String... arguments) throws Exception {
        return NsProcess.startUnder(List.of("sh", "-c", "cd " + folder + "; " + script, "sh"), arguments);
    }

    private static boolean isLocked(Path file) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        }
    }

    private static long number(String link) {
        return Long.parseLong(link.substring(link.indexOf('[') + 1, link.length() - 1));
    }

    private static void assertRefused(Ended ended, String reason) {
        assertThat(ended.exitCode()).isEqualTo(125);
        assertThat(ended.stdout()).isEmpty();
        assertThat(ended.stderr().lines()).singleElement().asString().startsWith("ns: ").contains(reason);
    }
}
