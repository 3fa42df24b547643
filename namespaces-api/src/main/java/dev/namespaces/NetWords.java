package dev.namespaces;

import dev.namespaces.spi.IpText;
import dev.namespaces.spi.LinkSpec;
import dev.namespaces.spi.NetSpec;
import dev.namespaces.spi.OutboundSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a network contains, in words. */
final class NetWords {

    private NetWords() {}

    static List<String> of(NetSpec spec) {
        List<String> lines = new ArrayList<>();
        lines.add("loopback interface: " + (spec.loopback() ? "up" : "down"));
        spec.links().forEach(link -> lines.add("interface " + link.name() + ": " + words(link)));
        spec.addresses().forEach(it -> lines.add("address of " + it.link() + ": " + it.address()));
        spec.routes().forEach(route -> lines.add("route: " + route));
        spec.neighbours().forEach(it -> lines.add("neighbour on " + it.link() + ": " + IpText.of(it.address()) + " is "
                + it.mac()));
        spec.sysctls().forEach((name, value) -> lines.add("sysctl " + name + ": " + value));
        if (spec.outbound() != null) {
            lines.add("a way out: through pasta");
            spec.outbound().published().forEach(
                    it -> lines.add(
                            protocol(it) + " port of the host " + it.from() + ": leads to " + it.to() + " inside"));
            spec.outbound().reached().forEach(
                    it -> lines.add(
                            protocol(it) + " port inside " + it.from() + ": leads to " + it.to() + " of the host"));
            spec.outbound().allowed().forEach(it -> lines.add("allowed to be sent to, and nothing else: " + it));
        }
        return lines;
    }

    private static String protocol(OutboundSpec.Forward forward) {
        return forward.udp() ? "UDP" : "TCP";
    }

    private static String words(LinkSpec link) {
        String kind = switch (link.kind()) {
            case LinkSpec.Bridge _ -> "a bridge";
            case LinkSpec.Pair(String peer, NamespaceHandle there) ->
                "one end of a pair, the other is " + peer + " in " + there;
            case LinkSpec.Macvlan(String lower, MacvlanMode mode) ->
                "a macvlan on " + lower + " in the JVM's network, mode " + Plan.name(mode);
            case LinkSpec.Moved(String hostName) -> hostName + " of the JVM's network, moved in, and back in the end";
            case LinkSpec.Veth(String hostEnd, List<IpPrefix> addresses) ->
                "one end of a pair, the other is " + hostEnd + " in the JVM's network"
                        + (addresses.isEmpty()
                                ? ""
                                : ", up, with "
                                        + addresses.stream().map(IpPrefix::toString).collect(Collectors.joining(", ")));
        };
        return kind + (link.master() == null ? "" : ", port of " + link.master())
                + (link.mtu() == 0 ? "" : ", MTU " + link.mtu()) + (link.mac() == null ? "" : ", MAC " + link.mac())
                + (link.up() ? "" : ", down");
    }
}
