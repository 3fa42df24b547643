package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
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

    @Test
    void interfaces() throws Exception {
        List<Link> links = Agreement.in(box).links();

        assertThat(links).extracting(Link::name).contains("lo", "far", "lan", "port", "inner", "sharing");
        assertThat(links).extracting(Link::kind).contains("", "veth", "bridge", "macvlan");
    }

    @Test
    void addresses() throws Exception {
        assertThat(Agreement.in(box).addresses()).extracting(address -> address.prefix().toString())
                .contains("10.9.0.1/24", "fd00:9::1/64", "127.0.0.1/8", "::1/128");
    }

    @Test
    void routes() throws Exception {
        List<Route> routes = Agreement.in(box).routes();

        assertThat(routes).filteredOn(Route::isDefault).extracting(route -> IpText.of(route.gateway().orElseThrow()))
                .containsExactlyInAnyOrder("10.9.0.254", "fd00:9::fe");
        assertThat(routes).filteredOn(route -> route.destination().equals(IpPrefix.of("10.10.0.0/16"))).hasSize(2);
    }

    @Test
    void neighbours() throws Exception {
        assertThat(Agreement.in(box).neighbours()).extracting(Neighbour::state)
                .contains(Neighbour.State.PERMANENT, Neighbour.State.STALE);
    }
}
