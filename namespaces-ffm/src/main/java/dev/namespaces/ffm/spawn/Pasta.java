package dev.namespaces.ffm.spawn;

import dev.namespaces.spi.OutboundSpec;
import dev.namespaces.spi.OutboundSpec.Forward;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** How pasta(1) is told what to do. It writes its pid, to its output here, once the interface is there. */
final class Pasta {

    static final String NAME = "pasta";

    private Pasta() {}

    static List<String> command(Path program, OutboundSpec spec, int pid, boolean ownUser) {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--foreground", "--quiet", "--pid",
                "/proc/self/fd/1", "--config-net", "--ns-ifname", "tap0", "--address", "10.0.2.100", "--netmask",
                "255.255.255.0", "--gateway", "10.0.2.2", "--dns-forward", OutboundSpec.NAME_SERVER, "--no-map-gw"));
        if (Ids.current().user() == 0) {
            command.addAll(List.of("--runas", "0:0")); // nobody may not enter what root has made
        }
        command.addAll(List.of("--tcp-ports", ports(spec.published(), false, "127.0.0.1/"),
                "--udp-ports", ports(spec.published(), true, "127.0.0.1/"), "--tcp-ns",
                ports(spec.reached(), false, ""), "--udp-ns", ports(spec.reached(), true, "")));
        command.addAll(ownUser ? List.of("--userns", Outbound.user(pid)) : List.of("--netns-only"));
        command.addAll(List.of("--netns", Outbound.NETWORK));
        return command;
    }

    private static String ports(List<Forward> forwards, boolean udp, String address) {
        String list = forwards.stream().filter(it -> it.udp() == udp).map(it -> it.from() + ":" + it.to())
                .collect(Collectors.joining(","));
        return list.isEmpty() ? "none" : address + list;
    }
}
