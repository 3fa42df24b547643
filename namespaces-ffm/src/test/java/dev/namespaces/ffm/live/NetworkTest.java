package dev.namespaces.ffm.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.namespaces.Impairment;
import dev.namespaces.Link;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Network;
import dev.namespaces.NetworkBuilder;
import dev.namespaces.NetworkLink;
import dev.namespaces.OpenNamespace;
import dev.namespaces.RateLimit;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Tool;
import dev.namespaces.ffm.spawn.Await;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several hosts, as programs inside see them. */
@ExtendWith(LeavesNothingBehind.class)
class NetworkTest {

    @BeforeAll
    static void findTools() {
        Tool.find("perl");
    }

    /** A host on either side of two routers, with more than one way between them, and one that is connected to both sides but does not forward. */
    private static NetworkBuilder described() {
        return Network.builder().hosts("a", "b", "c", "between").routers("r", "s").link("a", "r", "10.9.0.0/24")
                .link("r", "s", "10.8.0.0/30").switchOf("lan", "10.1.0.0/24", "s", "b", "c", "between")
                .link("a", "between", "10.7.0.0/24");
    }

    /** What a connection to a port that nobody listens on says: if the host is reached, that it is refused. */
    private static String tries(Network network, String from, String to, int seconds) throws Exception {
        return network.host(from).run("perl", "-MIO::Socket::IP", "-e",
                "IO::Socket::IP->new(PeerHost => $ARGV[0], PeerPort => 9, Timeout => $ARGV[1]) or print $!", to,
                Integer.toString(seconds)).orThrow().stdout();
    }

    private static void assertReaches(Network network, String from, String to) throws Exception {
        assertThat(tries(network, from, to, 60)).as("%s to %s", from, to).isEqualTo("Connection refused");
    }

    /** Whoever could not be reached a moment ago is asked for once a second, and given up after the third time. */
    private static void awaitReach(Network network, String from, String to) throws Exception {
        Await.value(from + " to reach " + to, () -> tries(network, from, to, 60), "Connection refused"::equals);
    }

    private static void assertDoesNotReach(Network network, String from, String to) throws Exception {
        assertThat(tries(network, from, to, 1)).as("%s to %s", from, to).isNotEmpty()
                .isNotEqualTo("Connection refused");
    }

