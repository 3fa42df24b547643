package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.namespaces.spi.InterfaceName;
import dev.namespaces.spi.IpText;
import dev.namespaces.spi.RouteSpec;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before the kernel is asked: names, routes, impairments, rates. */
class NetworkValuesTest {

    private static final IpPrefix NETWORK = IpPrefix.of("10.1.0.0/16");
    private static final InetAddress GATEWAY = IpText.parse("10.9.0.254");

    @ParameterizedTest
    @ValueSource(strings = {"e", "eth0", "fifteen-letters", "a.b", "...", "a-b_c", "ünü", "wlp0s20f3"})
    void namesThatInterfacesCanHave(String name) {
        assertThat(InterfaceName.checked(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "sixteen-letters-", "a/b", "a b", "a\tb", "a\0", "a:1", "veth%d", "\ud800",
            "üüüüüüüü"})
    void namesThatNoInterfaceCanHave(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> InterfaceName.checked(name));
    }

    @Test
    void aRouteIsWrittenAsIpWritesIt() {
        assertThat(RouteSpec.via(GATEWAY)).hasToString("default via 10.9.0.254");
        assertThat(RouteSpec.via(IpText.parse("fd00::1")).destination()).isEqualTo(IpPrefix.ALL_IP6);
        assertThat(new RouteSpec(NETWORK, GATEWAY, "eth0", true, IpText.parse("10.9.0.1"), 7))
                .hasToString("10.1.0.0/16 via 10.9.0.254 dev eth0 onlink src 10.9.0.1 metric 7");
    }

    @Test
    void aRouteThatCannotBeIsRefused() {
        InetAddress six = IpText.parse("fd00::1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RouteSpec(IpPrefix.of("10.1.0.1/16"), GATEWAY, null, false, null, 0))
                .withMessage("the destination of a route must be a network, 10.1.0.0/16: 10.1.0.1/16");
        assertThatIllegalArgumentException().isThrownBy(() -> new RouteSpec(NETWORK, six, null, false, null, 0))
                .withMessage("IPv4 and IPv6 are mixed: gateway fd00::1 of the route to 10.1.0.0/16");
        assertThatIllegalArgumentException().isThrownBy(() -> new RouteSpec(NETWORK, GATEWAY, null, false, six, 0))
                .withMessageContaining("source fd00::1");
        assertThatIllegalArgumentException().isThrownBy(() -> new RouteSpec(NETWORK, null, null, false, null, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RouteSpec(NETWORK, GATEWAY, null, true, null, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RouteSpec(NETWORK, null, "a", true, null, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RouteSpec(NETWORK, null, "a", false, null, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> new RouteSpec(NETWORK, null, "a", false, null, 1L << 32));
    }

    @Test
    void impairmentsAreCheckedOneByOneAndTogether() {
        Impairment delayed = Impairment.NONE.delay(Duration.ofMillis(20));
        assertThat(delayed.jitter(Duration.ofMillis(3)).loss(0.1).reorder(1).bitsPerSecond(8).limit(1)).isEqualTo(
                new Impairment(Duration.ofMillis(20), Duration.ofMillis(3), 0.1, 1, 8, 1));
        assertThatCode(() -> Impairment.NONE.delay(Duration.ofNanos(Long.MAX_VALUE))).doesNotThrowAnyException();
        assertThatIllegalArgumentException().isThrownBy(() -> Impairment.NONE.delay(Duration.ofNanos(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Impairment.NONE.delay(Duration.ofDays(200_000)));
        assertThatIllegalArgumentException().isThrownBy(() -> delayed.jitter(Duration.ofMillis(21)));
        assertThatIllegalArgumentException().isThrownBy(() -> Impairment.NONE.loss(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> Impairment.NONE.loss(1.01));
        assertThatIllegalArgumentException().isThrownBy(() -> Impairment.NONE.loss(-0.01));
        assertThatIllegalArgumentException().isThrownBy(() -> Impairment.NONE.reorder(0.5));
        assertThatIllegalArgumentException().isThrownBy(() -> Impairment.NONE.bitsPerSecond(7));
        assertThatIllegalArgumentException().isThrownBy(() -> Impairment.NONE.bitsPerSecond(-8));
        assertThatIllegalArgumentException().isThrownBy(() -> Impairment.NONE.limit(0));
    }

    @Test
    void ratesAreChecked() {
        assertThat(RateLimit.of(8)).isEqualTo(new RateLimit(8, 65_536, 262_144));
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimit.of(7));
        assertThatIllegalArgumentException().isThrownBy(() -> new RateLimit(8, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new RateLimit(8, 1, 0));
    }
}
