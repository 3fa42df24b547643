package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Address;
import dev.namespaces.IpPrefix;
import dev.namespaces.Link;
import dev.namespaces.MacAddress;
import dev.namespaces.Neighbour;
import dev.namespaces.OpenNamespace;
import dev.namespaces.Route;
import dev.namespaces.spi.IpText;
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
import java.util.stream.Stream;

/** Compares whatever is listed of a network with what ip(8) says in there, for every field that both have. */
final class Agreement {

    private final Lister<Link> links;
    private final Lister<Address> addresses;
    private final Lister<Route> routes;
    private final Lister<Neighbour> neighbours;
    private final Ip ip;

    private Agreement(Lister<Link> links, Lister<Address> addresses, Lister<Route> routes,
            Lister<Neighbour> neighbours, Ip ip) {
        this.links = links;
        this.addresses = addresses;
        this.routes = routes;
        this.neighbours = neighbours;
        this.ip = ip;
    }

    static Agreement in(NetBox box) {
        NetlinkSocket socket = box.socket();
        return new Agreement(() -> Links.list(socket), () -> Addresses.list(socket), () -> Routes.list(socket),
                () -> Neighbours.list(socket), box::ip);
    }

    static Agreement in(OpenNamespace live) {
        return new Agreement(live::links, live::addresses, live::routes, live::neighbours,
                arguments -> Networks.ip(live,
                        Stream.concat(Stream.of("-N"), Stream.of(arguments)).toArray(String[]::new)));
    }

    private interface Lister<T> {
        List<T> list() throws Exception;
    }

    private interface Ip {
        List<Map<String, Object>> says(String... arguments) throws Exception;
    }

    private record Both<T>(List<T> listed, List<List<Map<String, Object>>> ip) {}

    /** What both say of the same moment: the kernel, which joins multicast groups when it comes to it, changed nothing meanwhile. */
    private <T> Both<T> both(Lister<T> lister, List<List<String>> commands) throws Exception {
        List<List<Map<String, Object>>> before;
        List<List<Map<String, Object>>> after = says(commands);
        List<T> listed;
        do {
            before = after;
            listed = lister.list();
            after = says(commands);
        } while (!before.equals(after));
        return new Both<>(listed, after);
    }

    private List<List<Map<String, Object>>> says(List<List<String>> commands) throws Exception {
        List<List<Map<String, Object>>> answers = new ArrayList<>();
        for (List<String> command : commands) {
            answers.add(ip.says(command.toArray(String[]::new)));
        }
        return answers;
    }

    private Map<Integer, String> names() throws Exception {
        return links.list().stream().collect(Collectors.toMap(Link::index, Link::name));
    }

    /** All of it. */
    void check() throws Exception {
        links();
        addresses();
        routes();
        neighbours();
    }

    // ---- links

    /** Compares them, and returns what was listed. */
    List<Link> links() throws Exception {
        Both<Link> both = both(links, List.of(List.of("link")));
        Map<Integer, String> names = names();

        assertThat(both.listed().stream().map(link -> fields(link, names)).toList())
                .containsExactlyElementsOf(both.ip().getFirst().stream().map(Agreement::fields).toList());
        return both.listed();
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

    List<Address> addresses() throws Exception {
        Both<Address> both = both(addresses, List.of(List.of("addr")));
        Map<Integer, String> names = names();
        List<Map<String, Object>> expected = new ArrayList<>();
        for (Map<String, Object> link : both.ip().getFirst()) {
            for (Object address : (Collection<?>) Json.at(link, "addr_info")) {
                expected.add(addressFields(String.valueOf(link.get("ifname")), (Map<?, ?>) address));
            }
        }

        assertThat(both.listed().stream().map(address -> fields(address, names)).toList())
                .containsExactlyInAnyOrderElementsOf(expected);
        return both.listed();
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

    List<Route> routes() throws Exception {
        List<String> families = List.of("-4", "-6");
        Both<Route> both = both(routes,
                families.stream().map(family -> List.of(family, "route", "show", "table", "all")).toList());
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

        assertThat(both.listed().stream().map(route -> fields(route, names)).toList())
                .containsExactlyInAnyOrderElementsOf(expected);
        return both.listed();
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

    List<Neighbour> neighbours() throws Exception {
        Both<Neighbour> both = both(neighbours, List.of(List.of("neigh", "show", "nud", "all")));
        Map<Integer, String> names = names();

        assertThat(both.listed().stream().map(neighbour -> List.of(Objects.requireNonNull(names.get(neighbour.link())),
                IpText.of(neighbour.address()), neighbour.mac().map(MacAddress::toString).orElse(""),
                neighbour.state().name())).toList())
                .containsExactlyInAnyOrderElementsOf(both.ip().getFirst().stream()
                        .map(ip -> List.of(ip.get("dev"), ip.get("dst"), ip.getOrDefault("lladdr", ""),
                                ip.get("state") instanceof List<?> states ? states.getFirst() : "NONE"))
                        .map(Agreement::texts).toList());
        return both.listed();
    }

    private static List<String> texts(List<?> values) {
        return values.stream().map(String::valueOf).toList();
    }
}
