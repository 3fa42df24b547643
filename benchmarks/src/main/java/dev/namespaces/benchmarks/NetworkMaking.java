package dev.namespaces.benchmarks;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.OpenNamespace;
import dev.namespaces.Stdio;
import dev.namespaces.benchmarks.report.Findings;
import dev.namespaces.benchmarks.report.Goal;
import dev.namespaces.benchmarks.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * N1: the making of a {@linkplain ConnectedNetwork network}, beside the same by {@code ip} commands that {@link ProcessBuilder} starts, and beside a program in C that sends the
 * same messages to the kernel ({@code net.c}); and {@linkplain Transfer transfers} through it, beside those through a network that {@code ip} has made.
 *
 * <p>
 * All of it happens in user, network and mount namespaces of its own, in which another JVM runs: no interface of the host's is touched, nor its {@code /run/netns}.
 */
final class NetworkMaking implements Scenario {

    private static final Goal BESIDE_IP = Goal.atMost(0.2);
    private static final Goal BESIDE_C = Goal.atMost(1.1);
    private static final Goal OF_TRANSFERS = Goal.atMost(1.05);
    private static final int CONTESTS = 4;
    /** About as long as the warming up takes, in contests. */
    private static final int WARM_UP = 2;

    private static final ConnectedNetwork BUILT = new ConnectedNetwork("built", "10.9.0");
    private static final ConnectedNetwork BY_IP = new ConnectedNetwork("byip", "10.8.0");
    private static final ConnectedNetwork OURS = new ConnectedNetwork("ours", "10.7.0");

    @Override
    public String id() {
        return "N1";
    }

    @Override
    public String title() {
        return "connected networks";
    }

    @Override
    public Duration planned(Effort effort) {
        return effort.contest().multipliedBy(CONTESTS + WARM_UP);
    }

    @Override
    public void run(Workbench bench) throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of(ConnectedNetwork.IP))) {
            bench.missing("networks", "ip is not installed");
            return;
        }
        bench.begin("networks");
        Path directory = bench.programs().directory();
        Path found = directory.resolve("networks.json");
        Command java = Command.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), //
                NetworkMaking.class.getName(), bench.effort().name(), directory.toString(), found.toString())
                .stdout(Stdio.discard()).stderr(Stdio.inherit());
        Namespace own = Namespace.builder().user().net().mount(m -> m.tmpfs("/run")).build();
        try (NamespaceProcess process = own.spawn(java)) {
            if (process.waitFor() != 0) {
                throw new IOException("the JVM that makes networks has failed");
            }
        }
        Report.read(found).scenarios().forEach(findings -> findings.rows().forEach(bench::add));
    }

    /** The JVM inside. Its arguments are the effort, the directory of the programs in C, and the file for what it finds. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        try (Workbench bench = new Workbench(Effort.valueOf(arguments[0]), CPrograms.in(Path.of(arguments[1])),
                _ -> {})) {
            warmUp(bench);
            compareMaking(bench);
            compareTransfers(bench);
            new Report("", "", 0, Map.of(), List.of(new Findings("", "", bench.rows(), bench.plots())))
                    .write(Path.of(arguments[2]));
        }
    }

    /** Contests alone would be over long before the JVM has compiled what is measured, as each network has to be gone before the next. Here they need not wait. */
    private static void warmUp(Workbench bench) throws IOException, InterruptedException {
        List<ConnectedNetwork> several = IntStream.range(0, 16)
                .mapToObj(i -> new ConnectedNetwork("w" + i, "10.6." + i)).toList();
        List<Namespace> namespaces = several.stream().map(ConnectedNetwork::namespace).toList();
        Command command = Streams.DISCARDED.connect(Command.of(bench.programs().exit().toString()));
        long end = System.nanoTime() + bench.effort().contest().multipliedBy(WARM_UP).toNanos();
        while (System.nanoTime() < end) {
            for (int i = 0; i < several.size(); i++) {
                Spawn.namespace(namespaces.get(i), command).run();
            }
            for (ConnectedNetwork network : several) {
                network.awaitEnd();
            }
            for (int i = 0; i < several.size(); i++) {
                open(namespaces.get(i));
            }
            for (ConnectedNetwork network : several) {
                network.awaitEnd();
            }
        }
    }

    private static void compareMaking(Workbench bench) throws IOException, InterruptedException {
        String program = bench.programs().exit().toString();
        Namespace namespace = BUILT.namespace();
        Side ip = ending(Side.of(NetworkMaking::makeByIp));
        Side spawn = ending(Side.of(Spawn.namespace(namespace, Streams.DISCARDED.connect(Command.of(program))),
                Endpoint.EXIT_SEEN));
        Side open = ending(Side.of(() -> open(namespace)));
        Side inC = ending(bench.closing(Helper.start(List.of(bench.programs().net().toString(), ConnectedNetwork.INSIDE,
                BUILT.name(), program))).side(0));
        bench.hold(Contest.of("a spawn into a network", Endpoint.EXIT_SEEN, "C", inC, spawn).to(BESIDE_C));
        bench.hold(Contest.of("a spawn into a network", Endpoint.EXIT_SEEN, "ip commands", ip, spawn).to(BESIDE_IP));
        bench.hold(new Contest("open() of a network", "open", "ip commands", ip, open, Rhythm.BACK_TO_BACK, 1,
                BESIDE_IP, ""));
    }

    private static long makeByIp() throws IOException, InterruptedException {
        long start = System.nanoTime();
        BUILT.makeByIp();
        long nanos = System.nanoTime() - start;
        BUILT.deleteByIp();
        return nanos;
    }

    private static long open(Namespace namespace) throws IOException {
        long start = System.nanoTime();
        try (OpenNamespace _ = namespace.open()) {
            return System.nanoTime() - start;
        }
    }

    /** One after the other, as there can be but one of these networks. */
    private static Side ending(Side one) {
        return (times, pause) -> {
            long[] nanos = new long[times];
            for (int i = 0; i < times; i++) {
                nanos[i] = one.nanos(1, pause)[0];
                BUILT.awaitEnd();
            }
            return nanos;
        };
    }

    private static void compareTransfers(Workbench bench) throws IOException, InterruptedException {
        try (OpenNamespace byIp = BY_IP.openByIp();
                OpenNamespace ours = OURS.namespace().open();
                Transfer throughIp = Transfer.into(byIp, BY_IP.address());
                Transfer throughOurs = Transfer.into(ours, OURS.address())) {
            bench.hold(new Contest(Transfer.MEBIBYTES + " MiB through a pair", "received", "a pair by ip",
                    Side.of(throughIp), Side.of(throughOurs), Rhythm.BACK_TO_BACK, 1, OF_TRANSFERS, ""));
        }
    }
}
