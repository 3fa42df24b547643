package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.ffm.linux.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The environment that a command starts with, as the kernel has it. */
@ExtendWith(LeavesNothingBehind.class)
@Tag("slow-under-emulation") // starts many JVMs
class EnvironmentTest {

    /** {@code cat} changes nothing in its environment before it prints it. */
    private static final Command PRINT = Command.of("/bin/cat", "/proc/self/environ");

    @ParameterizedTest
    @EnumSource(Way.class)
    void theJvmsIsInherited(Way way) throws Exception {
        assertThat(variables(way, PRINT)).containsExactlyInAnyOrder(Proc.text(Proc.SELF, "environ").split("\0"));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aVariableIsSetOrReplacedAndTheOthersStay(Way way) throws Exception {
        Command command = PRINT.environment("FROM_THE_TEST", "größer=🚀").environment(Map.of("PATH", "/nowhere"));

        assertThat(variables(way, command)).hasSize(System.getenv().size() + 1)
                .contains("FROM_THE_TEST=größer=🚀", "PATH=/nowhere").doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aVariableIsRemoved(Way way) throws Exception {
        assertThat(variables(way, PRINT.environment("KEPT", "").withoutEnvironment("PATH")))
                .hasSize(System.getenv().size()).contains("KEPT=")
                .noneMatch(variable -> variable.startsWith("PATH="));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void anEmptyEnvironmentHoldsNothingButWhatIsSetAfterwards(Way way) throws Exception {
        assertThat(variables(way, PRINT.emptyEnvironment())).isEmpty();
        assertThat(variables(way, PRINT.environment("GONE", "1").emptyEnvironment().environment("A", "1")))
                .containsExactly("A=1");
    }

    @Test
    void aLargeEnvironmentArrives() throws Exception {
        String value = "x".repeat(100_000);

        assertThat(variables(Way.INIT, PRINT.emptyEnvironment().environment("LARGE", value).environment("B", "2")))
                .containsExactly("LARGE=" + value, "B=2");
    }

    @Test
    void whatIsNoTextIsInheritedByteForByte() throws Exception {
        byte[] output = ChildJvm.of(PrintInherited.class)
                .byScript("ODD=$(printf 'a\\377\\376=\\303\\050'); export ODD; exec \"$@\"").outputBytes();
        List<String> copies = Arrays.asList(new String(output, ISO_8859_1).split("--\n", -1));

        assertThat(copies).hasSize(3).allMatch(copy -> sorted(copy).equals(sorted(copies.getFirst())));
        assertThat(copies.getFirst().split("\0", -1)).contains("ODD=a\u00ff\u00fe=\u00c3(");
    }

    private static List<String> sorted(String environment) {
        return Arrays.stream(environment.split("\0", -1)).sorted().toList();
    }

    /** Prints the JVM's environment, that of a child, and that of a child with a change that is none. */
    static final class PrintInherited {
        static void main() throws Exception {
            System.out.write(Files.readAllBytes(Path.of("/proc/self/environ")));
            System.out.print("--\n");
            System.out.write(Namespace.builder().run(PRINT).orThrow().stdoutBytes());
            System.out.print("--\n");
            System.out.write(Namespace.builder().run(PRINT.withoutEnvironment("NOT_THERE")).orThrow().stdoutBytes());
            System.out.flush();
        }
    }

    @Test
    void anInheritedPathWhoseFoldersNameIsNoTextIsSearchedToo(@TempDir Path folder) throws Exception {
        String script = """
                dir="$1/$(printf 'f\\377')"; shift
                mkdir "$dir"; printf '#!/bin/sh\\necho found' > "$dir/odd-program"; chmod +x "$dir/odd-program"
                PATH="$dir:$PATH" "$@"; status=$?
                rm -r "$dir"; exit $status
                """;

        assertThat(ChildJvm.of(RunOddProgram.class).by("sh", "-c", script, "sh", folder.toString()).output())
                .isEqualTo("found\n");
    }

    /** Runs a program that is found in a folder whose name is not UTF-8. */
    static final class RunOddProgram {
        static void main() throws Exception {
            System.out.println(Child.says(Namespace.builder(), "odd-program"));
        }
    }

    private static List<String> variables(Way way, Command command) throws Exception {
        String text = new String(way.namespace().run(command).orThrow().stdoutBytes(), UTF_8);
        return text.isEmpty() ? List.of() : List.of(text.substring(0, text.length() - 1).split("\0", -1));
    }
}
