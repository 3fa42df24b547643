package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Address;
import dev.namespaces.IpPrefix;
import dev.namespaces.MacAddress;
import dev.namespaces.Neighbour;
import dev.namespaces.Route;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import dev.namespaces.spi.IpText;
import dev.namespaces.spi.RouteSpec;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Addresses, routes and neighbours that are added and deleted, as ip(8) shows them. */
@ExtendWith(LeavesNothingBehind.class)
class AddressingTest {

    private static final LinkRef ETH = new LinkRef(2, "eth0");
    private static final LinkRef PEER = new LinkRef(3, "peer");
    private static final InetAddress GATEWAY = IpText.parse("10.9.0.254");

    private NetBox box;

    @BeforeEach
    void open() throws Exception {
        box = NetBox.open();
        box.make(Links.veth(NewLink.named("eth0").at(ETH.index()), NewLink.named("peer").at(PEER.index()), null),
                Links.up(PEER));
    }

    @AfterEach
    void close() {
        box.close();
    }

    private String addresses() throws Exception {
        return box.says("ip", "-oneline", "addr", "show", "dev", "eth0", "scope", "global");
    }

    // ---- addresses

    @Test
    void addressesOfBothFamiliesComeAndGo() throws Exception {
        IpPrefix four = IpPrefix.of("10.9.0.1/24");
        IpPrefix six = IpPrefix.of("fd00::1/64");

        box.make(Addresses.add(ETH, four), Addresses.add(ETH, six));
        assertThat(addresses()).contains("inet 10.9.0.1/24 scope global", "inet6 fd00::1/64 scope global");

        box.make(Addresses.delete(ETH, four), Addresses.delete(ETH, six));
        assertThat(addresses()).isEmpty();
    }

    @Test
    void anIpv6AddressCanBeUsedAtOnceAsNobodyIsAskedForIt() throws Exception {
        box.make(Addresses.add(ETH, IpPrefix.of("fd00::1/64")));

        assertThat(addresses()).contains("nodad").doesNotContain("tentative");
        assertThat(Addresses.list(box.socket()))
                .filteredOn(address -> address.prefix().equals(IpPrefix.of("fd00::1/64")))
                .singleElement().extracting(Address::flags).asInstanceOf(
                        org.assertj.core.api.InstanceOfAssertFactories.set(Address.Flag.class))
                .contains(Address.Flag.NODAD).doesNotContain(Address.Flag.TENTATIVE);
    }

    @Test
    void theLoopbackMayHaveMoreAddresses() throws Exception {
        box.make(Addresses.add(LinkRef.LOOPBACK, IpPrefix.of("127.0.0.2/8")),
                Addresses.add(LinkRef.LOOPBACK, IpPrefix.of("192.0.2.1/32")));

        assertThat(box.says("ip", "-oneline", "addr", "show", "dev", "lo")).contains("127.0.0.2/8 scope host",
                "192.0.2.1/32 scope global");
    }

    // ---- routes

    private String routes(String... more) throws Exception {
        return box
                .says(java.util.stream.Stream.concat(java.util.stream.Stream.of("ip"), java.util.stream.Stream.of(more))
                        .toArray(String[]::new));
    }

    private static RouteSpec route(String destination, @Nullable InetAddress gateway, boolean onLink,
            @Nullable InetAddress source, long metric) {
        return new RouteSpec(IpPrefix.of(destination), gateway, "eth0", onLink, source, metric);
    }

    @Test
    void aDefaultRouteOfEachFamilyComesAndGoes() throws Exception {
        RouteSpec four = RouteSpec.via(GATEWAY);
        RouteSpec six = RouteSpec.via(IpText.parse("fd00::fe"));
        box.make(Addresses.add(ETH, IpPrefix.of("10.9.0.1/24")), Addresses.add(ETH, IpPrefix.of("fd00::1/64")),
                Routes.add(four, null), Routes.add(six, null));

        assertThat(routes("route")).contains("default via 10.9.0.254 dev eth0 proto static");
        assertThat(routes("-6", "route")).contains("default via fd00::fe dev eth0 proto static");

        box.make(Routes.delete(four, null), Routes.delete(six, null));
        assertThat(routes("route") + routes("-6", "route")).doesNotContain("default");
    }

