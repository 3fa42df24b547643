package dev.namespaces.examples;

import dev.namespaces.Address;
import dev.namespaces.Capability;
import dev.namespaces.Command;
import dev.namespaces.IpPrefix;
import dev.namespaces.Link;
import dev.namespaces.MacAddress;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.OpenNamespace;
import dev.namespaces.Route;
import dev.namespaces.Stdio;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ns net}: networks. */
@CommandLine.Command(name = "net", mixinStandardHelpOptions = true, subcommands = {NetCommand.Show.class,
        NetDemoCommand.class}, //
        description = "Shows networks.")
final class NetCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(), "what of the network: show or demo?");
    }

    /** {@code ns net show}: the network of a process. */
    @CommandLine.Command(name = "show", mixinStandardHelpOptions = true, //
            description = "Shows the interfaces, addresses and routes of the network namespace that a process is in. An ordinary user may look into those that belong to"
                    + " user namespaces of his own.", //
            footer = {"", "Of the routes, the kernel's own of the table \"local\" are left out."})
    static final class Show implements Callable<Integer> {

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Parameters(paramLabel = "PID", description = "the process")
        private long pid;

        @Override
        public Integer call() throws IOException, InterruptedException {
            ProcessHandle process = ProcessHandle.of(pid)
                    .orElseThrow(() -> new IOException("there is no process " + pid));
            try (NamespaceHandle net = NamespaceHandle.of(NamespaceKind.NET, process)) {
                if (!Caller.isRoot() && !isHere(net)) {
                    return showFromInside(process);
                }
                print(net);
                return 0;
            }
        }

        private static boolean isHere(NamespaceHandle net) throws IOException {
            try (NamespaceHandle here = NamespaceHandle.ofCurrentThread(NamespaceKind.NET)) {
                return net.equals(here);
            }
        }

        /** Lets this very command run once more, in that network, with the right to look into it that its user namespace gives. */
        private static int showFromInside(ProcessHandle process) throws IOException, InterruptedException {
            List<String> words = new ArrayList<>(List.of(Files.readString(Path.of("/proc/self/cmdline"))
                    .split("\0", -1)));
            words.removeLast(); // what follows the last NUL
            words.set(0, Files.readSymbolicLink(Path.of("/proc/self/exe")).toString());
            NamespaceBuilder builder = Namespace.builder().dieWithJvm()
                    .capabilities(c -> c.add(Capability.SYS_ADMIN));
            try (ProcessNamespaces namespaces = ProcessNamespaces.open(process, EnumSet.of(NamespaceKind.NET))) {
                namespaces.joinedBy(builder);
                try (NamespaceProcess inside = builder.spawn(Command.of(words).stdin(Stdio.inherit())
                        .stdout(Stdio.inherit()).stderr(Stdio.inherit()))) {
                    return inside.waitFor();
                }
            }
        }

        private void print(NamespaceHandle net) throws IOException {
            String text;
            try (OpenNamespace network = Namespace.builder().join(net).open()) {
                List<Link> links = network.links();
                text = links(links, network.addresses()) + "\n" + routes(links, network.routes());
            }
            PrintWriter out = spec.commandLine().getOut();
            out.print(text);
            out.flush();
        }

        private static String links(List<Link> links, List<Address> addresses) {
            TextTable table = new TextTable("INTERFACE", "KIND", "UP", "STATE", "MTU", "MAC", "PORT OF", "ADDRESSES");
            for (Link link : links) {
                table.row(link.name(), link.kind(), link.isUp() ? "up" : "down",
                        link.state().name().toLowerCase(Locale.ROOT), Integer.toString(link.mtu()),
                        link.mac().map(MacAddress::toString).orElse(""), name(links, link.master()),
                        addresses.stream().filter(address -> address.link() == link.index())
                                .map(address -> address.prefix().toString()).collect(Collectors.joining(", ")));
            }
            return table.toString();
        }

        static String routes(List<Link> links, List<Route> routes) {
            TextTable table = new TextTable("DESTINATION", "TYPE", "VIA", "INTERFACE", "SOURCE", "METRIC", "TABLE");
            routes.stream().filter(route -> route.table() != Route.LOCAL).forEach(route -> table.row(
                    route.isDefault()
                            ? "default" + (route.destination().isIp6() ? " (IPv6)" : "")
                            : route.destination().toString(),
                    route.type().name().toLowerCase(Locale.ROOT), route.gateway().map(Show::text).orElse(""),
                    name(links, route.link()), route.source().map(Show::text).orElse(""),
                    route.metric() == 0 ? "" : Long.toString(route.metric()),
                    route.table() == Route.MAIN ? "main" : Long.toString(route.table())));
            return table.toString();
        }

        private static String name(List<Link> links, OptionalInt index) {
            return links.stream().filter(link -> index.isPresent() && link.index() == index.getAsInt())
                    .map(Link::name).findFirst().orElse("");
        }

        /** As short as a prefix is written. */
        private static String text(InetAddress address) {
            String prefix = IpPrefix.of(address).toString();
            return prefix.substring(0, prefix.indexOf('/'));
        }
    }
}