    @Test
    void everyHostReachesEveryOtherByItsName() throws Exception {
        try (Network network = described().open()) {
            for (String from : network.hosts()) {
                assertThat(network.host(from).run("hostname").orThrow().stdout()).isEqualTo(from + "\n");
                for (String to : network.hosts()) {
                    assertReaches(network, from, to);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.%d.0.0/24", "fd00:%d::/64", "fd00:%d::/126"})
    void aSubnetIsOfEitherFamily(String subnet) throws Exception {
        try (Network network = Network.builder().hosts("a", "b").routers("r").link("a", "r", subnet.formatted(1))
                .switchOf("lan", subnet.formatted(2), "b", "r").open()) {
            assertReaches(network, "a", "b");
            assertReaches(network, "b", "a");
        }
    }

    @Test
    void routesLeadOverRoutersAloneAndTheirSysctlsSaySo() throws Exception {
        try (Network network = described().open()) {
            assertThat(routes(network, "a")).containsExactlyInAnyOrder("10.9.0.0/24 dev r", "10.7.0.0/24 dev between",
                    "10.8.0.0/30 via 10.9.0.2 dev r", "10.1.0.0/24 via 10.9.0.2 dev r");
            assertThat(routes(network, "b")).containsExactlyInAnyOrder("10.1.0.0/24 dev lan",
                    "10.8.0.0/30 via 10.1.0.1 dev lan", "10.9.0.0/24 via 10.1.0.1 dev lan");
            for (String host : network.hosts()) {
                assertThat(network.host(host).run("cat", "/proc/sys/net/ipv4/ip_forward").orThrow().stdout().strip())
                        .as(host).isEqualTo(List.of("r", "s").contains(host) ? "1" : "0");
            }
        }
    }

    private static List<String> routes(Network network, String host) throws Exception {
        return network.host(host).run("/sbin/ip", "route").orThrow().stdout().lines()
                .map(line -> line.replaceAll(" (proto|scope|src) \\S+", "").strip()).toList();
    }

    @Test
    void ofAnothersAddressesTheNearestIsFirst() throws Exception {
        try (Network network = described().open()) {
            assertThat(network.host("a").run("getent", "hosts", "between").orThrow().stdout())
                    .startsWith("10.7.0.2 ");
            assertThat(network.host("b").run("getent", "hosts", "between").orThrow().stdout())
                    .startsWith("10.1.0.4 ");
            assertThat(network.address("between")).hasToString("between/10.1.0.4");
            assertThat(network.addresses("r")).hasToString("[r/10.9.0.2, r/10.8.0.1]");
        }
    }

    @Test
    void thisMachinesFileOfHostsStaysAsItIs() throws Exception {
        byte[] before = Files.readAllBytes(Path.of("/etc/hosts"));
        try (Network network = described().open()) {
            assertThat(network.host("a").run("cat", "/etc/hosts").orThrow().stdout()).contains("10.1.0.2 b\n");
            assertThat(network.host("a").run("sh", "-c", "echo >> /etc/hosts").exitValue()).isNotZero();
            assertThat(Files.readAllBytes(Path.of("/etc/hosts"))).isEqualTo(before);
        }
    }

    @Test
    void aHostHasItsOwnProcessesAndInterfacesAndNobodyElses() throws Exception {
        try (Network network = described().open(); NamespaceProcess _ = network.host("b").spawn("sleep", "60")) {
            assertThat(network.host("a").run("ps", "-e", "-o", "comm=").orThrow().stdout().lines())
                    .containsExactly("namespaces-init", "ps");
            assertThat(network.host("a").links()).extracting(Link::name).containsExactly("lo", "r", "between");
            assertThat(network.host("s").links()).extracting(Link::name)
                    .containsExactly("lo", "r", "lan");
        }
    }

    @Test
    void addressesMayBeChosen() throws Exception {
        try (Network network = Network.builder().hosts("a", "b", "c").switchOf("lan", "10.1.0.0/24", "a", "b", "c")
                .address("a", "lan", "10.1.0.2").address("c", "lan", "10.1.0.254").open()) {
            assertThat(network.hosts().stream().map(network::address)).extracting(Object::toString)
                    .containsExactly("a/10.1.0.2", "b/10.1.0.1", "c/10.1.0.254");
            assertReaches(network, "a", "c");
            assertReaches(network, "b", "a");
        }
    }

    @Test
    void aLinkIsCutAndMendedAndNothingIsForgotten() throws Exception {
        try (Network network = Network.builder().hosts("a").routers("r").hosts("b").link("a", "r", "fd00:1::/64")
                .link("r", "b", "fd00:2::/64").open()) {
            assertReaches(network, "a", "b");
            String before = ipv6(network, "r");

            NetworkLink link = network.link("b", "r");
            link.down();
            assertDoesNotReach(network, "a", "b");
            assertReaches(network, "a", "r");
            assertThat(network.host("b").run("/sbin/ip", "link", "show", "r").orThrow().stdout())
                    .contains("NO-CARRIER");

            link.up();
            awaitReach(network, "a", "b");
            assertThat(ipv6(network, "r")).isEqualTo(before);
        }
    }

    private static String ipv6(Network network, String host) throws Exception {
        OpenNamespace open = network.host(host);
        return open.run("/sbin/ip", "-6", "-o", "address", "show", "scope", "global").orThrow().stdout()
                + open.run("/sbin/ip", "-6", "route", "show").orThrow().stdout();
    }

    @Test
    void aHostIsTakenOffASwitch() throws Exception {
        try (Network network = described().open()) {
            network.link("c", "lan").down();

            assertDoesNotReach(network, "b", "c");
            assertReaches(network, "a", "b");
            network.link("c", "lan").up();
            awaitReach(network, "b", "c");
        }
    }

    @Test
    void hostsOfDifferentGroupsCannotReachEachOtherAndThoseOfTheSameCan() throws Exception {
        try (Network network = Network.builder().hosts("a", "b", "c", "d", "e")
                .switchOf("lan", "10.1.0.0/24", "a", "b", "c", "d", "e").link("a", "c", "10.2.0.0/24").open()) {
            network.partition(Set.of("a", "b"), Set.of("c"));
            assertReaches(network, "a", "b");
            assertReaches(network, "d", "e");
            for (List<String> pair : List.of(List.of("a", "c"), List.of("c", "a"), List.of("b", "d"),
                    List.of("c", "e"))) {
                assertDoesNotReach(network, pair.getFirst(), pair.getLast());
            }

            network.partition(Set.of("a", "c"), Set.of("b", "d"));
            awaitReach(network, "a", "c");
            awaitReach(network, "b", "d");
            assertDoesNotReach(network, "a", "b");
            assertDoesNotReach(network, "d", "e");

            network.heal();
            for (String to : network.hosts()) {
                awaitReach(network, "a", to);
            }
        }
    }

    @Test
    void aConnectionOutlivesAPartition() throws Exception {
        try (Network network = Network.builder().hosts("a", "b").link("a", "b", "10.1.0.0/24").open();
                NamespaceProcess server = network.host("b").spawn("perl", "-MIO::Socket::IP", "-e",
                        "$s = IO::Socket::IP->new(LocalHost => '::', V6Only => 0, LocalPort => 4242, Listen => 1)"
                                + " or die $@; $| = 1; print qq(ready\n); $c = $s->accept; while (<$c>) { print }")) {
            assertThat(server.inputReader().readLine()).isEqualTo("ready");
            try (NamespaceProcess client = network.host("a").spawn("perl", "-MIO::Socket::IP", "-e",
                    "$s = IO::Socket::IP->new(PeerHost => 'b', PeerPort => 4242) or die $@; $s->autoflush(1);"
                            + " while (<STDIN>) { print $s $_ }")) {
                client.outputWriter().append("before\n").flush();
                assertThat(server.inputReader().readLine()).isEqualTo("before");

                network.partition(Set.of("a"));
                client.outputWriter().append("meanwhile\n").flush();
                assertDoesNotReach(network, "a", "b");
                network.heal();

                assertThat(server.inputReader().readLine()).isEqualTo("meanwhile");
            }
        }
    }

    @Test
    @Tag("slow-under-emulation")
    void builtAndClosedAgainAndAgainNothingIsLeft() throws Exception {
        NetworkBuilder five = Network.builder().hosts("a", "b", "c").routers("r", "s").link("a", "r", "10.9.0.0/24")
                .link("r", "s", "fd00:8::/64").switchOf("lan", "10.1.0.0/24", "s", "b", "c");
        for (int i = 0; i < 200; i++) {
            try (Network network = five.open()) {
                assertThat(network.host("s").links()).hasSize(3);
            }
        }
    }

    @Test
    void closedOnceMoreNothingHappens() throws Exception {
        Network network = described().open();
        OpenNamespace a = network.host("a");
        NetworkLink link = network.link("a", "r");
        network.close();
        network.close();

        assertThatIllegalStateException().isThrownBy(() -> a.run("true"));
        assertThatIllegalStateException().isThrownBy(link::down);
        assertThatIllegalStateException().isThrownBy(() -> network.partition(Set.of("a")));
        assertThatIllegalStateException().isThrownBy(network::heal);
    }

    @Test
    void whatThereIsNotIsRefused() throws Exception {
        try (Network network = Network.builder().hosts("a", "b", "alone").link("a", "b", "10.1.0.0/24").open()) {
            assertThatIllegalArgumentException().isThrownBy(() -> network.host("c")).withMessage("there is no host c");
            assertThatIllegalArgumentException().isThrownBy(() -> network.addresses("c"));
            assertThatIllegalArgumentException().isThrownBy(() -> network.address("alone"))
                    .withMessage("alone is not connected");
            assertThatIllegalArgumentException().isThrownBy(() -> network.link("a", "alone"))
                    .withMessage("a and alone are not connected");
            assertThatIllegalArgumentException().isThrownBy(() -> network.partition(Set.of("a"), Set.of("b", "a")))
                    .withMessage("a is in two groups");
            assertThatIllegalArgumentException().isThrownBy(() -> network.partition(Set.of("c")))
                    .withMessage("there is no host c");
            assertReaches(network, "a", "b");
        }
    }

    @Test
    void aRateIsLimitedInBothDirectionsAndTheLimitTakenBack() throws Exception {
        NetworkBuilder described = Network.builder().hosts("a", "b", "c").link("a", "b", "10.1.0.0/24")
                .switchOf("lan", "10.2.0.0/24", "a", "c").limit("b", "a", RateLimit.of(8_000_000));
        try (Network network = described.open()) {
            assertThat(qdisc(network, "a", "b")).isEqualTo("tbf");
            assertThat(qdisc(network, "b", "a")).isEqualTo("tbf");
            assertThat(qdisc(network, "c", "lan")).isEqualTo("noqueue");

            network.link("a", "b").reset();
            network.link("a", "b").reset();
            network.link("c", "lan").limit(RateLimit.of(80_000));
            assertThat(qdisc(network, "a", "b")).isEqualTo("noqueue");
            assertThat(qdisc(network, "c", "lan")).isEqualTo("tbf");
            assertThat(qdisc(network, "a", "lan")).isEqualTo("noqueue");
            assertReaches(network, "a", "c");
        } catch (NamespaceException e) {
            assertThat(e).hasMessageContaining("the module sch_tbf");
        }
    }

    private static String qdisc(Network network, String host, String name) throws Exception {
        return network.host(host).links().stream().filter(link -> link.name().equals(name)).findFirst().orElseThrow()
                .qdisc();
    }

    /** Where the kernel has netem; elsewhere it has to say so, and to leave nothing. */
    @Test
    void theDelayOfARouterIsSeenByAPing() throws Exception {
        NetworkBuilder described = Network.builder().hosts("a", "b").routers("r").link("a", "r", "10.1.0.0/24")
                .link("r", "b", "10.2.0.0/24")
                .impair("r", "a", Impairment.NONE.delay(Duration.ofMillis(200)));
        try (Network network = described.open()) {
            assertThat(roundTrip(network, "a", "b")).isBetween(Duration.ofMillis(400), Duration.ofMillis(440));
            network.link("r", "b").impair(Impairment.NONE.delay(Duration.ofMillis(100)));
            assertThat(roundTrip(network, "a", "b")).isBetween(Duration.ofMillis(600), Duration.ofMillis(660));
            network.link("r", "b").impair(Impairment.NONE.loss(1));
            assertDoesNotReach(network, "a", "b");
            network.link("r", "b").reset();
            network.link("r", "a").reset();
            awaitReach(network, "a", "b");
            assertThat(qdisc(network, "r", "a")).isEqualTo("noqueue");
        } catch (NamespaceException e) {
            assertThat(e.step()).isEqualTo(Step.QUEUE_PACKETS);
            assertThat(e).hasMessageContaining("the module sch_netem");
        }
    }

    /** The best of several, as the machine may be busy: no packet can be faster than the delay. */
    private static Duration roundTrip(Network network, String from, String to) throws Exception {
        String said = network.host(from).run("perl", "-MIO::Socket::IP", "-MTime::HiRes=time", "-e",
                "for (1..5) { $t = time; IO::Socket::IP->new(PeerHost => $ARGV[0], PeerPort => 9) and die;"
                        + " $t = time - $t; $best = $t if !$best || $t < $best } printf '%.0f', $best * 1e6",
                network.addresses(to).getFirst().getHostAddress()).orThrow().stdout();
        return Duration.ofNanos(Long.parseLong(said) * 1000);
    }
}