    @Test
    void aRouteMayBeOnTheLinkHaveAMetricAndASource() throws Exception {
        box.make(Addresses.add(ETH, IpPrefix.of("10.9.0.1/24")), Addresses.add(ETH, IpPrefix.of("10.9.0.2/24")),
                Routes.add(route("10.1.0.0/16", null, false, IpText.parse("10.9.0.2"), 0), ETH),
                Routes.add(route("10.2.0.0/16", IpText.parse("192.0.2.1"), true, null, 7), ETH),
                Routes.add(route("10.2.0.0/16", GATEWAY, false, null, 4_000_000_000L), ETH),
                Routes.add(route("fd01::/16", IpText.parse("fe80::1"), false, null, 3), ETH));

        assertThat(routes("route").lines().map(String::strip)).contains(
                "10.1.0.0/16 dev eth0 proto static scope link src 10.9.0.2",
                "10.2.0.0/16 via 192.0.2.1 dev eth0 proto static metric 7 onlink",
                "10.2.0.0/16 via 10.9.0.254 dev eth0 proto static metric 4000000000");
        assertThat(routes("-6", "route")).contains("via fe80::1 dev eth0 proto static metric 3");
        assertThat(Routes.list(box.socket())).filteredOn(route -> route.metric() == 4_000_000_000L).hasSize(1);

        box.make(Routes.delete(route("10.2.0.0/16", IpText.parse("192.0.2.1"), true, null, 7), ETH));
        assertThat(routes("route")).doesNotContain("metric 7").contains("metric 4000000000");
    }

    @Test
    void packetsTakeTheRoute() throws Exception {
        NetBox other = box.another();
        box.make(Links.move(PEER, other.place(), "eth0"), Addresses.add(ETH, IpPrefix.of("10.9.0.1/24")),
                Routes.add(RouteSpec.via(GATEWAY), null));
        LinkRef far = other.ref("eth0");
        other.make(Links.up(far), Links.up(LinkRef.LOOPBACK), Addresses.add(far, IpPrefix.of("10.9.0.254/24")),
                Addresses.add(LinkRef.LOOPBACK, IpPrefix.of("192.0.2.1/32")));

        // whoever listens at an address that only the default route leads to
        assertThat(box.says("perl", "-MIO::Socket::INET", "-e", """
                my $s = IO::Socket::INET->new(PeerAddr => '192.0.2.1', PeerPort => 9, Proto => 'tcp');
                print $s ? 'connected' : $!;""")).isEqualTo("Connection refused");
        assertThat(box.says("ip", "neigh", "show", "10.9.0.254")).contains(
                "lladdr " + other.link("eth0").mac().orElseThrow());
    }

    // ---- neighbours

    @Test
    void neighboursOfBothFamiliesComeAndGo() throws Exception {
        MacAddress mac = MacAddress.of("02:00:00:00:00:fe");
        box.make(Neighbours.add(ETH, GATEWAY, mac), Neighbours.add(ETH, IpText.parse("fd00::fe"), mac));

        assertThat(box.says("ip", "neigh").lines().map(String::strip)).contains(
                "10.9.0.254 dev eth0 lladdr 02:00:00:00:00:fe PERMANENT",
                "fd00::fe dev eth0 lladdr 02:00:00:00:00:fe PERMANENT");

        box.make(Neighbours.add(ETH, GATEWAY, MacAddress.of("02:00:00:00:00:01")));
        assertThat(box.says("ip", "neigh", "show", "10.9.0.254")).contains("02:00:00:00:00:01");

        box.make(Neighbours.delete(ETH, GATEWAY), Neighbours.delete(ETH, IpText.parse("fd00::fe")));
        assertThat(box.says("ip", "neigh", "show", "nud", "permanent")).doesNotContain("10.9.0.254", "fd00::fe");
        assertThat(Neighbours.list(box.socket())).filteredOn(it -> it.state() == Neighbour.State.PERMANENT).isEmpty();
    }

    @Test
    void whatIsInTheMainTableCanBeToldFromTheRest() throws Exception {
        box.make(Addresses.add(ETH, IpPrefix.of("10.9.0.1/24")));

        List<Route> routes = Routes.list(box.socket());

        assertThat(routes).filteredOn(route -> route.table() == Route.MAIN && !route.destination().isIp6())
                .singleElement().satisfies(route -> {
                    assertThat(route.destination()).isEqualTo(IpPrefix.of("10.9.0.0/24"));
                    assertThat(route.protocol()).isEqualTo(Route.KERNEL);
                });
        assertThat(routes).filteredOn(route -> route.table() == Route.LOCAL).extracting(Route::type)
                .contains(Route.Type.LOCAL, Route.Type.BROADCAST);
    }
}
