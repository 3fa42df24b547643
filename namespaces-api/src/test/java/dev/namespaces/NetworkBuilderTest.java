package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.namespaces.spi.AddressSpec;
import dev.namespaces.spi.IpText;
import dev.namespaces.spi.RouteSpec;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkBuilderTest {

    /** {@code a - r - s - b}, and a second way from {@code a} to {@code s} with one more router. */
    private static NetworkBuilder described() {
        return Network.builder().hosts("a", "b").routers("r", "s", "t", "u").link("a", "r", "10.1.0.0/24")
                .link("r", "s", "10.2.0.0/24").link("a", "t", "10.3.0.0/24").link("t", "u", "10.4.0.0/24")
                .link("u", "s", "10.5.0.0/24").switchOf("lan", "10.6.0.0/24", "s", "b");
    }

    private static void assertRefused(Consumer<? super NetworkBuilder> more, String message) {
        NetworkBuilder builder = described();
        Topology before = builder.topology();
        assertThatIllegalArgumentException().isThrownBy(() -> more.accept(builder)).withMessage(message);
        assertThat(builder.topology()).as("what was described before").isEqualTo(before);
    }

    private static List<String> routes(NetworkBuilder builder, String host) {
        return builder.topology().network(host).routes().stream().map(RouteSpec::toString).toList();
    }

    private static List<String> addresses(NetworkBuilder builder, String host) {
        return builder.topology().network(host).addresses().stream().map(it -> it.link() + " " + it.address()).toList();
    }

    @Test
    void routesLeadByTheFewestRouters() {
        assertThat(routes(described(), "a")).containsExactlyInAnyOrder("10.2.0.0/24 via 10.1.0.2",
                "10.4.0.0/24 via 10.3.0.2", "10.5.0.0/24 via 10.1.0.2", "10.6.0.0/24 via 10.1.0.2");
        assertThat(routes(described(), "b")).containsExactlyInAnyOrder("10.1.0.0/24 via 10.6.0.1",
                "10.2.0.0/24 via 10.6.0.1", "10.3.0.0/24 via 10.6.0.1", "10.4.0.0/24 via 10.6.0.1",
                "10.5.0.0/24 via 10.6.0.1");
        assertThat(routes(described(), "s")).containsExactlyInAnyOrder("10.1.0.0/24 via 10.2.0.1",
                "10.3.0.0/24 via 10.5.0.1", "10.4.0.0/24 via 10.5.0.1");
    }

    @Test
    void noRouteLeadsOverAHostThatDoesNotForwardOrOverTheOtherFamily() {
        NetworkBuilder builder = Network.builder().hosts("a", "b", "c").routers("r").link("a", "b", "10.1.0.0/24")
                .link("b", "c", "10.2.0.0/24").link("a", "r", "fd00:1::/64").link("r", "c", "10.3.0.0/24")
                .switchOf("six", "fd00:2::/64", "r");

        assertThat(routes(builder, "a")).containsExactly("fd00:2::/64 via fd00:1::2");
        assertThat(routes(builder, "c")).isEmpty();
    }

    @Test
    void addressesAreHandedOutInTheOrderOfMentionAroundThoseThatWereChosen() {
        NetworkBuilder builder = Network.builder().hosts("a", "b", "c", "d")
                .switchOf("lan", "10.1.0.0/29", "d", "a", "b", "c").address("a", "lan", "10.1.0.1")
                .address("d", "lan", "10.1.0.6").link("a", "b", "fd00::/64").link("c", "d", "10.2.0.0/31");

        assertThat(addresses(builder, "a")).containsExactly("lan 10.1.0.1/29", "b fd00::1/64");
        assertThat(addresses(builder, "b")).containsExactly("lan 10.1.0.2/29", "a fd00::2/64");
        assertThat(addresses(builder, "c")).containsExactly("lan 10.1.0.3/29", "d 10.2.0.0/31");
        assertThat(addresses(builder, "d")).containsExactly("lan 10.1.0.6/29", "c 10.2.0.1/31");
    }

    @Test
    void theLastAddressOfASubnetIsHandedOutToo() {
        String[] names = {"h1", "h2", "h3", "h4", "h5", "h6", "h7"};
        NetworkBuilder builder = Network.builder().hosts(names).switchOf("four", "10.1.0.0/29", "h1", "h2", "h3", "h4",
                "h5", "h6").switchOf("six", "fd00::fff8/125", names);

        assertThat(addresses(builder, "h6")).containsExactly("four 10.1.0.6/29", "six fd00::fffe/125");
        assertThat(addresses(builder, "h7")).containsExactly("six fd00::ffff/125");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Network.builder().hosts(names).switchOf("four", "10.1.0.0/29", names))
                .withMessage("there are not enough addresses in 10.1.0.0/29 for 7 hosts");
    }

    @Test
    void aHostKnowsTheOthersByTheirNearestAddresses() {
        assertThat(known(described(), "a")).containsExactly("a 10.1.0.1", "a 10.3.0.1", "b 10.6.0.2", "r 10.1.0.2",
                "r 10.2.0.1", "s 10.2.0.2", "s 10.5.0.2", "s 10.6.0.1", "t 10.3.0.2", "t 10.4.0.1", "u 10.4.0.2",
                "u 10.5.0.1");
        assertThat(known(described(), "b")).containsSubsequence("r 10.2.0.1", "r 10.1.0.2");
    }

    private static List<String> known(NetworkBuilder builder, String host) {
        return builder.topology().known(host).stream().map(it -> it.host() + " " + IpText.of(it.address())).toList();
    }

    @Test
    void ofAHostThatCannotBeReachedTheAddressesAreKnownAllTheSame() {
        assertThat(known(Network.builder().hosts("a", "b").switchOf("here", "10.1.0.0/24", "a").switchOf("there",
                "10.2.0.0/24", "b"), "a")).containsExactly("a 10.1.0.1", "b 10.2.0.1");
    }

    @Test
    void routersAloneForward() {
        Topology topology = described().topology();

        assertThat(topology.sysctls("r")).containsEntry("net.ipv4.ip_forward", "1");
        assertThat(topology.sysctls("a")).containsEntry("net.ipv4.ip_forward", "0");
        assertThat(topology.sysctls("b")).isEmpty();
        assertThat(Network.builder().hosts("a").routers("r").link("a", "r", "fd00::/64").topology().sysctls("r"))
                .containsEntry("net.ipv6.conf.all.forwarding", "1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "a\"b", "-a", "a-", "a..b", "ä"})
    void someNamesNoResolverTakes(String name) {
        assertRefused(n -> n.hosts(name), "not a name of a host or domain: \"" + name + "\"");
        assertRefused(n -> n.switchOf(name, "10.9.0.0/24", "a"),
                "not a name of a host or domain: \"" + name + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1st", "10.1.0.1", "localhost", "lo", "LO", "default", "all",
            "sixty-four.letters.are.more.than.the.kernel.would.take.as.a.name"})
    void someNamesMeanSomethingElse(String name) {
        assertRefused(n -> n.hosts(name), "not a name for a host or a switch: \"" + name + "\"");
        assertRefused(n -> n.switchOf(name, "10.9.0.0/24", "a"),
                "not a name for a host or a switch: \"" + name + "\"");
    }

    @Test
    void namesAreGivenOnce() {
        assertRefused(n -> n.hosts("A"), "there is a host or a switch named A already");
        assertRefused(n -> n.routers("lan"), "there is a host or a switch named lan already");
        assertRefused(n -> n.switchOf("b", "10.9.0.0/24", "a"), "there is a host or a switch named b already");
    }

    @Test
    void anInterfaceHasToBeAbleToHaveTheName() {
        String name = "sixteen-letters-x";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> described().hosts(name).link("a", name, "10.9.0.0/24"))
                .withMessageContaining("must have 1 to 15 bytes, not 17: \"" + name + "\"");
        assertRefused(n -> n.switchOf(name, "10.9.0.0/24", "a"),
                "the name of an interface must have 1 to 15 bytes, not 17: \"" + name + "\"");
        assertThat(addresses(described().hosts(name).switchOf("short", "10.9.0.0/24", name), name))
                .containsExactly("short 10.9.0.1/24");
    }

    @Test
    void whatIsConnectedIsThereAndIsConnectedOnce() {
        assertRefused(n -> n.link("a", "x", "10.9.0.0/24"), "there is no host x");
        assertRefused(n -> n.link("a", "lan", "10.9.0.0/24"), "there is no host lan");
        assertRefused(n -> n.switchOf("wan", "10.9.0.0/24", "a", "x"), "there is no host x");
        assertRefused(n -> n.link("a", "a", "10.9.0.0/24"), "a host cannot be linked with itself: a");
        assertRefused(n -> n.link("r", "a", "10.9.0.0/24"), "r and a are connected already");
        assertRefused(n -> n.switchOf("wan", "10.9.0.0/24", "a", "b", "a"),
                "a host is connected to a switch once: a to wan");
        assertRefused(n -> n.switchOf("wan", "10.9.0.0/24"), "a switch connects at least one host: wan");
    }

    @Test
    void subnetsDoNotOverlap() {
        assertRefused(n -> n.link("a", "b", "10.6.0.128/25"), "two subnets overlap: 10.6.0.128/25 and 10.6.0.0/24");
        assertRefused(n -> n.link("a", "b", "10.0.0.0/8"), "two subnets overlap: 10.0.0.0/8 and 10.1.0.0/24");
        assertRefused(n -> n.link("a", "b", "10.9.0.1/24"), "not a network, which would be 10.9.0.0/24: 10.9.0.1/24");
        assertRefused(n -> n.link("a", "b", "127.1.0.0/16"),
                "hosts cannot have addresses of 127.1.0.0/16: 127.0.0.0/8 is reserved");
        assertRefused(n -> n.link("a", "b", "::/0"), "hosts cannot have addresses of ::/0: ::/8 is reserved");
        assertRefused(n -> n.link("a", "b", "10.9.0.0/32"),
                "there are not enough addresses in 10.9.0.0/32 for 2 hosts");
        assertRefused(n -> n.link("a", "b", "net"), "not an IP address: \"net\"");
    }

    @Test
    void anAddressThatIsChosenIsFreeAndInItsSubnet() {
        assertRefused(n -> n.address("a", "r", "10.2.0.1"), "no host in 10.1.0.0/24 can have the address 10.2.0.1");
        assertRefused(n -> n.address("a", "r", "10.1.0.0"), "no host in 10.1.0.0/24 can have the address 10.1.0.0");
        assertRefused(n -> n.address("a", "r", "10.1.0.255"),
                "no host in 10.1.0.0/24 can have the address 10.1.0.255");
        assertRefused(n -> n.address("a", "r", "fd00::1"), "IPv4 and IPv6 are mixed: fd00::1 in 10.1.0.0/24");
        assertRefused(n -> n.address("a", "lan", "10.6.0.1"), "a and lan are not connected");
        assertRefused(n -> n.address("x", "lan", "10.6.0.1"), "there is no host x");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> described().address("a", "r", "10.1.0.9").address("r", "a", "10.1.0.9"))
                .withMessage("the address is given twice: 10.1.0.9");
        assertThat(described().topology().network("a").addresses())
                .contains(new AddressSpec("r", new IpPrefix(IpText.parse("10.1.0.1"), 24)));
    }

    @Test
    void aConnectionIsImpairedOrLimitedOnce() {
        Impairment slow = Impairment.NONE.delay(Duration.ofMillis(1));
        assertRefused(n -> n.impair("a", "b", slow), "a and b are not connected");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> described().impair("a", "r", slow).limit("r", "a", RateLimit.of(1000)))
                .withMessage("what r sends through a is impaired or limited already");
        assertThat(described().impair("b", "lan", slow).topology().segments().getLast().shape()).containsOnlyKeys("b");
    }
}
