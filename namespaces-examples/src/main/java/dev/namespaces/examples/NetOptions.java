package dev.namespaces.examples;

import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NetConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say what the network contains. Each of them asks for a network namespace. */
final class NetOptions {

    private static final Pattern PORTS = Pattern.compile("(\\d{1,5}):(\\d{1,5})");
    private static final Pattern VETH = Pattern.compile("([^=,]+)=([^=,]+)(?:,peer=([^=,]+))?");
    private static final Pattern BRIDGE = Pattern.compile("([^=,]+)(?:=([^=,]+(?:,[^=,]+)*))?");

    @Option(names = "--net-loopback", description = "a new network namespace with nothing but the loopback interface, which is up, unless other options add to it")
    private boolean loopback;

    @Option(names = "--veth", paramLabel = "NAME=ADDR[,peer=ADDR]", description = "a pair of interfaces: NAME inside with an address such as 10.9.0.1/24, and"
            + " one outside, which is down unless it has an address too; that is named nsPID-N by the pid of ns, N counts from 0; takes root; repeatable")
    private List<String> pairs = new ArrayList<>();

    @Option(names = "--bridge", paramLabel = "NAME[=PORT,PORT]", description = "a bridge, with the interfaces of --veth that are its ports; repeatable")
    private List<String> bridges = new ArrayList<>();

    @Option(names = "--outbound", description = "a way out of the network namespace, through pasta (Debian: apt install passt)")
    private boolean outbound;

    @Option(names = "--publish", paramLabel = "HOST:BOX", description = "a way out, and a TCP port of the host's 127.0.0.1 that leads to one inside; repeatable")
    private List<String> published = new ArrayList<>();

    private boolean any() {
        return loopback || outbound || !pairs.isEmpty() || !bridges.isEmpty() || !published.isEmpty();
    }

    /** Adds the network namespace to those that are to be created, if any option asks for it. */
    void addKind(CommandLine line, Set<NamespaceKind> kinds, boolean shared) {
        KindOptions.require(line, !shared || !any(),
                "--share-net excludes --net-loopback, --veth, --bridge, --outbound and --publish");
        if (any()) {
            kinds.add(NamespaceKind.NET);
        }
    }

    /** Describes it. */
    void apply(CommandLine line, NamespaceBuilder builder) {
        if (any()) {
            builder.net(net -> describe(line, net));
        }
    }

    private void describe(CommandLine line, NetConfig net) {
        String hostEnd = "ns" + ProcessHandle.current().pid() + "-";
        each(line, "--veth", pairs, VETH, "NAME=ADDR or NAME=ADDR,peer=ADDR", (pair, number) -> {
            net.veth(pair.group(1), hostEnd + number).address(pair.group(1), pair.group(2));
            if (pair.group(3) != null) {
                net.hostAddress(hostEnd + number, pair.group(3));
            }
        });
        each(line, "--bridge", bridges, BRIDGE, "NAME or NAME=PORT,PORT", (bridge, _) -> net.bridge(bridge.group(1),
                bridge.group(2) == null ? new String[0] : bridge.group(2).split(",", -1)));
        if (outbound) {
            net.outbound();
        }
        each(line, "--publish", published, PORTS, "HOST:BOX, two ports", (ports, _) -> net.outbound(
                way -> way.publish(Integer.parseInt(ports.group(1)), Integer.parseInt(ports.group(2)))));
    }

    /** Does something with every value of an option, and says which it is that cannot be. */
    private static void each(CommandLine line, String option, List<String> values, Pattern pattern, String form,
            BiConsumer<Matcher, Integer> consumer) {
        for (int i = 0; i < values.size(); i++) {
            Matcher matcher = pattern.matcher(values.get(i));
            KindOptions.require(line, matcher.matches(), option + " takes " + form + ": " + values.get(i));
            try {
                consumer.accept(matcher, i);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(line, option + " " + values.get(i) + ": " + e.getMessage(), e);
            }
        }
    }
}
