package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.namespaces.IpPrefix;
import dev.namespaces.Link;
import dev.namespaces.MacAddress;
import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import dev.namespaces.spi.AddressSpec;
import dev.namespaces.spi.IpText;
import dev.namespaces.spi.LinkSpec;
import dev.namespaces.spi.NeighbourSpec;
import dev.namespaces.spi.NetSpec;
import dev.namespaces.spi.RouteSpec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A whole namespace made from its description, another of the test's own in the place of the host's. */
@ExtendWith(LeavesNothingBehind.class)
class NetSetupTest {

    private static final LinkSpec ETH = new LinkSpec("eth0", new LinkSpec.Veth("outside"));
    private static final AddressSpec FOUR = new AddressSpec("eth0", IpPrefix.of("10.9.0.1/24"));
    private static final AddressSpec SIX = new AddressSpec("eth0", IpPrefix.of("fd00::1/64"));
    private static final RouteSpec GATEWAY = RouteSpec.via(IpText.parse("10.9.0.254"));

    private NetBox host;
    private NetBox box;

    @BeforeEach
    void open() throws Exception {
        host = NetBox.open();
        box = host.another();
    }

    @AfterEach
    void close() {
        host.close();
    }

    private static NetSpec spec(List<LinkSpec> links, List<AddressSpec> addresses, List<RouteSpec> routes) {
        return new NetSpec(true, links, addresses, routes, List.of(), Map.of());
    }

    @Test
    void everythingIsThereAsDescribed() throws Exception {
        LinkSpec port = new LinkSpec("port", new LinkSpec.Veth("far")).withMaster("lan").withoutUp();
        RouteSpec onLink = new RouteSpec(IpPrefix.of("10.7.0.0/16"), null, "lan", false, null, 0);
        RouteSpec behind = new RouteSpec(IpPrefix.of("10.8.0.0/16"), IpText.parse("10.7.0.1"), null, false, null, 3);

        NetSetup.apply(new NetSpec(true,
                List.of(port, ETH.withMtu(1400).withMac(MacAddress.of("02:00:00:00:00:01")),
                        new LinkSpec("lan", new LinkSpec.Bridge())),
                List.of(FOUR, SIX, new AddressSpec("lo", IpPrefix.of("192.0.2.1/32"))),
                List.of(GATEWAY, behind, onLink), List.of(new NeighbourSpec("eth0", IpText.parse("10.9.0.254"),
                        MacAddress.of("02:00:00:00:00:fe"))),
                Map.of()), box.socket(), box.place(), false, host::secondSocket);

        assertThat(box.says("ip", "-brief", "link").lines().map(line -> line.split("[ @]", 2)[0]))
                .containsExactlyInAnyOrder("lo", "eth0", "lan", "port");
        assertThat(box.says("ip", "link", "show", "eth0")).contains("mtu 1400", "02:00:00:00:00:01", "UP");
        assertThat(box.says("ip", "link", "show", "port")).contains("master lan").doesNotContain("UP");
        assertThat(box.says("ip", "link", "show", "lo")).contains("LOOPBACK,UP");
        assertThat(box.says("ip", "addr")).contains("10.9.0.1/24", "fd00::1/64", "192.0.2.1/32");
        assertThat(box.says("ip", "route")).contains("default via 10.9.0.254 dev eth0", "10.7.0.0/16 dev lan",
                "10.8.0.0/16 via 10.7.0.1 dev lan");
        assertThat(box.says("ip", "neigh")).contains("10.9.0.254 dev eth0 lladdr 02:00:00:00:00:fe PERMANENT");
        assertThat(host.ip("link")).extracting(link -> link.get("ifname")).containsExactlyInAnyOrder("lo", "outside",
                "far");
        assertThat(host.link("outside").mtu()).isEqualTo(1400);
    }

    @Test
    void aCommonNamespaceTakesOneDatagram() throws Exception {
        int[] sent = new int[1];
        int[] received = new int[1];
        KernelTransport kernel = KernelTransport.of(box.secondDescriptor());
        try (NetlinkSocket counted = new NetlinkSocket(new Transport() {

            @Override
            public void send(ByteBuffer datagram) throws NamespaceException {
                sent[0]++;
                kernel.send(datagram);
            }

            @Override
            public int receive(ByteBuffer buffer, boolean wait) throws NamespaceException {
                received[0]++;
                return kernel.receive(buffer, wait);
            }

            @Override
            public int namespace() throws NamespaceException {
                return kernel.namespace();
            }

            @Override
            public void close() {
                kernel.close();
            }
        })) {
            NetSetup.apply(spec(List.of(ETH), List.of(FOUR, SIX), List.of(GATEWAY)), counted, box.place(), false,
                    host::secondSocket);
        }

        assertThat(box.says("ip", "route")).contains("default via 10.9.0.254");
        assertThat(sent[0]).isEqualTo(1);
        assertThat(received[0]).isEqualTo(1);
    }

    @Test
    void whatIsThereAlreadyKeepsItsNumber() throws Exception {
        box.make(Links.bridge(NewLink.named("before").at(77)));

        NetSetup.apply(spec(List.of(ETH), List.of(FOUR, new AddressSpec("before", IpPrefix.of("10.1.0.1/16"))),
                List.of()), box.socket(), box.place(), false, host::secondSocket);

        assertThat(box.link("before").index()).isEqualTo(77);
        assertThat(box.says("ip", "addr", "show", "before")).contains("10.1.0.1/16");
    }

    @Test
    void aNameThatTheHostHasAlreadyIsRefusedAndNoHalfOfAPairIsLeft() throws Exception {
        host.make(Links.bridge(NewLink.named("outside")));

        assertThatExceptionOfType(NamespaceException.class)
                .isThrownBy(() -> NetSetup.apply(spec(List.of(ETH), List.of(FOUR), List.of(GATEWAY)), box.socket(),
                        box.place(), false, host::secondSocket))
                .satisfies(e -> {
                    assertThat(e.step()).isEqualTo(Step.ADD_LINK);
                    assertThat(e.errnoName()).isEqualTo("EEXIST");
                    assertThat(e.detail()).isEqualTo("eth0 and its other end outside");
                });
        assertThat(Links.list(box.socket())).extracting(Link::name).containsExactly("lo");
        assertThat(Links.list(host.socket())).extracting(Link::kind).doesNotContain("veth");
    }

    @Test
    void anInterfaceThatIsNotThereIsRefusedBeforeAnythingIsMade() throws Exception {
        assertThatIllegalArgumentException().isThrownBy(() -> NetSetup.apply(
                spec(List.of(ETH), List.of(new AddressSpec("gone", IpPrefix.of("10.0.0.1/8"))), List.of()),
                box.socket(), box.place(), false, host::secondSocket)).withMessage("there is no interface gone");
        assertThat(Links.list(box.socket())).hasSize(1);
    }
}
