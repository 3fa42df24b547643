package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Address;
import dev.namespaces.IpPrefix;
import dev.namespaces.Link;
import dev.namespaces.MacAddress;
import dev.namespaces.MacvlanMode;
import dev.namespaces.Neighbour;
import dev.namespaces.Route;
import dev.namespaces.ffm.linux.Tool;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import dev.namespaces.spi.IpText;
import dev.namespaces.spi.RouteSpec;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jspecify.annotations.Nullable;

/** Whatever is listed is compared with what ip(8) says in the same namespace, for every field that both have. */
@ExtendWith(LeavesNothingBehind.class)
class AgreementTest {

    private NetBox box;

    @BeforeEach
    void makeANetworkOfEverything() throws Exception {
        Tool.find("ip");
        box = NetBox.open();
        NetBox other = box.another();
        other.make(Links.up(LinkRef.LOOPBACK));
        LinkRef far = new LinkRef(2, "far");
        LinkRef bridge = new LinkRef(3, "lan");
        LinkRef port = new LinkRef(4, "port");
        LinkRef inner = new LinkRef(5, "inner");
        LinkRef sharing = new LinkRef(6, "sharing");
        LinkRef way = new LinkRef(8, "way");
        box.make(Links.veth(NewLink.named("far").at(2).with(1400, MacAddress.of("02:00:00:00:00:02")),
                NewLink.named("near").at(7).with(1400, null), other.place()),
                Links.bridge(NewLink.named("lan").at(3)),
                Links.veth(NewLink.named("port").at(4).portOf(3), NewLink.named("inner").at(5), null), Links.up(inner),
                Links.macvlan(NewLink.named("sharing").at(6), inner, MacvlanMode.BRIDGE),
                Links.veth(NewLink.named("way").at(8), NewLink.named("gone").at(9), null),
                Addresses.add(far, IpPrefix.of("10.9.0.1/24")), Addresses.add(far, IpPrefix.of("10.9.0.7/24")),
                Addresses.add(far, IpPrefix.of("fd00:9::1/64")), Addresses.add(bridge, IpPrefix.of("10.1.0.1/16")),
                Addresses.add(sharing, IpPrefix.of("192.168.0.1/31")), Addresses.add(way, IpPrefix.of("10.7.0.1/32")),
                Routes.add(RouteSpec.via(IpText.parse("10.9.0.254")), null),
                Routes.add(RouteSpec.via(IpText.parse("fd00:9::fe")), null),
                Routes.add(route("10.2.0.0/16", null, "far", false, "10.9.0.7", 77), far),
                Routes.add(route("10.3.0.0/16", "10.8.0.1", "far", true, null, 5), far),
                Routes.add(route("10.4.0.0/16", null, "way", false, null, 0), way),
                Routes.add(route("fd00:a::/48", "fd00:9::fe", "far", false, null, 9), far),
                Neighbours.add(far, IpText.parse("10.9.0.254"), MacAddress.of("02:00:00:00:00:fe")),
                Neighbours.add(far, IpText.parse("fd00:9::fe"), MacAddress.of("02:00:00:00:00:fe")),
                Neighbours.add(port, IpText.parse("10.1.0.5"), MacAddress.of("02:00:00:00:00:05")));
        other.make(Links.up(new LinkRef(7, "near")));
        box.says("ip", "addr", "add", "10.6.0.1", "peer", "10.6.0.2/32", "dev", "inner");
        box.says("ip", "addr", "add", "10.5.0.1/24", "broadcast", "+", "valid_lft", "9500", "preferred_lft", "8500",
                "dev", "inner", "label", "inner:1");
        box.says("ip", "route", "add", "10.10.0.0/16", "nexthop", "via", "10.9.0.3", "nexthop", "dev", "lan");
        box.says("ip", "route", "add", "10.11.0.0/16", "via", "inet6", "fd00:9::3", "dev", "far", "mtu", "1300");
        box.says("ip", "route", "add", "unreachable", "10.12.0.0/16", "table", "1000");
        box.says("ip", "neigh", "add", "10.9.0.4", "dev", "far", "lladdr", "02:00:00:00:00:04", "nud", "stale");
    }

