package dev.namespaces.benchmarks;

import dev.namespaces.benchmarks.Contest.Side;
import dev.namespaces.benchmarks.Contest.Stopwatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares spawns into a {@linkplain SandboxedProgram root file system of their own}, from the start until the program has ended, with a program in C
 * that makes the same system calls ({@code floor.c}) and with {@code bwrap} started by {@link ProcessBuilder}; prints a Markdown table.
 *
 * <p>
 * The program is {@code /bin/true}, or one without libc that ends at once ({@code exit0.c}), which leaves the time to the sandbox. There are new
 * namespaces of those kinds alone that a root takes, user, pid and mount, or of all kinds that {@code bwrap} knows. A network namespace
 * costs the kernel about as much as the root does, whoever asks for it.
 *
 * <p>
 * In the child, C and the library make the same calls in the same order. In the parent, the library also registers the child with its epoll, which
 * wakes a second thread at the end, and waits by ppoll(2) before it reaps. There is no init in C, so where the program is not PID 1, only
 * {@code bwrap} is compared with. That is a program itself, of which a process stays outside; it reads the list of mounts to set flags one by one, and
 * pivots twice. It is told what the library is told: the same namespaces, ids, host name, mounts and order; both set {@code no_new_privs}.
 *
 * <p>
 * {@code java --enable-native-access=ALL-UNNAMED -cp benchmarks.jar dev.namespaces.benchmarks.RootComparison} and {@link Options}. Takes {@code cc}
 * and {@code bwrap}.
 */
public final class RootComparison {

    private static final String STATIC_PROGRAM = "/opt/exit0";
    private static final double GOAL_BESIDE_C = 1.2;
    private static final double GOAL_BESIDE_BWRAP = 1.0 / 3;

    private RootComparison() {}

    public static void main(String... args) throws IOException, InterruptedException {
        Options options = Options.of(args);
        require("cc", "gcc libc6-dev");
        require("bwrap", "bubblewrap");
        boolean tolerable;
        try (TemporaryDirectory directory = TemporaryDirectory.make()) {
            tolerable = compare(options, directory.path());
        }
        System.exit(tolerable ? 0 : 1);
    }

    /** Ends this JVM, with the reason, if a program is missing that a comparison takes. */
    static void require(String program, String packages) {
        boolean found = List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!found) {
            System.err.println("This comparison takes " + program + ", which is not in PATH (Debian: apt install "
                    + packages + ").");
            System.exit(2);
        }
    }

    private static boolean compare(Options options, Path directory) throws IOException, InterruptedException {
        Path programs = Files.createDirectory(directory.resolve("programs"));
        Path work = Files.createDirectory(directory.resolve("work"));
        CFloor.compile("exit0.c", programs.resolve(Path.of(STATIC_PROGRAM).getFileName()), "-static",
                "-nostdlib");
        Path floor = CFloor.compile("floor.c", directory.resolve("floor"));
        List<Contest> contests = new ArrayList<>();
        List<CFloor> running = new ArrayList<>();
        try {
            for (SandboxedProgram sandbox : List.of(
                    SandboxedProgram.of(STATIC_PROGRAM, false, programs, work),
                    SandboxedProgram.of(Spawn.PROGRAM, false, programs, work),
                    SandboxedProgram.of(Spawn.PROGRAM, true, programs, work))) {
                CFloor inC = CFloor.start(floor, sandbox.arguments());
                running.add(inC);
                contests.addAll(contests(sandbox, inC));
            }
            return new Table(options).compare(contests);
        } finally {
            for (CFloor inC : running) {
                inC.close();
            }
        }
    }

    private static List<Contest> contests(SandboxedProgram sandbox, CFloor inC) {
        String name = (sandbox.program().equals(STATIC_PROGRAM) ? "a program without libc" : sandbox.program())
                + (sandbox.allKinds() ? ", all kinds" : "");
        Side asPid1 = new Side(name + ", as PID 1", Stopwatch.of(sandbox.asPid1()));
        Side underInit = new Side(name + ", under the init", Stopwatch.of(sandbox.underInit()));
        return List.of(
                new Contest(new Side("C", inC), asPid1, GOAL_BESIDE_C),
                new Contest(new Side("`bwrap --as-pid-1`", Stopwatch.of(sandbox.bwrapAsPid1())), asPid1,
                        GOAL_BESIDE_BWRAP),
                new Contest(new Side("`bwrap`", Stopwatch.of(sandbox.bwrapUnderInit())), underInit,
                        GOAL_BESIDE_BWRAP));
    }
}
