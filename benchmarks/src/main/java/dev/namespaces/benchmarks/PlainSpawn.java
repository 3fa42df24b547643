package dev.namespaces.benchmarks;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.Stdio;
import dev.namespaces.benchmarks.report.Goal;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** S1: no new namespaces at all. */
final class PlainSpawn implements Scenario {

    private static final Goal BESIDE_C = Goal.atMost(1.03);
    private static final Goal BESIDE_JDK = Goal.atMost(0.4);
    private static final Goal BESIDE_NU_PROCESS = Goal.atMost(0.75);
    private static final int CONTESTS = 24;

    private final Namespace plain = Namespace.builder().build();

    @Override
    public String id() {
        return "S1";
    }

    @Override
    public String title() {
        return "plain spawn, without namespaces";
    }

    @Override
    public Duration planned(Effort effort) {
        return effort.contest().multipliedBy(CONTESTS);
    }

    @Override
    public void run(Workbench bench) throws IOException, InterruptedException {
        toTheEnd(bench, "a static program", bench.programs().exit().toString());
        toTheEnd(bench, Spawn.PROGRAM, Spawn.PROGRAM);
        toTheExec(bench, bench.programs().exit().toString());
        toTheFirstInstruction(bench, bench.programs().stamp());
    }

    private void toTheEnd(Workbench bench, String what, String program) throws IOException, InterruptedException {
        Endpoint end = Endpoint.EXIT_SEEN;
        Side ours = Side.of(Spawn.namespace(plain, Streams.DISCARDED.connect(Command.of(program))), end);
        Side jdk = Side.of(Spawn.processBuilder(Streams.DISCARDED.connect(new ProcessBuilder(program))), end);
        Side nuProcess = Side.of(Spawn.nuProcess(program), end);
        Side inC = bench.floor(end, List.of("--", program));
        Side watching = bench.floor(end, List.of("--watch", "--", program));
        Side libc = bench.floor(end, List.of("--posix-spawn", "--", program));
        for (Rhythm rhythm : Rhythm.values()) {
            bench.hold(Contest.of(what, end, "C", inC, ours).at(rhythm).to(BESIDE_C));
            bench.hold(Contest.of(what, end, "C, watching", watching, ours).at(rhythm));
            bench.hold(Contest.of(what, end, "posix_spawn", libc, ours).at(rhythm));
            bench.hold(Contest.of(what, end, "ProcessBuilder", jdk, ours).at(rhythm).to(BESIDE_JDK));
            bench.hold(Contest.of(what, end, "NuProcess", nuProcess, ours).at(rhythm).to(BESIDE_NU_PROCESS)
                    .noting("NuProcess has pipes, the others the null device"));
        }
    }

    private void toTheExec(Workbench bench, String program) throws IOException, InterruptedException {
        Endpoint exec = Endpoint.EXEC_DONE;
        Side ours = Side.of(Spawn.namespace(plain, Streams.DISCARDED.connect(Command.of(program))), exec);
        Side jdk = Side.of(Spawn.processBuilder(Streams.DISCARDED.connect(new ProcessBuilder(program))), exec);
        Side inC = bench.floor(exec, List.of("--", program));
        bench.hold(Contest.of("a static program", exec, "C", inC, ours));
        bench.hold(Contest.of("a static program", exec, "ProcessBuilder", jdk, ours));
    }

    /** The file that the program's standard output is appended to is opened anew for each, on every side. */
    private void toTheFirstInstruction(Workbench bench, Path program) throws IOException, InterruptedException {
        Stamps stamps = bench.closing(Stamps.open(program.resolveSibling("stamps")));
        Side ours = stamps.side(Spawn.namespace(plain, Streams.DISCARDED.connect(Command.of(program.toString()))
                .stdout(Stdio.append(stamps.file()))));
        Side jdk = stamps.side(Spawn.processBuilder(Streams.DISCARDED.connect(new ProcessBuilder(program.toString()))
                .redirectOutput(Redirect.appendTo(stamps.file().toFile()))));
        Side inC = bench.floor(Endpoint.FIRST_INSTRUCTION,
                List.of("--stdout", stamps.file().toString(), "--", program.toString()));
        bench.hold(Contest.of("a static program", Endpoint.FIRST_INSTRUCTION, "C", inC, ours));
        bench.hold(Contest.of("a static program", Endpoint.FIRST_INSTRUCTION, "ProcessBuilder", jdk, ours));
    }
}
