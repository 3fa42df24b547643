package dev.namespaces;

import dev.namespaces.spi.IpText;
import java.util.ArrayList;
import java.util.List;

/** Draws a {@link Topology}. Names of hosts and switches contain nothing that would have to be escaped within quotation marks. */
final class NetworkPicture {

    private NetworkPicture() {}

    static String dot(Topology topology) {
        List<String> lines = new ArrayList<>(List.of("graph network {", "  graph [nodesep=1, ranksep=1];",
                "  node [shape=box];", "  edge [fontsize=10, labeldistance=3, labelangle=-50];"));
        for (Topology.Host host : topology.hosts()) {
            lines.add("  \"" + host.name() + "\"" + (host.router() ? " [shape=diamond]" : "") + ";");
        }
        for (Topology.Segment segment : topology.segments()) {
            if (segment.isSwitch()) {
                lines.add("  \"" + segment.name() + "\" [shape=ellipse, label=\"" + segment.name() + "\\n"
                        + segment.subnet() + "\"];");
                segment.ports().forEach(port -> lines.add("  \"" + port.host() + "\" -- \"" + segment.name()
                        + "\" [taillabel=\"" + IpText.of(port.address()) + "\"];"));
            } else {
                Topology.Port one = segment.ports().getFirst();
                Topology.Port other = segment.ports().getLast();
                lines.add("  \"" + one.host() + "\" -- \"" + other.host() + "\" [label=\"" + segment.subnet()
                        + "\", taillabel=\"" + IpText.of(one.address()) + "\", headlabel=\""
                        + IpText.of(other.address()) + "\"];");
            }
        }
        lines.add("}");
        return String.join("\n", lines) + "\n";
    }

    /** Nodes have made-up ids, as a name may be a word of the language. */
    static String mermaid(Topology topology) {
        List<String> lines = new ArrayList<>(List.of("flowchart LR"));
        for (Topology.Host host : topology.hosts()) {
            String name = "\"" + host.name() + "\"";
            lines.add("  " + id(topology, host.name()) + (host.router() ? "{" + name + "}" : "[" + name + "]"));
        }
        for (int i = 0; i < topology.segments().size(); i++) {
            Topology.Segment segment = topology.segments().get(i);
            if (segment.isSwitch()) {
                String id = "s" + i;
                lines.add("  " + id + "([\"" + segment.name() + "<br>" + segment.subnet() + "\"])");
                segment.ports().forEach(port -> lines.add("  " + id(topology, port.host()) + " ---|\""
                        + IpText.of(port.address()) + "\"| " + id));
            } else {
                Topology.Port one = segment.ports().getFirst();
                Topology.Port other = segment.ports().getLast();
                lines.add("  " + id(topology, one.host()) + " ---|\"" + IpText.of(one.address()) + "<br>"
                        + segment.subnet() + "<br>" + IpText.of(other.address()) + "\"| "
                        + id(topology, other.host()));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static String id(Topology topology, String host) {
        return "h" + topology.hosts().indexOf(topology.host(host));
    }
}
