package dev.namespaces.ffm.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs that tests compare with: compilers, binutils. */
public final class Tool {

    private static final Map<String, String> TRIPLES = Map.of("amd64", "x86_64-linux-gnu-", "aarch64",
            "aarch64-linux-gnu-");

    private Tool() {}

    /** Finds a program, or skips the test. */
    public static Path find(String name) {
        return require(name, search(name));
    }

    /** Finds the compiler or the part of binutils that works for an architecture, or skips the test. */
    static Path find(String name, Abi abi) {
        String crossName = TRIPLES.get(abi.name()) + (name.equals("cc") ? "gcc" : name);
        return require(crossName, search(crossName).or(() -> isHost(abi) ? search(name) : Optional.empty()));
    }

    static boolean isHost(Abi abi) {
        return Abi.of(System.getProperty("os.arch")).equals(Optional.of(abi));
    }

    private static Path require(String name, Optional<Path> found) {
        assumeTrue(found.isPresent(), name + " is not installed");
        return found.orElseThrow();
    }

    private static Optional<Path> search(String name) {
        return Stream.of(System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name)).filter(Files::isExecutable).findFirst();
    }

    /** Runs a program, which must succeed, in the C locale, and returns what it printed. */
    public static String run(Object... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Stream.of(command).map(Object::toString).toList());
        builder.environment().put("LC_ALL", "C");
        return output(builder, 0);
    }

    /** Runs a program that must exit with a certain value, and returns what it printed. */
    public static String output(ProcessBuilder builder, int exitValue) throws IOException {
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(exitValue(process)).as("%s printed: %s", List.copyOf(builder.command()), output)
                .isEqualTo(exitValue);
        return output;
    }

    private static int exitValue(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
