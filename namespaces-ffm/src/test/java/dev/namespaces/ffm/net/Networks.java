package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.NetConfig;
import dev.namespaces.Spawner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A network with something of everything that takes no rights outside, and what ip(8) has to say of it inside. */
final class Networks {

    private Networks() {}

    static void describe(NetConfig net) {
        net.bridge("lan").mtu("lan", 1400).mac("lan", "02:00:00:00:00:01").bridge("wan").bridge("off").down("off")
                .address("lan", "10.9.0.1/24").address("lan", "fd00::1/64").address("lo", "192.0.2.1/32")
                .gateway("10.9.0.254").gateway("fd00::fe").route("10.2.0.0/16", "10.9.0.3")
                .linkRoute("10.3.0.0/16", "wan").neighbour("lan", "10.9.0.254", "02:00:00:00:00:fe")
                .sysctl("net.ipv4.conf.lan.rp_filter", "2").sysctl("net.ipv4.ip_forward", "1")
                .sysctl("net.ipv4.conf.default.arp_ignore", "1").sysctl("net.ipv4.ip_unprivileged_port_start", "80");
    }

    /** Asks whatever starts commands inside. */
    static void check(Spawner inside) throws IOException, InterruptedException {
        Map<String, Object> lan = the(inside, "link", "show", "lan");
        assertThat(lan).containsEntry("mtu", 1400L).containsEntry("address", "02:00:00:00:00:01");
        assertThat(Json.at(Json.at(lan, "linkinfo"), "info_kind")).isEqualTo("bridge");
        assertThat(flags(lan)).contains("UP");
        assertThat(flags(the(inside, "link", "show", "wan"))).contains("UP");
        assertThat(flags(the(inside, "link", "show", "off"))).doesNotContain("UP");
        assertThat(flags(the(inside, "link", "show", "lo"))).contains("UP", "LOWER_UP");
        assertThat(addresses(inside, "lan")).contains("10.9.0.1/24", "fd00::1/64");
        assertThat(addresses(inside, "lo")).containsExactlyInAnyOrder("127.0.0.1/8", "192.0.2.1/32", "::1/128");
        assertThat(routes(inside, "-4")).containsExactlyInAnyOrder("default via 10.9.0.254 dev lan",
                "10.2.0.0/16 via 10.9.0.3 dev lan", "10.3.0.0/16 via null dev wan", "10.9.0.0/24 via null dev lan");
        assertThat(routes(inside, "-6")).contains("default via fd00::fe dev lan");
        assertThat(the(inside, "-4", "neigh")).containsEntry("dst", "10.9.0.254")
                .containsEntry("lladdr", "02:00:00:00:00:fe").containsEntry("state", List.of("PERMANENT"));
        assertThat(inside.run("/sbin/ip", "-4", "netconf", "show", "dev", "lan").orThrow().stdout())
                .contains("forwarding on", "rp_filter loose");
    }

    /** Where there is a {@code /proc} inside. */
    static void checkSysctls(Spawner inside) throws IOException, InterruptedException {
        assertThat(sysctl(inside, "ipv4/ip_forward")).isEqualTo("1");
        assertThat(sysctl(inside, "ipv4/conf/lan/rp_filter")).isEqualTo("2");
        assertThat(sysctl(inside, "ipv4/conf/lan/arp_ignore")).as("set before the interface was made").isEqualTo("1");
        assertThat(sysctl(inside, "ipv4/ip_unprivileged_port_start")).isEqualTo("80");
    }

    private static String sysctl(Spawner inside, String name) throws IOException, InterruptedException {
        return inside.run("cat", "/proc/sys/net/" + name).orThrow().stdout().strip();
    }

    static List<Map<String, Object>> ip(Spawner inside, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("-details", "-json"));
        command.addAll(List.of(arguments));
        return Json.objects(inside.run("/sbin/ip", command.toArray(String[]::new)).orThrow().stdout());
    }

    private static Map<String, Object> the(Spawner inside, String... arguments)
            throws IOException, InterruptedException {
        List<Map<String, Object>> all = ip(inside, arguments);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    @SuppressWarnings("unchecked")
    private static List<String> flags(Map<String, Object> link) {
        return (List<String>) Json.at(link, "flags");
    }

    private static List<String> addresses(Spawner inside, String link) throws IOException, InterruptedException {
        return ((List<?>) Json.at(the(inside, "address", "show", "dev", link), "addr_info")).stream()
                .map(address -> Json.at(address, "local") + "/" + Json.at(address, "prefixlen")).toList();
    }

    private static List<String> routes(Spawner inside, String family) throws IOException, InterruptedException {
        return ip(inside, family, "route").stream()
                .map(route -> route.get("dst") + " via " + route.get("gateway") + " dev " + route.get("dev")).toList();
    }
}
