package dev.namespaces.benchmarks;

import dev.namespaces.benchmarks.report.Goal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** S4, a {@linkplain SandboxedProgram sandbox} with a root of its own; and S5, the same with a new network namespace. */
final class FullSandbox implements Scenario {

    private static final Goal BESIDE_C = Goal.atMost(1.05);
    private static final Goal BESIDE_BWRAP = Goal.atMost(0.25);
    private static final Goal BESIDE_RUNC = Goal.atMost(0.05);
    private static final String STATIC_PROGRAM = "/opt/exit";
    private static final int CONTESTS = 11;
    private static final int CONTESTS_WITH_NETWORK = 8;

    private final boolean network;

    FullSandbox(boolean network) {
        this.network = network;
    }

    @Override
    public String id() {
        return network ? "S5" : "S4";
    }

    @Override
    public String title() {
        return network ? "the sandbox with a new network namespace" : "full sandbox without network";
    }

    @Override
    public Duration planned(Effort effort) {
        return effort.contest().multipliedBy(network ? CONTESTS_WITH_NETWORK : CONTESTS);
    }

    @Override
    public void run(Workbench bench) throws IOException, InterruptedException {
        besideC(bench, "a static program", sandbox(bench, STATIC_PROGRAM, network));
        SandboxedProgram sandbox = sandbox(bench, Spawn.PROGRAM, network);
        besideC(bench, Spawn.PROGRAM, sandbox);
        Side asPid1 = Side.of(sandbox.asPid1(), Endpoint.EXIT_SEEN);
        Side underInit = Side.of(sandbox.underInit(), Endpoint.EXIT_SEEN);
        Goal goal = network ? null : BESIDE_BWRAP;
        bench.holdBeside(new Peer("bwrap", sandbox.bwrap("--as-pid-1"), ""), Spawn.PROGRAM + ", as PID 1", asPid1,
                goal);
        bench.holdBeside(new Peer("bwrap", sandbox.bwrap(), ""), Spawn.PROGRAM + ", under the init", underInit, goal);
        if (!network) {
            Path bundle = bundle(sandbox, Files.createDirectory(bench.programs().directory().resolve("bundle")));
            bench.holdBeside(oci("runc", bundle), Spawn.PROGRAM + ", as PID 1", asPid1, BESIDE_RUNC);
            bench.holdBeside(oci("crun", bundle), Spawn.PROGRAM + ", as PID 1", asPid1, null);
            bench.holdBeside(firejail(), Spawn.PROGRAM + ", under the init", underInit, null);
        }
    }

    /** The sandbox, whose {@code /opt} holds the programs without libc. */
    static SandboxedProgram sandbox(Workbench bench, String program, boolean network)
            throws IOException, InterruptedException {
        bench.programs().exit();
        Path programs = bench.programs().directory();
        return SandboxedProgram.of(program, network, programs, programs);
    }

    private static void besideC(Workbench bench, String what, SandboxedProgram sandbox)
            throws IOException, InterruptedException {
        Side inC = bench.floor(Endpoint.EXIT_SEEN, sandbox.floor());
        Side ours = Side.of(sandbox.asPid1(), Endpoint.EXIT_SEEN);
        for (Rhythm rhythm : Rhythm.values()) {
            bench.hold(Contest.of(what + ", as PID 1", Endpoint.EXIT_SEEN, "C", inC, ours).at(rhythm).to(BESIDE_C));
        }
        bench.hold(Contest.of(what + ", as PID 1", Endpoint.EXEC_DONE, "C",
                bench.floor(Endpoint.EXEC_DONE, sandbox.floor()), Side.of(sandbox.asPid1(), Endpoint.EXEC_DONE)));
    }

    private static Peer oci(String runtime, Path bundle) {
        return new Peer(runtime, List.of(runtime, "run", "--bundle", bundle.toString(),
                "benchmark-" + ProcessHandle.current().pid()),
                runtime
                        + " makes control groups too; its root is a directory, and its /dev has fewer devices");
    }

    private static Peer firejail() {
        return new Peer("firejail", List.of("firejail", "--quiet", "--noprofile", "--private-dev", "--private-tmp",
                "--ipc-namespace", "--hostname=box", "--", Spawn.PROGRAM),
                "firejail makes no user namespace, keeps the host's root and covers some of its folders");
    }

    private static Path bundle(SandboxedProgram sandbox, Path bundle) throws IOException {
        Files.createDirectories(bundle.resolve("rootfs"));
        Files.writeString(bundle.resolve("config.json"), sandbox.ociConfig());
        return bundle;
    }
}
