package dev.namespaces.benchmarks;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.OpenNamespace;
import dev.namespaces.Stdio;
import dev.namespaces.benchmarks.Contest.Side;
import dev.namespaces.benchmarks.Contest.Stopwatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares the making of a {@linkplain ConnectedNetwork network} with the same by {@code ip} commands that {@link ProcessBuilder} starts, and with a program in C that sends the
 * same messages to the kernel ({@code net.c}); and {@linkplain Transfer transfers} through it with those through a network that {@code ip} has made. Prints a Markdown table.
 *
 * <p>
 * The library makes it for a program without libc that ends at once ({@code exit0.c}), and is timed until that has ended, as is the program in C; or it opens live namespaces. Where
 * {@code ip} makes it, no program is started. The C program forks, where the library executes its stage 2. That the kernel takes a network apart later is waited for, untimed.
 *
 * <p>
 * All of it happens in user, network and mount namespaces of its own, in which another JVM runs: no interface of the host's is touched, nor its {@code /run/netns}.
 *
 * <p>
 * {@code java --enable-native-access=ALL-UNNAMED -cp benchmarks.jar dev.namespaces.benchmarks.NetworkComparison} and {@link Options}. Takes {@code cc} and {@code ip}.
 */
public final class NetworkComparison {

    private static final double GOAL_BESIDE_IP = 0.2;
    private static final double GOAL_BESIDE_C = 1.1;
    private static final double GOAL_OF_TRANSFERS = 1.05;

    private static final ConnectedNetwork BUILT = new ConnectedNetwork("built", "10.9.0");
    private static final ConnectedNetwork BY_IP = new ConnectedNetwork("byip", "10.8.0");
    private static final ConnectedNetwork OURS = new ConnectedNetwork("ours", "10.7.0");

    private NetworkComparison() {}

    public static void main(String... args) throws IOException, InterruptedException {
        RootComparison.require("cc", "gcc libc6-dev");
        List<String> words = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                Inside.class.getName()));
        words.addAll(List.of(args));
        Command java = Command.of(words).stdin(Stdio.inherit()).stdout(Stdio.inherit()).stderr(Stdio.inherit());
        Namespace own = Namespace.builder().user().net().mount(m -> m.tmpfs("/run")).build();
        try (NamespaceProcess process = own.spawn(java)) {
            System.exit(process.waitFor());
        }
    }

    /** The JVM that compares. */
    static final class Inside {

        private Inside() {}

        public static void main(String... args) throws IOException, InterruptedException {
            Options options = Options.of(args);
            boolean tolerable;
            try (TemporaryDirectory directory = TemporaryDirectory.make()) {
                tolerable = compareBuilding(options, directory.path());
            }
            tolerable &= compareTransfers(options);
            System.exit(tolerable ? 0 : 1);
        }
    }

    private static boolean compareBuilding(Options options, Path directory) throws IOException, InterruptedException {
        String program = CFloor.compile("exit0.c", directory.resolve("exit0"), "-static", "-nostdlib").toString();
        Path net = CFloor.compile("net.c", directory.resolve("net"));
        try (CFloor c = CFloor.start(net, List.of(ConnectedNetwork.INSIDE, BUILT.name(), program))) {
            Namespace namespace = BUILT.namespace();
            Side ip = new Side("`ip` commands", ending(NetworkComparison::buildByIp));
            Side spawn = new Side("a spawn into a network", ending(
                    Stopwatch.of(Spawn.namespace(namespace, Streams.DISCARDED.connect(Command.of(program))))));
            Side open = new Side("`open()` of a network", ending(() -> open(namespace)));
            return new Table(options).compare(List.of(new Contest(ip, spawn, GOAL_BESIDE_IP),
                    new Contest(ip, open, GOAL_BESIDE_IP),
                    new Contest(new Side("C", ending(c)), spawn, GOAL_BESIDE_C)));
        }
    }

    private static long buildByIp() throws IOException, InterruptedException {
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

    private static Stopwatch ending(Stopwatch builder) {
        return () -> {
            long nanos = builder.nanos();
            BUILT.awaitEnd();
            return nanos;
        };
    }

    private static boolean compareTransfers(Options options) throws IOException, InterruptedException {
        String what = Transfer.MEBIBYTES + " MiB through a pair by ";
        try (OpenNamespace byIp = BY_IP.openByIp();
                OpenNamespace ours = OURS.namespace().open();
                Transfer throughIp = Transfer.into(byIp, BY_IP.address());
                Transfer throughOurs = Transfer.into(ours, OURS.address())) {
            return new Table(options).compare(List.of(new Contest(new Side(what + "`ip`", throughIp),
                    new Side(what + "the library", throughOurs), GOAL_OF_TRANSFERS)));
        }
    }
}
