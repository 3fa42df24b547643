package dev.namespaces.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.examples.NsProcess.Ended;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From options to the plan and the bwrap command line, as {@code --explain} prints both. */
class MountOptionsTest {

    private static final String EMPTY = "root: empty, in memory; the command starts in / unless told otherwise";
    private static final String BELOW = " of the host, with what is mounted below it ";

    @Test
    void mountsAreMadeInTheOrderGivenInAnEmptyRoot() {
        assertThat(
                mounts("--ro-bind /usr /usr --symlink usr/bin /bin --tmpfs /tmp --proc /proc --dev /dev --bind /srv /w"
                        + " --chmod 0555 /w --remount-ro /"))
                .containsExactly(EMPTY, "propagation of all mounts: private",
                        "/usr: /usr" + BELOW + "(read-only, nosuid, nodev)", "/bin: a symbolic link to usr/bin",
                        "/tmp: an empty file system in memory, permissions 0755 (nosuid, nodev)",
                        "/proc: proc, the processes of the pid namespace",
                        "/dev: harmless devices, and pseudo-terminals of its own",
                        "/w: /srv" + BELOW + "(nosuid, nodev)",
                        "/w: permissions 0555", "/: from here on read-only, without what is mounted below");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--bind-try /a /b | /b: /a%s(nosuid, nodev), unless it is missing",
            "--ro-bind-try /a /b | /b: /a%s(read-only, nosuid, nodev), unless it is missing",
            "--dev-bind /a /b | /b: /a%s(nosuid)", "--dev-bind-try /a /b | /b: /a%s(nosuid), unless it is missing",
            "--mqueue /q | /q: mqueue, the message queues of the IPC namespace",
            "--dir /d | /d: a directory, if it is missing with permissions 0755",
            "--perms 0700 --dir /d | /d: a directory, if it is missing with permissions 0700",
            "--perms 1777 --size 4096 --tmpfs /t | /t: an empty file system in memory, of 4096 bytes, permissions 1777 (nosuid, nodev)",
            "--size 4096 --perms 0 --tmpfs /t | /t: an empty file system in memory, of 4096 bytes, permissions 0000 (nosuid, nodev)",
            "--overlay-src /low --overlay-src /top --tmp-overlay /o | /o: an overlay of /top over /low, what is written kept in memory",
            "--overlay-src /low --overlay-src /top --ro-overlay /o | /o: a read-only overlay of /top over /low",
            "--overlay-src /low --overlay /up /no/work /o | /o: an overlay of /low, what is written kept in /up (work directory /no/work)"})
    void everyOptionIsAStepAsBubblewrapHasIt(String option, String step) {
        assertThat(mounts(option)).startsWith(EMPTY).endsWith(step.formatted(BELOW)).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--bind /a /b", "--bind-try /a /b", "--ro-bind /a /b", "--ro-bind-try /a /b",
            "--dev-bind /a /b", "--dev-bind-try /a /b", "--tmpfs /t", "--perms 1777 --size 9 --tmpfs /t", "--proc /p",
            "--dev /d", "--mqueue /q", "--dir /d", "--perms 0700 --dir /d", "--symlink a /b", "--chmod 0755 /b",
            "--remount-ro /", "--overlay-src /l --overlay /up /work /o", "--overlay-src /l --tmp-overlay /o",
            "--overlay-src /l --overlay-src /m --ro-overlay /o"})
    void theBwrapLineHasTheOptionsThatWereGiven(String options) {
        String line = bwrap(options).replace(" \\\n    ", " ");
        assertThat(line).startsWith("bwrap ").endsWith(" --chdir / " + options + " -- \"$@\"\n");
    }

    @Test
    void aRootIsADirectoryOrTheFirstBindOverTheRoot() {
        assertThat(mounts("--root /r --proc /proc")).startsWith(
                "root: /r" + BELOW + "(nodev); the command starts in / unless told otherwise");
        assertThat(mounts("--bind /r / --proc /proc")).isEqualTo(mounts("--root /r --proc /proc"));
        assertThat(mounts("--ro-bind /r / --dev /dev")).first().asString().startsWith(
                "root: /r" + BELOW + "(read-only, nodev);");
        assertThat(mounts("--dev-bind / /")).first().asString().startsWith(
                "root: / of the host, with what is mounted below it;");
        assertThat(refusal("run --tmpfs /t --bind /r / true")).contains("nothing can be mounted over the root");
        assertThat(refusal("run --root /r --bind /s / true")).contains("nothing can be mounted over the root");
        assertThat(refusal("run --root /r --root /s true")).contains("there can be one root only");
    }

    @Test
    void withoutMountOptionsTheRootIsTheHosts() {
        assertThat(plan("--all")).contains("root: the host's").doesNotContain(EMPTY);
        assertThat(plan("--unshare-user")).containsExactly("new namespaces: user",
                "the JVM's user and group are root inside");
    }

    @Test
    void aMountOptionImpliesTheMountNamespaceAndForAnOrdinaryUserTheUserNamespace() throws Exception {
        boolean root = new String(new ProcessBuilder("id", "-u").start().getInputStream().readAllBytes(),
                StandardCharsets.US_ASCII).equals("0\n");

        assertThat(plan("--tmpfs /t").subList(0, 2)).isEqualTo(root
                ? List.of("new namespaces: mount", EMPTY)
                : List.of("new namespaces: mount, user", "the JVM's user and group keep their ids"));
        assertThat(plan("--unshare-user --tmpfs /t").subList(0, 2)).containsExactly("new namespaces: mount, user",
                "the JVM's user and group are root inside");
    }

    @Test
    void relativeSourcesAreThoseOfTheWorkingDirectory() {
        assertThat(mounts("--bind sub /s")).endsWith(
                "/s: " + Path.of("sub").toAbsolutePath() + BELOW + "(nosuid, nodev)");
    }

    @Test
    void contentComesFromDescriptors(@TempDir Path directory) throws Exception {
        Path three = Files.writeString(directory.resolve("three"), "abc");
        Path empty = Files.writeString(directory.resolve("empty"), "");
        Ended ended = shell("exec \"$@\" 7< " + three + " 8< " + empty, "run", "--unshare-user", "--file", "7", "/a",
                "--bind-data", "8", "/b", "--perms", "0444", "--ro-bind-data", "7", "/c", "--explain", "--", "true");

        assertThat(steps(ended.stdout())).endsWith("/a: a new file of 3 bytes, permissions 0666",
                "/b: a file in memory of 0 bytes, permissions 0600",
                "/c: a file in memory of 3 bytes, permissions 0444 (read-only)");
    }

    @Test
    void aDescriptorsFileIsBoundByItsPath(@TempDir Path directory) throws Exception {
        Path real = directory.toRealPath();
        Ended ended = shell("exec \"$@\" 7< " + directory, "run", "--unshare-user", "--bind-fd", "7", "/a",
                "--ro-bind-fd", "7", "/b", "--explain", "--", "true");

        assertThat(steps(ended.stdout())).satisfiesOnlyOnce(
                line -> assertThat(line).startsWith("/a: " + real + BELOW + "(nosuid, nodev), if that is still inode "))
                .satisfiesOnlyOnce(line -> assertThat(line)
                        .startsWith("/b: " + real + BELOW + "(read-only, nosuid, nodev), if that is still inode "));
    }

    @Test
    void argumentsAreSplicedInFromADescriptor() throws Exception {
        Ended ended = shell("printf '%s\\0' --tmpfs /ä --symlink --perms /x --perms 0700 | \"$@\"", "run",
                "--unshare-user", "--args", "0", "--dir", "/y", "--explain", "--", "true");

        assertThat(ended.stderr()).isEmpty();
        assertThat(steps(ended.stdout())).endsWith(
                "/ä: an empty file system in memory, permissions 0755 (nosuid, nodev)",
                "/x: a symbolic link to --perms", "/y: a directory, if it is missing with permissions 0700");
    }

    @Test
    void theCommandMayComeFromADescriptorToo() throws Exception {
        assertThat(shell("printf '%s\\0' -- printf '<%s>' '' --all | \"$@\"", "run", "--args", "0", "end").stdout())
                .isEqualTo("<><--all><end>");
        assertThat(shell("printf '' | \"$@\"", "run", "--args", "0", "echo", "nothing").stdout())
                .isEqualTo("nothing\n");
        assertThat(shell("printf 'echo\\0unended' | \"$@\"", "run", "--args", "0").stdout()).isEqualTo("unended\n");
    }

    @Test
    void theProgramIsToldItsName() throws Exception {
        assertThat(NsProcess.run("run", "--argv0", "-sh", "--", "sh", "-c", "echo $0").stdout()).isEqualTo("-sh\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--bind /a | --bind needs SRC DEST",
            "--overlay-src /l --overlay /a /b | --overlay needs RWSRC WORKDIR DEST", "--tmpfs | --tmpfs needs DEST",
            "--args | --args needs FD", "--tmpfs relative true | path inside must be absolute",
            "--tmpfs /a/../b true | must not contain", "--perms 0700 --bind /a /b true | --perms must be followed by",
            "--perms 0700 true | --perms must be followed by",
            "--size 9 --dir /d true | --size must be followed by --tmpfs",
            "--perms 0700 --perms 0700 --dir /d true | --perms twice",
            "--size 1 --size 1 --tmpfs /d true | --size twice",
            "--overlay-src /l --tmpfs /t true | --overlay-src must be followed by",
            "--overlay-src /l true | --overlay-src must be followed by", "--tmp-overlay /t true | at least 1",
            "--overlay-src /l --ro-overlay /t true | at least 2", "--size x --tmpfs /t true | not a size in bytes: x",
            "--size 0 --tmpfs /t true | size must be positive", "--chmod 0888 /t true | not permissions in octal: 0888",
            "--chmod 10000 /t true | permissions must lie between",
            "--file x /t true | not the number of a descriptor: x",
            "--file -1 /t true | not the number of a descriptor: -1",
            "--file 1000000 /t true | descriptor 1000000 is not open",
            "--bind-fd 1000000 /t true | descriptor 1000000 is not open",
            "--args 1000000 true | descriptor 1000000 is not open",
            "--unshare-user --proc /proc true | proc needs a pid namespace of its own",
            "--unshare-user --mqueue /q true | mqueue needs an IPC namespace of its own"})
    void wrongUseIsOneLineThatSaysWhatIsWrong(String arguments, String reason) {
        assertThat(refusal("run " + arguments)).contains(reason);
    }

    private static String refusal(String arguments) {
        StringWriter err = new StringWriter();
        int exitCode = Ns.commandLine().setErr(new PrintWriter(err)).execute(arguments.split(" ", -1));
        assertThat(exitCode).isEqualTo(125);
        assertThat(err.toString().lines()).singleElement().asString().startsWith("ns: ");
        return err.toString();
    }

    /** What the plan says of the root and the mounts, the last being those of the options. */
    private static List<String> mounts(String options) {
        List<String> plan = plan("--unshare-user --unshare-pid --unshare-ipc " + options);
        return plan.subList(2, plan.size() - 1);
    }

    private static List<String> plan(String options) {
        return steps(explained(options));
    }

    private static List<String> steps(String explained) {
        return explained.lines().filter(line -> line.startsWith("  - ")).map(line -> line.substring(4)).toList();
    }

    private static String bwrap(String options) {
        String text = explained("--unshare-user --unshare-pid --unshare-ipc " + options);
        return text.substring(text.indexOf("\nbwrap ") + 1, text.indexOf("\nThe system calls:"));
    }

    private static String explained(String options) {
        StringWriter out = new StringWriter();
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(Arrays.asList(options.split(" ", -1)));
        arguments.addAll(List.of("--explain", "--", "true"));
        assertThat(Ns.commandLine().setOut(new PrintWriter(out)).execute(arguments.toArray(String[]::new))).isZero();
        return out.toString();
    }

    private static Ended shell(String script, String... arguments) throws Exception {
        return NsProcess.end(NsProcess.startUnder(List.of("sh", "-c", script, "sh"), arguments), "");
    }
}