    @AfterEach
    void close() {
        box.close();
    }

    private static RouteSpec route(String destination, @Nullable String gateway, String link, boolean onLink,
            @Nullable String source, long metric) {
        return new RouteSpec(IpPrefix.of(destination), gateway == null ? null : IpText.parse(gateway), link, onLink,
                source == null ? null : IpText.parse(source), metric);
    }

    private Map<Integer, String> names() throws Exception {
        return Links.list(box.socket()).stream().collect(Collectors.toMap(Link::index, Link::name));
    }

    /** What both say of the same moment: the kernel, which joins multicast groups when it comes to it, changed nothing meanwhile. */
    private <T> Both<T> both(Lister<T> lister, List<List<String>> commands) throws Exception {
        List<List<Map<String, Object>>> before;
        List<List<Map<String, Object>>> after = ip(commands);
        List<T> listed;
        do {
            before = after;
            listed = lister.list(box.socket());
            after = ip(commands);
        } while (!before.equals(after));
        return new Both<>(listed, after);
    }

    private List<List<Map<String, Object>>> ip(List<List<String>> commands) throws Exception {
        List<List<Map<String, Object>>> answers = new ArrayList<>();
        for (List<String> command : commands) {
            answers.add(box.ip(command.toArray(String[]::new)));
        }
        return answers;
    }

    private record Both<T>(List<T> listed, List<List<Map<String, Object>>> ip) {}

    @FunctionalInterface
    private interface Lister<T> {
        List<T> list(NetlinkSocket socket) throws Exception;
    }

    // ---- links

    @Test
    void interfaces() throws Exception {
        Both<Link> both = both(Links::list, List.of(List.of("link")));
        List<Link> links = both.listed();

        assertThat(links).extracting(Link::name).contains("lo", "far", "lan", "port", "inner", "sharing");
        assertThat(links).extracting(Link::kind).contains("", "veth", "bridge", "macvlan");
        Map<Integer, String> names = names();
        assertThat(links.stream().map(link -> fields(link, names)).toList())
                .containsExactlyElementsOf(both.ip().getFirst().stream().map(AgreementTest::fields).toList());
    }

    private static Map<String, Object> fields(Link link, Map<Integer, String> names) {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("index", (long) link.index());
        fields.put("name", link.name());
        fields.put("kind", link.kind());
        fields.put("mtu", (long) link.mtu());
        fields.put("mac", link.mac().map(MacAddress::toString).orElse(""));
        fields.put("state", link.state().name());
        fields.put("qdisc", link.qdisc());
        fields.put("queue", (long) link.queueLength());
        TreeSet<String> flags = link.flags().stream().map(Enum::name).collect(Collectors.toCollection(TreeSet::new));
        if (!flags.remove("RUNNING") && link.isUp()) {
            flags.add("NO-CARRIER");
        }
        fields.put("flags", flags);
        fields.put("master", link.master().isPresent() ? names.get(link.master().getAsInt()) : "");
        boolean elsewhere = link.lowerNamespace().isPresent();
        fields.put("lower", link.lower().isEmpty()
                ? ""
                : elsewhere
                        ? (Object) (long) link.lower().getAsInt()
                        : Objects.requireNonNull(names.get(link.lower().getAsInt())));
        fields.put("lowerNamespace", elsewhere ? (long) link.lowerNamespace().getAsInt() : "");
        return fields;
    }

    private static Map<String, Object> fields(Map<String, Object> ip) {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("index", ip.get("ifindex"));
        fields.put("name", ip.get("ifname"));
        fields.put("kind", ip.get("linkinfo") instanceof Map<?, ?> info ? info.get("info_kind") : "");
        fields.put("mtu", ip.get("mtu"));
        fields.put("mac", ip.get("address"));
        fields.put("state", ip.get("operstate"));
        fields.put("qdisc", ip.get("qdisc"));
        fields.put("queue", ip.getOrDefault("txqlen", 0L));
        TreeSet<Object> flags = new TreeSet<>((Collection<?>) ip.get("flags"));
        flags.remove("M-DOWN"); // ip's word for a lower interface that is down
        fields.put("flags", flags);
        fields.put("master", ip.getOrDefault("master", ""));
        fields.put("lower", ip.getOrDefault("link", ip.getOrDefault("link_index", "")));
        fields.put("lowerNamespace", ip.getOrDefault("link_netnsid", ""));
        return fields;
    }

