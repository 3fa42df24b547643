package dev.namespaces.benchmarks;

import dev.namespaces.Command;
import dev.namespaces.NamespaceKind;
import dev.namespaces.benchmarks.report.Goal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** S3: new namespaces of each kind alone, and of all. */
final class EachKind implements Scenario {

    private static final Goal BESIDE_C = Goal.atMost(1.05);
    private static final Goal AS_PID_1_BESIDE_JDK = Goal.atMost(1.0);
    private static final Goal UNDER_INIT_BESIDE_JDK = Goal.atMost(1.25);
    private static final int CONTESTS_BESIDE_OTHERS = 3;
    private static final List<Isolation> ISOLATIONS = List.of(Isolation.CGROUP, Isolation.IPC, Isolation.MOUNT,
            Isolation.NET, Isolation.PID_AS_PID_1, Isolation.TIME, Isolation.USER, Isolation.UTS,
            Isolation.ALL_AS_PID_1);

    @Override
    public String id() {
        return "S3";
    }

    @Override
    public String title() {
        return "each kind alone, and all together";
    }

    @Override
    public Duration planned(Effort effort) {
        return effort.contest().multipliedBy(ISOLATIONS.size() * (long) Rhythm.values().length
                + CONTESTS_BESIDE_OTHERS);
    }

    @Override
    public void run(Workbench bench) throws IOException, InterruptedException {
        String program = bench.programs().exit().toString();
        for (Isolation isolation : ISOLATIONS) {
            Side ours = ours(isolation, program);
            List<String> words = new ArrayList<>(words(isolation));
            words.addAll(List.of("--", program));
            Side inC = bench.floor(Endpoint.EXIT_SEEN, words);
            for (Rhythm rhythm : Rhythm.values()) {
                bench.hold(Contest.of(name(isolation), Endpoint.EXIT_SEEN, "C", inC, ours).at(rhythm).to(BESIDE_C));
            }
        }
        bench.holdBeside(unshare(program), name(Isolation.ALL_AS_PID_1), ours(Isolation.ALL_AS_PID_1, program), null);
        besideProcessBuilder(bench, Isolation.ALL_AS_PID_1, AS_PID_1_BESIDE_JDK);
        besideProcessBuilder(bench, Isolation.ALL_UNDER_INIT, UNDER_INIT_BESIDE_JDK);
    }

    /** What isolation costs who has had none: a program that anybody has, in all kinds, and by {@link ProcessBuilder} in none. */
    private static void besideProcessBuilder(Workbench bench, Isolation isolation, Goal goal)
            throws IOException, InterruptedException {
        Side jdk = Side.of(Spawn.processBuilder(Streams.DISCARDED.connect(new ProcessBuilder(Spawn.PROGRAM))),
                Endpoint.EXIT_SEEN);
        bench.hold(Contest.of(Spawn.PROGRAM + ", " + name(isolation), Endpoint.EXIT_SEEN, "ProcessBuilder", jdk,
                ours(isolation, Spawn.PROGRAM)).to(goal));
    }

    private static Peer unshare(String program) {
        List<String> command = new ArrayList<>(List.of("unshare", "--map-root-user", "--fork", "--mount-proc"));
        Arrays.stream(NamespaceKind.values()).map(kind -> "--" + word(kind)).forEach(command::add);
        command.add(program);
        return new Peer("unshare", command, "unshare leaves the loopback interface down");
    }

    private static Side ours(Isolation isolation, String program) throws IOException, InterruptedException {
        return Side.of(Spawn.namespace(isolation.namespace(), Streams.DISCARDED.connect(Command.of(program))),
                Endpoint.EXIT_SEEN);
    }

    private static String name(Isolation isolation) {
        return switch (isolation) {
            case PID_AS_PID_1 -> "pid, as PID 1";
            case ALL_AS_PID_1 -> "all kinds, as PID 1";
            case ALL_UNDER_INIT -> "all kinds, under the init";
            default -> isolation.name().toLowerCase(Locale.ROOT);
        };
    }

    /** What the program in C is told. */
    private static List<String> words(Isolation isolation) throws IOException, InterruptedException {
        return isolation.namespace().kinds().stream().map(kind -> "--unshare-" + word(kind)).toList();
    }

    private static String word(NamespaceKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
