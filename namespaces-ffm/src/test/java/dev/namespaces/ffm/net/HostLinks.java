package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.Command;
import dev.namespaces.Link;
import dev.namespaces.MacvlanMode;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.OpenNamespace;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.spawn.Await;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import dev.namespaces.spi.IpText;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is done to interfaces of the JVM's network: moved in, or shared. {@link PairsTest} runs these tests in JVMs that have a network of their own. */
@ExtendWith(LeavesNothingBehind.class)
class HostLinks {

    private static final Namespace HERE = Namespace.builder().build();
    private static final String MAC = "02:00:00:00:00:77";

    /** A pair of the test's own, one end of which is lent. */
    @BeforeEach
    void makeAPair() throws Exception {
        ip("link", "add", "lent", "index", "2", "mtu", "1450", "address", MAC, "type", "veth", "peer", "name", "stays",
                "index", "3");
        ip("link", "set", "lent", "up");
        ip("link", "set", "stays", "up");
    }

    @AfterEach
    void deleteIt() throws Exception {
        for (Link link : outside()) {
            if (!link.kind().isEmpty()) {
                HERE.run("/sbin/ip", "link", "delete", link.name()); // the other end may be gone with the first
            }
        }
        Await.value("nothing but the loopback interface", HostLinks::names, List.of("lo")::equals);
    }

    private static void ip(String... arguments) throws Exception {
        HERE.run("/sbin/ip", arguments).orThrow();
    }

    private static List<Link> outside() throws NamespaceException {
        try (NetlinkSocket here = NetlinkSocket.open()) {
            return Links.list(here);
        }
    }

    private static List<String> names() throws NamespaceException {
        return outside().stream().map(Link::name).sorted().toList();
    }

    private static void assertThatItIsBackAsItWas() throws Exception {
        Map<String, Object> shown = Networks.ip(HERE, "link", "show", "lent").getFirst();
        assertThat(shown).containsEntry("mtu", 1450L).containsEntry("address", MAC);
        assertThat((List<?>) Json.at(shown, "flags")).asString().contains("UP");
        assertThat(names()).containsExactly("lent", "lo", "stays");
    }

    // ---- moved in

    @ParameterizedTest
    @EnumSource
    void anInterfaceMovesInAndBackWhenTheNamespacesAreClosed(Pairs.Owner owner) throws Exception {
        Namespace namespace = owner.builder().net(n -> n.bridge("lan").move("lent", "eth0").mtu("eth0", 1400)
                .mac("eth0", "02:00:00:00:00:01").address("eth0", "10.9.0.1/24").gateway("10.9.0.254")
                .sysctl("net.ipv4.conf.eth0.rp_filter", "2")).build();
        for (int i = 0; i < 3; i++) {
            try (OpenNamespace live = namespace.open()) {
                assertThat(names()).containsExactly("lo", "stays");
                Map<String, Object> inside = Networks.ip(live, "link", "show", "eth0").getFirst();
                assertThat(inside).containsEntry("mtu", 1400L).containsEntry("address", "02:00:00:00:00:01");
                assertThat((List<?>) Json.at(inside, "flags")).asString().contains("UP");
                assertThat(live.run("/sbin/ip", "route").orThrow().stdout())
                        .contains("default via 10.9.0.254 dev eth0");
                assertThat(live.links()).extracting(Link::name).containsExactlyInAnyOrder("lo", "lan", "eth0");
            }
            assertThatItIsBackAsItWas();
        }
    }

