package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.Command;
import dev.namespaces.NamespaceException;
import dev.namespaces.Result;
import dev.namespaces.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Arguments and working directory. */
@ExtendWith(LeavesNothingBehind.class)
class ArgumentsTest {

    /** The kernel's limit for one string, its NUL included: execve(2). */
    private static final int LONGEST = 128 * 1024 - 1;

    @ParameterizedTest
    @EnumSource(Way.class)
    void everyArgumentArrivesAsItIs(Way way) throws Exception {
        List<String> arguments = List.of("", " ", "a b", "$HOME", "*", "'\"\\", "line\nline", "größer", "日本", "🚀",
                "-x",
                "\u007f\u0080\u07ff\u0800\uffff\ud83d\ude80");

        assertThat(argumentsOf(way, arguments)).isEqualTo(arguments);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void theProgramIsToldAnotherNameThanTheOneItIsFoundBy(Way way) throws Exception {
        Command command = Command.of("cat", "/proc/self/cmdline").argumentZero("-größer");

        assertThat(way.namespace().run(command).orThrow().stdout()).isEqualTo("-größer\0/proc/self/cmdline\0");
        assertThat(way.namespace().run(command.argumentZero("")).orThrow().stdout())
                .isEqualTo("\0/proc/self/cmdline\0");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void thereMayBeTenThousand(Way way) throws Exception {
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            arguments.add("argument " + i);
        }

        assertThat(argumentsOf(way, arguments)).isEqualTo(arguments);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void oneMayBeAsLongAsTheKernelTakesAndNoLonger(Way way) throws Exception {
        String longest = "x".repeat(LONGEST);

        assertThat(argumentsOf(way, List.of(longest))).containsExactly(longest);
        assertTooLong(way, List.of(longest + "x"));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void allTogetherMayBeAsLongAsTheKernelTakesAndNoLonger(Way way) throws Exception {
        long limit = limitOfAll();
        int slack = 64 * 1024;
        for (String variable : System.getenv().values()) {
            limit -= variable.length();
        }

        assertThat(way.namespace().run(Command.of(arguments((int) limit - slack))).exitValue()).isZero();
        assertTooLong(way, arguments((int) limitOfAll() + slack));
    }

    /** A command that does nothing, with arguments of so many bytes. */
    private static List<String> arguments(int bytes) {
        List<String> arguments = new ArrayList<>(List.of("true"));
        int each = 100_000;
        arguments.addAll(Collections.nCopies(bytes / each, "x".repeat(each)));
        arguments.add("x".repeat(bytes % each));
        return arguments;
    }

    /** A quarter of the limit of the stack, but no more than 6 MiB: execve(2). */
    private static long limitOfAll() throws IOException {
        String stack = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max stack size")).findFirst().orElseThrow().split("\\s{2,}", -1)[1];
        long most = 6 << 20;
        return stack.equals("unlimited") ? most : Math.min(most, Long.parseLong(stack) / 4);
    }

    private static void assertTooLong(Way way, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("true"));
        command.addAll(arguments);
        assertThatExceptionOfType(NamespaceException.class)
                .isThrownBy(() -> way.namespace().spawn(Command.of(command))).satisfies(e -> {
                    assertThat(e.step()).isEqualTo(Step.EXECUTE);
                    assertThat(e.errnoName()).isEqualTo("E2BIG");
                    assertThat(e.remedy()).hasValueSatisfying(
                            remedy -> assertThat(remedy).contains("128 KiB", "stack limit"));
                });
    }

    // ---- working directory

    @ParameterizedTest
    @EnumSource(Way.class)
    void theWorkingDirectoryIsTheJvmsUnlessAnotherIsChosen(Way way, @TempDir Path folder) throws Exception {
        String[] pwd = {"readlink", "/proc/self/cwd"};

        assertThat(Child.says(way.builder(), pwd)).isEqualTo(Path.of("/proc/self/cwd").toRealPath().toString());
        assertThat(Child.says(way.builder(), Command.of(List.of(pwd)).directory(folder.toString())))
                .isEqualTo(folder.toRealPath().toString());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void theWorkingDirectoryNeedNotBeAscii(Way way, @TempDir Path folder) throws Exception {
        Path umlauts = Files.createDirectory(folder.resolve("Größe 🚀"));

        assertThat(Child.says(way.builder(), Command.of("readlink", "/proc/self/cwd").directory(umlauts.toString())))
                .isEqualTo(umlauts.toRealPath().toString());
    }

    /** What printf(1) says of its arguments, NUL behind each. */
    private static List<String> argumentsOf(Way way, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("printf", "%s\\0"));
        command.addAll(arguments);
        String output = way.namespace().run(Command.of(command)).orThrow().stdout();
        return List.of(output.substring(0, output.length() - 1).split("\0", -1));
    }
}
