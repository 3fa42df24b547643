package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.namespaces.spi.AddressSpec;
import dev.namespaces.spi.Content;
import dev.namespaces.spi.IpText;
import dev.namespaces.spi.LinkSpec;
import dev.namespaces.spi.MountStep;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.NeighbourSpec;
import dev.namespaces.spi.NetSpec;
import dev.namespaces.spi.RouteSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetConfigTest {

    private final NetConfig config = new NetConfig(NetSpec.DEFAULT);

    private static void assertRefused(Consumer<? super NetConfig> configurer, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> Namespace.builder().net(configurer).spec())
                .withMessageContaining(message);
    }

    @Test
    void everythingIsInTheSpecification() {
        NetSpec spec = config.withoutLoopback().veth("eth0", "outside").mtu("eth0", 1400)
                .mac("eth0", "02:00:00:00:00:01")
                .veth("port", "far").bridge("lan", "port").down("port").address("eth0", "10.9.0.1/24")
                .address("lo", "fd00::1/128").gateway("10.9.0.254").route("10.2.0.0/16", "10.9.0.3")
                .linkRoute("10.3.0.0/16", "lan").neighbour("eth0", "10.9.0.254", "02:00:00:00:00:fe")
                .sysctl("net.ipv4.ip_forward", "1").spec();

        assertThat(spec.loopback()).isFalse();
        assertThat(spec.links()).containsExactly(
                new LinkSpec("eth0", new LinkSpec.Veth("outside"), 1400, MacAddress.of("02:00:00:00:00:01"), null,
                        true),
                new LinkSpec("port", new LinkSpec.Veth("far"), 0, null, "lan", false),
                new LinkSpec("lan", new LinkSpec.Bridge()));
        assertThat(spec.addresses()).containsExactly(new AddressSpec("eth0", IpPrefix.of("10.9.0.1/24")),
                new AddressSpec("lo", IpPrefix.of("fd00::1/128")));
        assertThat(spec.routes()).containsExactly(RouteSpec.via(IpText.parse("10.9.0.254")),
                new RouteSpec(IpPrefix.of("10.2.0.0/16"), IpText.parse("10.9.0.3"), null, false, null, 0),
                new RouteSpec(IpPrefix.of("10.3.0.0/16"), null, "lan", false, null, 0));
        assertThat(spec.neighbours()).containsExactly(
                new NeighbourSpec("eth0", IpText.parse("10.9.0.254"), MacAddress.of("02:00:00:00:00:fe")));
        assertThat(spec.sysctls()).isEqualTo(Map.of("net.ipv4.ip_forward", "1"));
    }

    @Test
    void callsOfTheBuilderAddUp() {
        NetSpec spec = Namespace.builder().net(n -> n.veth("eth0", "a")).net(n -> n.address("eth0", "10.9.0.1/24"))
                .net().spec().net();

        assertThat(spec.links()).hasSize(1);
        assertThat(spec.addresses()).hasSize(1);
        assertThat(spec.isBare()).isFalse();
        assertThat(Namespace.builder().net().spec().net().isBare()).isTrue();
    }

    @Test
    void interfacesHaveNamesOfTheirOwn() {
        assertRefused(n -> n.veth("eth0", "a").veth("eth0", "b"), "there are two interfaces named eth0");
        assertRefused(n -> n.veth("lo", "a"), "there are two interfaces named lo");
        assertRefused(n -> n.veth("eth0", "a/b"), "the name of an interface must not");
        assertRefused(n -> n.veth("sixteen-letters-", "a"), "1 to 15 bytes, not 16");
        assertRefused(n -> n.bridge(""), "1 to 15 bytes, not 0");
    }

    @Test
    void anInterfaceIsDescribedBeforeItIsNamed() {
        assertRefused(n -> n.mtu("eth0", 1500), "no interface eth0 has been described");
        assertRefused(n -> n.down("lo"), "no interface lo has been described");
        assertRefused(n -> n.mac("eth0", "02:00:00:00:00:01"), "no interface eth0");
        assertRefused(n -> n.address("eth0", "10.9.0.1/24"), "no interface eth0");
        assertRefused(n -> n.linkRoute("10.9.0.0/24", "eth0"), "no interface eth0");
        assertRefused(n -> n.neighbour("lo", "10.9.0.1", "02:00:00:00:00:01"), "no interface lo");
        assertRefused(n -> n.bridge("lan", "eth0"), "no interface eth0");
    }

    @Test
    void aPortBelongsToOneBridge() {
        assertRefused(n -> n.veth("p", "a").bridge("lan", "p").bridge("wan", "p"),
                "p cannot become a port of the bridge wan: it is one of lan");
        assertRefused(n -> n.bridge("lan").bridge("wan", "lan"), "it is a bridge");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 67, 65_536})
    void anMtuThatCannotBeIsRefused(int bytes) {
        assertRefused(n -> n.veth("eth0", "a").mtu("eth0", bytes), "between 68 and 65535: " + bytes);
    }

    @Test
    void addressesAreGivenOnceAndRoutesLeadSomewhere() {
        assertRefused(n -> n.veth("a", "x").address("a", "10.9.0.1/24").address("a", "10.9.0.1/16"),
                "the address is given twice: 10.9.0.1");
        assertRefused(n -> n.veth("a", "x").address("a", "host/24"), "not an IP address: \"host\"");
        assertRefused(n -> n.veth("a", "x").mac("a", "ff:ff:ff:ff:ff:ff"), "no interface can have");
        assertRefused(n -> n.gateway("10.9.0.254").gateway("10.9.0.253"), "there are two routes to 0.0.0.0/0");
        assertRefused(n -> n.route("10.2.0.1/16", "10.9.0.254"), "must be a network, 10.2.0.0/16");
        assertRefused(n -> n.route("10.2.0.0/16", "fd00::1"), "IPv4 and IPv6 are mixed");
        assertRefused(n -> n.linkRoute("10.2.0.1/16", "lo"), "must be a network, 10.2.0.0/16");
    }

    @Test
    void aGatewayThatNoAddressLeadsToIsRefused() {
        assertRefused(n -> n.gateway("10.9.0.254"),
                "the gateway 10.9.0.254 of the route to 0.0.0.0/0 cannot be reached");
        assertRefused(n -> n.veth("a", "x").address("a", "10.9.0.1/25").gateway("10.9.0.254"), "cannot be reached");
        assertRefused(n -> n.veth("a", "x").address("a", "10.9.0.1/24").gateway("10.9.0.1"),
                "is an address of its own");
        assertThat(Namespace.builder().net(n -> n.gateway("10.9.0.254").veth("a", "x").address("a", "10.9.0.1/24"))
                .spec().net().routes()).hasSize(1);
        assertThat(Namespace.builder().net(n -> n.veth("a", "x").linkRoute("10.9.0.0/24", "a").gateway("10.9.0.254"))
                .spec().net().routes()).hasSize(2);
    }

    @Test
    void theOtherEndOfAPairIsNamedByItsOwnName() {
        assertThat(config.veth("eth0", "box").hostAddress("box", "10.9.0.254/24").mtu("eth0", 1400)
                .hostAddress("box", "fd00::fe/64").spec().links()).extracting(LinkSpec::kind)
                .containsExactly(new LinkSpec.Veth("box",
                        List.of(IpPrefix.of("10.9.0.254/24"), IpPrefix.of("fd00::fe/64"))));
        assertRefused(n -> n.veth("a", "x").hostAddress("a", "10.9.0.1/24"),
                "no pair with the end a outside has been described");
        assertRefused(n -> n.veth("a", "x").hostAddress("x", "host/24"), "not an IP address: \"host\"");
        assertRefused(n -> n.veth("a", "x").address("a", "10.9.0.1/24").hostAddress("x", "10.9.0.1/24"),
                "the address is given twice: 10.9.0.1");
        assertRefused(n -> n.veth("a", "x").hostAddress("x", "10.9.0.1/24").address("a", "10.9.0.1/24"),
                "the address is given twice: 10.9.0.1");
        assertRefused(n -> n.veth("a", "x").hostAddress("x", "10.9.0.1/24").veth("b", "x"),
                "there are two interfaces named x outside");
        assertRefused(n -> n.veth("a", "x").mtu("a", 1279).hostAddress("x", "fd00::1/64"),
                "IPv6 takes an MTU of at least 1280, and a has 1279");
    }

    @Test
    void interfacesOfTheHostAreSharedOrMovedIn() {
        assertThat(config.macvlan("eth0", "lan", MacvlanMode.VEPA).move("eth7").move("eth8", "wan").spec().links())
                .containsExactly(new LinkSpec("eth0", new LinkSpec.Macvlan("lan", MacvlanMode.VEPA)),
                        new LinkSpec("eth7", new LinkSpec.Moved("eth7")),
                        new LinkSpec("wan", new LinkSpec.Moved("eth8")));
        assertRefused(n -> n.macvlan("eth0", "a/b", MacvlanMode.BRIDGE), "the name of an interface must not");
        assertRefused(n -> n.macvlan("lo", "eth0", MacvlanMode.BRIDGE), "there are two interfaces named lo");
        assertRefused(n -> n.move("a/b", "eth0"), "the name of an interface must not");
        assertRefused(n -> n.move("eth7").move("eth8", "eth7"), "there are two interfaces named eth7");
        assertRefused(n -> n.move("eth7").move("eth7", "eth0"), "there are two interfaces named eth7 outside");
        assertRefused(n -> n.move("eth7").veth("eth0", "eth7"), "there are two interfaces named eth7 outside");
        assertRefused(n -> n.veth("eth0", "eth7").move("eth7"), "there are two interfaces named eth7 outside");
        assertRefused(n -> n.move("lo", "eth0"), "every network has a loopback interface of its own");
        assertRefused(n -> n.macvlan("eth0", "lan", MacvlanMode.PASSTHRU).mac("eth0", "02:00:00:00:00:01"),
                "in this mode eth0 has the hardware address of lan, and no other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "net", "net.", "kernel.hostname", "net.ipv4.ip forward", "net..x",
            "net/ipv4/ip_forward",
            "net.ipv4.conf.a/b", "../x", "net.a\n"})
    void whatIsNoSysctlOfANetworkIsRefused(String name) {
        assertRefused(n -> n.sysctl(name, "1"), "not a sysctl of a network: \"" + name + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "1\n2", "1\0"})
    void aValueThatIsNotALineIsRefused(String value) {
        assertRefused(n -> n.sysctl("net.ipv4.ip_forward", value), "value of net.ipv4.ip_forward ");
    }

    @Test
    void whatNoKernelWouldMakeIsRefused() {
        assertRefused(n -> n.veth("a", "x").veth("b", "x"), "there are two interfaces named x outside");
        assertRefused(n -> n.bridge("a").mtu("a", 1279).address("a", "fd00::1/64"),
                "IPv6 takes an MTU of at least 1280, and a has 1279");
        assertRefused(n -> n.bridge("a").address("a", "10.9.0.1/24").gateway("10.9.0.2").down("a"),
                "cannot be reached");
        assertRefused(n -> n.bridge("a").down("a").linkRoute("10.9.0.0/24", "a"),
                "there is no route to 10.9.0.0/24 through a, which is down");
        assertRefused(n -> n.withoutLoopback().linkRoute("10.9.0.0/24", "lo"), "through lo, which is down");
    }

    @Test
    void sysctlsKeepTheirOrderAndThoseOfAnInterfaceAreKnown() {
        NetSpec spec = Namespace.builder().net(n -> n.sysctl("net.ipv4.ip_forward", "1").bridge("lan")
                .sysctl("net.ipv4.conf.lan.forwarding", "0").sysctl("net.ipv4.conf.all.rp_filter", "0")).spec().net();

        assertThat(spec.sysctls().keySet()).containsExactly("net.ipv4.ip_forward", "net.ipv4.conf.lan.forwarding",
                "net.ipv4.conf.all.rp_filter");
        assertThat(spec.sysctls().keySet().stream().filter(spec::isOfLink))
                .containsExactly("net.ipv4.conf.lan.forwarding");
    }

    @Test
    void namesAreInTheFilesOfTheMountNamespace() {
        NamespaceBuilder builder = Namespace.builder().mount().net(n -> n.hosts("a.example", "fd00::1"))
                .net(n -> n.nameServer("10.0.2.1").searchDomain("example"));
        NamespaceSpec spec = builder.spec();

        assertThat(spec.mount().steps()).containsExactly(
                file("/etc/hosts", "127.0.0.1 localhost\n::1 localhost\nfd00::1 a.example\n"),
                file("/etc/resolv.conf", "nameserver 10.0.2.1\nsearch example\n"));
        assertThat(new NamespaceBuilder(spec).spec()).isEqualTo(spec);
        assertThat(new NamespaceBuilder(spec).net(n -> n.nameServer("10.0.2.2")).spec().mount().steps().getLast())
                .isEqualTo(file("/etc/resolv.conf", "nameserver 10.0.2.1\nnameserver 10.0.2.2\nsearch example\n"));
    }

    @Test
    void aWayOutHasANameServerUnlessAnotherIsSaid() {
        NamespaceBuilder builder = Namespace.builder().mount().net(n -> n.outbound());

        assertThat(builder.spec().mount().steps())
                .containsExactly(file("/etc/resolv.conf", "nameserver 10.0.2.3\n"));
        assertThat(Namespace.builder().net(n -> n.outbound()).spec().mount().steps()).isEmpty();
        assertThat(builder.net(n -> n.searchDomain("example")).spec().mount().steps())
                .containsExactly(file("/etc/resolv.conf", "nameserver 10.0.2.3\nsearch example\n"));
        assertThat(builder.net(n -> n.nameServer("192.0.2.1")).spec().mount().steps())
                .containsExactly(file("/etc/resolv.conf", "nameserver 192.0.2.1\nsearch example\n"));
        assertThat(Namespace.builder().mount(m -> m.symlink("x", "/etc/resolv.conf")).net(n -> n.outbound()).spec()
                .mount().steps()).containsExactly(new MountStep.Symlink("x", "/etc/resolv.conf"));
    }

    @Test
    void namesComeBeforeTheRootIsReadOnly() {
        List<MountStep> steps = Namespace.builder().mount(m -> m.emptyRoot().tmpfs("/tmp").remountReadOnly("/"))
                .net(n -> n.nameServer("10.0.2.1")).spec().mount().steps();

        assertThat(steps).extracting(MountStep::target).containsExactly("/tmp", "/etc/resolv.conf", "/");
    }

    private static MountStep file(String target, String text) {
        return new MountStep.DataBind(target, new Content(text.getBytes(StandardCharsets.US_ASCII)), 0444, true);
    }

    @Test
    void namesTakeAMountNamespaceAndFilesOfNobodyElse() {
        assertRefused(n -> n.hosts("a", "10.0.0.1"), "takes a mount namespace: add .mount()");
        assertRefused(n -> n.searchDomain("a"), "takes a mount namespace: add .mount()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Namespace.builder().mount(m -> m.bind("/etc/hosts"))
                        .net(n -> n.hosts("a", "10.0.0.1")).spec())
                .withMessageContaining("/etc/hosts is said by the network's names, and by a file of your own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "a..b", ".a", "a.", "-a", "a-", "a b", "a\nnameserver 6.6.6.6", "a\0", "ä",
            "1234567890123456789012345678901234567890123456789012345678901234", "a/b", "a#b"})
    void whatIsNoNameIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> config.hosts(name, "10.0.0.1"))
                .withMessageContaining("not a name of a host or domain");
        assertThatIllegalArgumentException().isThrownBy(() -> config.searchDomain(name))
                .withMessageContaining("not a name of a host or domain");
    }

    @Test
    void namesAreRefusedTwiceAndAddressesThatAreNone() {
        config.hosts("a-b.c_d", "10.0.0.1").hosts("a-b.c_d", "fd00::1").nameServer("10.0.0.1").searchDomain("a");
        assertThatIllegalArgumentException().isThrownBy(() -> config.hosts("a-b.c_d", "fd00:0::1"))
                .withMessageContaining("given twice: a-b.c_d fd00:0::1");
        assertThatIllegalArgumentException().isThrownBy(() -> config.searchDomain("a"))
                .withMessageContaining("given twice: search domain a");
        assertThatIllegalArgumentException().isThrownBy(() -> config.nameServer("10.0.0.1"))
                .withMessageContaining("given twice: name server 10.0.0.1");
        assertThatIllegalArgumentException().isThrownBy(() -> config.nameServer("localhost"))
                .withMessageContaining("not an IP address");
        assertThatIllegalArgumentException().isThrownBy(() -> config.hosts("x", "fe80::1%eth0"))
                .withMessageContaining("not an IP address");
        config.nameServer("10.0.0.2").nameServer("10.0.0.3");
        assertThatIllegalArgumentException().isThrownBy(() -> config.nameServer("10.0.0.4"))
                .withMessageContaining("asks 3 name servers at most");
    }

    @Test
    void whatIsAllowedTakesTheRightToChangeItFromTheCommand() {
        NamespaceSpec spec = Namespace.builder().user().net(n -> n.outbound(
                o -> o.allow("10.9.8.7", 443).allowUdp("10.0.2.3", 53).allow("fd00::/8"))).spec();

        assertThat(CapabilityWords.of(spec.process().capabilities()))
                .containsExactly("capabilities that are dropped: CAP_NET_ADMIN, CAP_NET_RAW");
        assertThat(NetWords.of(spec.net())).contains(
                "allowed to be sent to, and nothing else: 10.9.8.7/32, TCP port 443",
                "allowed to be sent to, and nothing else: 10.0.2.3/32, UDP port 53",
                "allowed to be sent to, and nothing else: fd00::/8");
    }

    @Test
    void whatIsAllowedIsRefusedWhereItRestrictsNobodyOrIsNothing() {
        assertRefused(n -> n.outbound(o -> o.allow("10.9.8.7")), "add .user()");
        assertThatIllegalArgumentException().isThrownBy(() -> Namespace.builder().user()
                .capabilities(c -> c.add(Capability.NET_RAW)).net(n -> n.outbound(o -> o.allow("10.9.8.7"))).spec())
                .withMessageContaining("CAP_NET_ADMIN or CAP_NET_RAW");
        assertRefused(n -> n.outbound(o -> o.allow("10.9.8.7/24")), "an address or a network, 10.9.8.0/24");
        assertRefused(n -> n.outbound(o -> o.allow("somewhere.example", 80)), "not an IP address");
        assertRefused(n -> n.outbound(o -> o.allow("10.9.8.7", 0)), "not a port: 0");
        assertRefused(n -> n.outbound(o -> o.allow("10.9.8.7", 80).allow("10.9.8.7/32", 80)), "allowed twice");
    }
}
