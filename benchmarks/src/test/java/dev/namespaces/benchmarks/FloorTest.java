package dev.namespaces.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.namespaces.PidConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in C does what it is compared for. */
class FloorTest {

    private static final long THROUGHPUT = 1;
    private static final long OPEN_LOOP = 2;

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void requireCompiler() {
        assumeTrue(Peer.installed("cc"), "takes cc");
    }

    @Test
    void theProgramRunsInTheNamespacesThatAreAskedFor() throws IOException, InterruptedException {
        List<String> lines = run(List.of("--unshare-user", "--unshare-pid", "--unshare-mount", "--unshare-net",
                "--unshare-ipc", "--unshare-cgroup", "--unshare-uts"), "/bin/sh", "-c",
                "echo $$; id -u; for kind in user pid mnt net ipc cgroup uts; do readlink /proc/self/ns/$kind; done");
        assertThat(lines).startsWith("1", "0").hasSize(9);
        for (String namespace : lines.subList(2, lines.size())) {
            Path here = Path.of("/proc/self/ns", namespace.substring(0, namespace.indexOf(':')));
            assertThat(namespace).isNotEqualTo(Files.readSymbolicLink(here).toString());
        }
    }

    @Test
    void theSandboxIsTheLibrarys() throws IOException, InterruptedException {
        Path script = directory.resolve("look");
        Files.writeString(script,
                """
                        #!/bin/sh
                        while read -r id parent device root point options rest; do echo "$root $point $options"; done < /proc/self/mountinfo
                        grep -E '^(NoNewPrivs|CapEff|NSpid)' /proc/self/status
                        hostname; ls -lR /dev | sed 's/ [A-Z][a-z][a-z] .* / /'; umask; pwd
                        """);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        SandboxedProgram sandbox = SandboxedProgram.of("/opt/look", true, directory, directory);
        List<String> words = sandbox.floor();
        assertThat(run(words.subList(0, words.indexOf("--")), "/opt/look")).isEqualTo(
                sandbox.builder().pid(PidConfig::asPid1).run("/opt/look").orThrow().stdout().lines().toList());
    }

    /** What it has written to standard output. */
    private List<String> run(List<String> words, String... command) throws IOException, InterruptedException {
        Path output = Files.createFile(directory.resolve("output"));
        List<String> all = new ArrayList<>(List.of("--stdout", output.toString()));
        all.addAll(words);
        all.add("--");
        all.addAll(List.of(command));
        try (Helper floor = start(all)) {
            assertThat(floor.side(Endpoint.EXIT_SEEN.number()).nanos(1, Duration.ZERO)).hasSize(1);
        }
        return Files.readAllLines(output);
    }

    @Test
    void requestsAreAnswered() throws IOException, InterruptedException {
        try (Helper floor = start(List.of("--", Spawn.PROGRAM))) {
            assertThat(floor.side(Endpoint.EXIT_SEEN.number()).nanos(5, Duration.ofMillis(1))).hasSize(5)
                    .doesNotContain(0);
            assertThat(floor.ask(2, THROUGHPUT, 2, Duration.ofMillis(20).toNanos(), 0)).doesNotContain(0);
            assertThat(floor.ask(10, OPEN_LOOP, 10, 1000, 2)).hasSize(10).doesNotContain(0);
        }
    }

    @Test
    void theFirstInstructionIsBeforeTheEnd() throws IOException, InterruptedException {
        CPrograms programs = CPrograms.in(directory);
        Path output = Files.createFile(directory.resolve("stamps"));
        try (Helper floor = start(List.of("--stdout", output.toString(), "--", programs.stamp().toString()))) {
            long start = System.nanoTime();
            long[] nanos = floor.side(Endpoint.FIRST_INSTRUCTION.number()).nanos(1, Duration.ZERO);
            assertThat(nanos[0]).isPositive().isLessThan(System.nanoTime() - start);
        }
    }

    private Helper start(List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(CPrograms.in(directory).floor().toString()));
        command.addAll(words);
        return Helper.start(command);
    }
}