    @ParameterizedTest
    @EnumSource
    void itMovesBackWhenTheCommandHasEndedThoughOthersAreInsideStill(Pairs.Owner owner) throws Exception {
        Namespace namespace = owner.builder().net(n -> n.move("lent")).build();
        long other;
        try (NamespaceProcess process = namespace
                .spawn(Command.of("sh", "-c", "sleep 60 > /dev/null 2>&1 & echo $!; cat > /dev/null"))) {
            other = Long.parseLong(process.inputReader().readLine());
            assertThat(names()).containsExactly("lo", "stays");

            process.outputWriter().close();
            assertThat(process.waitFor()).isZero();
            Await.value("its return", HostLinks::names, names -> names.contains("lent"));
        }
        assertThatItIsBackAsItWas();
        assertThat(ProcessHandle.of(other).orElseThrow().destroyForcibly()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void itIsBackWhenACommandThatWasRunIs(Pairs.Owner owner) throws Exception {
        ip("link", "set", "lent", "down");

        String shown = owner.builder().pid().net(n -> n.move("lent")).run("/sbin/ip", "-brief", "link").orThrow()
                .stdout();

        assertThat(shown).contains("lent@");
        assertThat(outside()).filteredOn(link -> link.name().equals("lent")).singleElement()
                .matches(link -> !link.isUp());
    }

    @ParameterizedTest
    @EnumSource
    void itIsFoundByWhateverNameItHasInside(Pairs.Owner owner) throws Exception {
        owner.builder().net(n -> n.move("lent").down("lent")).run("/sbin/ip", "link", "set", "lent", "name", "other")
                .orThrow();

        assertThatItIsBackAsItWas();
    }

    /** Has moved it in, and exits. */
    static final class Exit {
        static void main() throws Exception {
            OpenNamespace live = Namespace.builder().net(n -> n.move("lent")).open();
            System.out.println(live.links().size());
            System.exit(0);
        }
    }

    @Test
    @Tag("slow-under-emulation")
    void itIsBackWhenTheJvmHasExited() throws Exception {
        assertThat(ChildJvm.of(Exit.class).output()).isEqualTo("2\n");

        assertThatItIsBackAsItWas();
    }

    @Test
    void ifItsNameIsTakenByThenItGetsAnother() throws Exception {
        try (OpenNamespace live = Namespace.builder().user().net(n -> n.move("lent")).open()) {
            assertThat(live.links()).hasSize(2);
            ip("link", "add", "lent", "type", "bridge");
        }

        assertThat(names()).hasSize(4).contains("lent", "lo", "stays").first().asString().matches("dev\\d");
    }

    @Test
    void whatSomebodyInsideHasPutInItsPlaceStaysThere() throws Exception {
        Namespace namespace = Namespace.builder().user().net(n -> n.move("lent")).build();

        namespace.run("sh", "-c", "ip() { /sbin/ip \"$@\"; }; i=$(ip -o link show lent | cut -d: -f1);"
                + " ip link delete lent; ip link add lent index $i type bridge; ip link show lent").orThrow();

        assertThat(names()).containsExactly("lo");
    }

    @ParameterizedTest
    @EnumSource
    void ifSomethingIsRefusedLaterItIsBack(Pairs.Owner owner) throws Exception {
        Namespace gateway = owner.builder().net(n -> n.move("lent").address("lent", "10.9.0.1/24")
                .gateway("10.9.0.255")).build();
        Namespace program = owner.builder().pid().net(n -> n.move("lent")).build();

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(gateway::open)
                .satisfies(e -> assertThat(e.step()).isEqualTo(Step.ADD_ROUTE));
        assertThatItIsBackAsItWas();
        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> program.run("/no/such/program"))
                .satisfies(e -> assertThat(e.step()).isEqualTo(Step.EXECUTE));
        assertThatItIsBackAsItWas();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotThereIsRefusedAndWhatWasMadeBeforeIsGone(Pairs.Owner owner) throws Exception {
        Namespace namespace = owner.builder().net(n -> n.veth("a", "far").move("lent").move("gone")).build();

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> namespace.run("true")).satisfies(e -> {
            assertThat(e.step()).isEqualTo(Step.CHANGE_LINK);
            assertThat(e.detail()).isEqualTo("gone (to be moved)");
            assertThat(e.errnoName()).isEqualTo("ENODEV");
            assertThat(e.remedy().orElseThrow()).contains("has no interface gone");
        });
        assertThatItIsBackAsItWas();
    }

    // ---- shared

    @ParameterizedTest
    @EnumSource
    void aMacvlanSharesAnInterfaceOutside(MacvlanMode mode) throws Exception {
        boolean alone = mode == MacvlanMode.PASSTHRU;
        NamespaceBuilder builder = Namespace.builder().user().net(n -> n.macvlan("eth0", "lent", mode)
                .mtu("eth0", 1400).address("eth0", "10.9.0.1/24").gateway("10.9.0.254"));
        if (!alone) {
            builder.net(n -> n.mac("eth0", "02:00:00:00:00:01"));
        }
        try (OpenNamespace live = builder.open()) {
            Map<String, Object> inside = Networks.ip(live, "link", "show", "eth0").getFirst();
            assertThat(inside).containsEntry("mtu", 1400L)
                    .containsEntry("address", alone ? MAC : "02:00:00:00:00:01");
            assertThat((List<?>) Json.at(inside, "flags")).asString().contains("UP");
            Object info = Json.at(inside, "linkinfo");
            assertThat(Json.at(info, "info_kind")).isEqualTo("macvlan");
            assertThat(Json.at(Json.at(info, "info_data"), "mode")).isEqualTo(mode.name().toLowerCase(Locale.ROOT));
            assertThat(Json.at(inside, "link_index")).as("lent").isEqualTo(2L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoOfThemReachEachOther(Pairs.Owner owner) throws Exception {
        try (OpenNamespace one = sharing(owner, "10.9.0.1/24").open();
                OpenNamespace other = sharing(owner, "10.9.0.2/24").open()) {
            assertThat(other.links()).hasSize(2);
            assertThat(one.run("perl", "-MIO::Socket::INET", "-e",
                    "IO::Socket::INET->new(PeerAddr => q(10.9.0.2:9)) or print $!").orThrow().stdout())
                    .isEqualTo("Connection refused");
        }
    }

    private static Namespace sharing(Pairs.Owner owner, String address) {
        return owner.builder().net(n -> n.macvlan("eth0", "lent", MacvlanMode.BRIDGE).address("eth0", address)).build();
    }

    @ParameterizedTest
    @EnumSource
    void ifSomethingIsRefusedLaterTheInterfaceIsFreeAgain(Pairs.Owner owner) throws Exception {
        Namespace namespace = owner.builder().net(n -> n.macvlan("eth0", "lent", MacvlanMode.PASSTHRU)
                .address("eth0", "10.9.0.1/24").gateway("10.9.0.255")).build();

        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> namespace.run("true"))
                    .satisfies(e -> assertThat(e.step()).as("passthru has it for itself").isEqualTo(Step.ADD_ROUTE));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterfaceThatIsNotThereCannotBeShared(Pairs.Owner owner) throws Exception {
        Namespace namespace = owner.builder().net(n -> n.macvlan("eth0", "gone", MacvlanMode.BRIDGE)).build();

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> namespace.run("true")).satisfies(e -> {
            assertThat(e.step()).isEqualTo(Step.ADD_LINK);
            assertThat(e.detail()).isEqualTo("eth0 on gone outside");
            assertThat(e.remedy().orElseThrow()).contains("has no interface gone");
        });
    }

    // ---- all together

    @ParameterizedTest
    @EnumSource
    void whatIsListedOfANetworkWithEverythingAgreesWithWhatIpSays(Pairs.Owner owner) throws Exception {
        ip("link", "add", "shared", "type", "veth", "peer", "name", "other");
        Namespace namespace = owner.builder().net(Networks::describe)
                .net(n -> n.veth("eth0", "box").mtu("eth0", 1300).mac("eth0", "02:00:00:00:00:02")
                        .address("eth0", "10.8.0.1/24").address("eth0", "fd00:8::1/64")
                        .hostAddress("box", "10.8.0.254/24").hostAddress("box", "fd00:8::fe/64")
                        .veth("p0", "far-p0").veth("p1", "far-p1").down("p1").bridge("ports", "p0", "p1")
                        .macvlan("sharing", "shared", MacvlanMode.BRIDGE).address("sharing", "10.7.0.1/24")
                        .move("lent", "moved").mtu("moved", 1350).address("moved", "10.6.0.1/31")
                        .address("moved", "fd00:6::1/64").route("10.20.0.0/16", "10.6.0.0")
                        .route("fd00:20::/48", "fd00:8::fe").linkRoute("10.21.0.0/16", "moved")
                        .neighbour("moved", "10.6.0.0", "02:00:00:00:00:06")
                        .neighbour("eth0", "fd00:8::fe", "02:00:00:00:00:08")
                        .sysctl("net.ipv6.conf.moved.accept_ra", "0"))
                .build();
        try (OpenNamespace live = namespace.open()) {
            live.run("perl", "-MIO::Socket::IP", "-e", // so that there is a neighbour that was looked for
                    "IO::Socket::IP->new(PeerHost => q(10.8.0.254), PeerPort => 9)").orThrow();

            Agreement.in(live).check();

            assertThat(live.links()).extracting(Link::name).containsExactlyInAnyOrder("lo", "lan", "wan", "off", "eth0",
                    "p0", "p1", "ports", "sharing", "moved");
            assertThat(live.neighbours()).extracting(it -> IpText.of(it.address())).contains("10.8.0.254", "10.6.0.0",
                    "fd00:8::fe");
        }
    }

    // ---- numbers

    /** Before Linux 6.15 the kernel looks outside for the number of what is made from there. */
    @ParameterizedTest
    @EnumSource
    void whateverNumbersAndNamesThereAreOutsideInsideTheyAreFree(Pairs.Owner owner) throws Exception {
        assertThat(outside()).extracting(Link::index).contains(2, 3);

        try (OpenNamespace live = owner.builder().net(n -> n.veth("lent", "far-a").veth("stays", "far-b")).open()) {
            assertThat(live.links()).extracting(Link::name).containsExactlyInAnyOrder("lo", "lent", "stays");
        }
    }
}
