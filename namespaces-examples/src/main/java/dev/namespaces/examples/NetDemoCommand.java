package dev.namespaces.examples;

import dev.namespaces.Impairment;
import dev.namespaces.Network;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ns net demo}: a network of four hosts. */
@CommandLine.Command(name = "demo", mixinStandardHelpOptions = true, //
        description = "Makes a network of four hosts, shows it, and lets one of them ping another (Debian: iputils-ping).")
final class NetDemoCommand implements Callable<Integer> {

    private static final Path PING = Path.of("/usr/bin/ping");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--dot", description = "show the picture as Graphviz reads it, and not as Mermaid does")
    private boolean dot;

    @Option(names = "--delay", paramLabel = "MS", defaultValue = "0", //
            description = "how many milliseconds a packet takes between client and router; with a kernel that has netem")
    private int delay;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (Network network = Network.builder().hosts("client", "server", "backup").routers("router")
                .link("client", "router", "10.9.0.0/24").switchOf("lan", "10.10.0.0/24", "router", "server", "backup")
                .open()) {
            if (delay != 0) {
                network.link("client", "router").impair(Impairment.NONE.delay(Duration.ofMillis(delay)));
            }
            out.println(dot ? network.toDot() : network.toMermaid());
            for (String host : network.hosts()) {
                out.println(host + ":");
                out.println(NetCommand.Show.routes(network.host(host).links(), network.host(host).routes()));
            }
            out.print(ping(network));
            out.flush();
        }
        return 0;
    }

    private static String ping(Network network) throws IOException, InterruptedException {
        if (!Files.isExecutable(PING)) {
            return "There is no " + PING + " here.\n";
        }
        return network.host("client").run(PING.toString(), "-n", "-c", "3", "-i", "0.2", "server").orThrow().stdout();
    }
}