    // ---- addresses

    @Test
    void addresses() throws Exception {
        Both<Address> both = both(Addresses::list, List.of(List.of("addr")));
        List<Address> addresses = both.listed();
        Map<Integer, String> names = names();

        List<Map<String, Object>> expected = new ArrayList<>();
        for (Map<String, Object> link : both.ip().getFirst()) {
            for (Object address : (Collection<?>) Json.at(link, "addr_info")) {
                expected.add(addressFields(String.valueOf(link.get("ifname")), (Map<?, ?>) address));
            }
        }

        assertThat(addresses).extracting(address -> address.prefix().toString()).contains("10.9.0.1/24",
                "fd00:9::1/64", "127.0.0.1/8", "::1/128");
        assertThat(addresses.stream().map(address -> fields(address, names)).toList())
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    private static Map<String, Object> fields(Address address, Map<Integer, String> names) {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("link", names.get(address.link()));
        fields.put("prefix", address.prefix().toString());
        fields.put("peer", address.peer().map(IpText::of).orElse(""));
        fields.put("broadcast", address.broadcast().map(IpText::of).orElse(""));
        fields.put("scope", Integer.toString(address.scope().number()));
        fields.put("label", address.label());
        fields.put("valid", seconds(address.validFor()));
        fields.put("preferred", seconds(address.preferredFor()));
        for (Address.Flag flag : Address.Flag.values()) {
            fields.put(flag.name(), address.flags().contains(flag));
        }
        return fields;
    }

    private static long seconds(Optional<Duration> time) {
        return time.map(Duration::toSeconds).orElse(0xffff_ffffL) / 1000; // it may pass between two looks
    }

    private static Map<String, Object> addressFields(String link, Map<?, ?> ip) {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("link", link);
        boolean hasPeer = ip.get("address") != null;
        fields.put("prefix", ip.get("local") + "/" + ip.get("prefixlen"));
        fields.put("peer", hasPeer ? ip.get("address") : "");
        fields.put("broadcast", orElse(ip, "broadcast", ""));
        fields.put("scope", String.valueOf(ip.get("scope")));
        fields.put("label", orElse(ip, "label", ""));
        fields.put("valid", (long) Json.at(ip, "valid_life_time") / 1000);
        fields.put("preferred", (long) Json.at(ip, "preferred_life_time") / 1000);
        for (Address.Flag flag : Address.Flag.values()) {
            String word = switch (flag) {
                case SECONDARY -> Json.at(ip, "family").equals("inet6") ? "temporary" : "secondary";
                default -> flag.name().toLowerCase(Locale.ROOT);
            };
            boolean said = Boolean.TRUE.equals(ip.get(word));
            fields.put(flag.name(), flag == Address.Flag.PERMANENT ? !Boolean.TRUE.equals(ip.get("dynamic")) : said);
        }
        return fields;
    }

    private static Object orElse(Map<?, ?> map, String name, Object otherwise) {
        Object value = map.get(name);
        return value == null ? otherwise : value;
    }

    // ---- routes

    @Test
    void routes() throws Exception {
        List<String> families = List.of("-4", "-6");
        Both<Route> both = both(Routes::list,
                families.stream().map(family -> List.of(family, "route", "show", "table", "all")).toList());
        List<Route> routes = both.listed();
        Map<Integer, String> names = names();

        List<Map<String, Object>> expected = new ArrayList<>();
        for (int i = 0; i < families.size(); i++) {
            String family = families.get(i);
            for (Map<String, Object> route : both.ip().get(i)) {
                Object hops = route.getOrDefault("nexthops", List.of(route));
                for (Object hop : (Collection<?>) hops) {
                    expected.add(routeFields(family, route, (Map<?, ?>) hop));
                }
            }
        }

        assertThat(routes).filteredOn(Route::isDefault).extracting(route -> IpText.of(route.gateway().orElseThrow()))
                .containsExactlyInAnyOrder("10.9.0.254", "fd00:9::fe");
        assertThat(routes).filteredOn(route -> route.destination().equals(IpPrefix.of("10.10.0.0/16"))).hasSize(2);
        assertThat(routes.stream().map(route -> fields(route, names)).toList())
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    private static Map<String, Object> fields(Route route, Map<Integer, String> names) {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("destination", route.destination().toString());
        fields.put("type", (long) route.type().number());
        fields.put("gateway", route.gateway().map(IpText::of).orElse(""));
        fields.put("link", route.link().isPresent() ? names.get(route.link().getAsInt()) : "");
        fields.put("source", route.source().map(IpText::of).orElse(""));
        fields.put("metric", route.metric());
        fields.put("mtu", (long) route.mtu().orElse(0));
        fields.put("scope", (long) route.scope().number());
        fields.put("protocol", (long) route.protocol());
        fields.put("table", route.table());
        fields.put("flags", route.flags().stream().map(flag -> flag.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new)));
        return fields;
    }

    private static Map<String, Object> routeFields(String family, Map<String, Object> ip, Map<?, ?> hop) {
        Map<String, Object> fields = new TreeMap<>();
        String destination = String.valueOf(ip.get("dst"));
        IpPrefix all = family.equals("-4") ? IpPrefix.ALL_IP4 : IpPrefix.ALL_IP6;
        fields.put("destination", destination.equals("default") ? all.toString() : IpPrefix.of(destination).toString());
        fields.put("type", number(ip, "type", 1));
        Object via = hop.get("via");
        fields.put("gateway", via instanceof Map<?, ?> other ? other.get("host") : orElse(hop, "gateway", ""));
        fields.put("link", orElse(hop, "dev", ""));
        fields.put("source", orElse(ip, "prefsrc", ""));
        fields.put("metric", number(ip, "metric", 0));
        fields.put("mtu", ip.get("metrics") instanceof List<?> metrics
                ? metrics.stream().mapToLong(metric -> number((Map<?, ?>) metric, "mtu", 0)).max().orElse(0)
                : 0L);
        fields.put("scope", number(ip, "scope", 0));
        fields.put("protocol", number(ip, "protocol", 0));
        fields.put("table", number(ip, "table", Route.MAIN));
        fields.put("flags", new TreeSet<>((Collection<?>) hop.get("flags")));
        return fields;
    }

    private static long number(Map<?, ?> map, String name, long otherwise) {
        Object value = map.get(name);
        return value == null ? otherwise : Long.parseLong(value.toString());
    }

    // ---- neighbours

    @Test
    void neighbours() throws Exception {
        Both<Neighbour> both = both(Neighbours::list, List.of(List.of("neigh", "show", "nud", "all")));
        List<Neighbour> neighbours = both.listed();
        Map<Integer, String> names = names();

        assertThat(neighbours).extracting(Neighbour::state).contains(Neighbour.State.PERMANENT,
                Neighbour.State.STALE);
        assertThat(neighbours.stream().map(neighbour -> List.of(Objects.requireNonNull(names.get(neighbour.link())),
                IpText.of(neighbour.address()), neighbour.mac().map(MacAddress::toString).orElse(""),
                neighbour.state().name())).toList())
                .containsExactlyInAnyOrderElementsOf(both.ip().getFirst().stream()
                        .map(ip -> List.of(ip.get("dev"), ip.get("dst"), ip.getOrDefault("lladdr", ""),
                                ip.get("state") instanceof List<?> states ? states.getFirst() : "NONE"))
                        .map(AgreementTest::texts).toList());
    }

    private static List<String> texts(List<?> values) {
        return values.stream().map(String::valueOf).toList();
    }
}
