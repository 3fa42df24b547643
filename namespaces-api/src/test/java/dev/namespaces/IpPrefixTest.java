package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.namespaces.spi.IpText;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixTest {

    @ParameterizedTest
    @CsvSource({"10.9.0.0/24, 10.9.0.0/24", "0.0.0.0/0, 0.0.0.0/0", "255.255.255.255/32, 255.255.255.255/32",
            "10.9.0.7, 10.9.0.7/32", "fd00::1/64, fd00::1/64", "::/0, ::/0", "::1, ::1/128",
            "FD00:0:0:0:1:0:0:1/128, fd00::1:0:0:1/128", "1:2:3:4:5:6:7:8/1, 1:2:3:4:5:6:7:8/1",
            "1:0:3:4:5:6:7:8/1, 1:0:3:4:5:6:7:8/1", "1:0:0:4:0:0:0:8/9, 1:0:0:4::8/9", "fe80::/10, fe80::/10"})
    void textIsReadAndWrittenInTheShortForm(String text, String written) {
        assertThat(IpPrefix.of(text)).hasToString(written).isEqualTo(IpPrefix.of(written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/24", "10.9.0.0/", "10.9.0.0/33", "10.9.0.0/-1", "10.9.0.0/+1", "10.9.0.0/08",
            "10.9.0.0/24/8", "10.9.0/24", "10.9.0.256/24", "010.9.0.0/24", "10.9.0.0.0/24", "0x0a.9.0.0/24",
            "10.9.0.0 /24", " 10.9.0.0/24", "10.9.0.0/255.255.255.0", "localhost/8", "localhost", "example.org/24",
            "fd00::1/129", "fd00::1::2/64", "fd00:::1/64", "fd00:1/64", "12345::/64", "fe80::1%lo/64", "fe80::1%1/64",
            "[fd00::1]/64", "::ffff:10.9.0.1/96", "::10.9.0.1/96", "::ffff:0a09:1/128", "g::/64", "10.9.0.٣/24"})
    void everythingElseIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> IpPrefix.of(text));
    }

    @Test
    void aLengthThatTheFamilyDoesNotHaveIsRefused() {
        InetAddress address = IpText.parse("10.9.0.1");
        assertThatIllegalArgumentException().isThrownBy(() -> new IpPrefix(address, 33))
                .withMessage("the length of a prefix must lie between 0 and 32: 10.9.0.1/33");
        assertThatIllegalArgumentException().isThrownBy(() -> new IpPrefix(address, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> new IpPrefix(IpText.parse("::1"), 129));
    }

    @ParameterizedTest
    @CsvSource({"10.9.7.7/24, 10.9.7.0/24", "10.9.7.255/23, 10.9.6.0/23", "10.9.7.7/32, 10.9.7.7/32",
            "255.9.7.7/1, 128.0.0.0/1", "1.2.3.4/0, 0.0.0.0/0", "fd00::ffff/113, fd00::8000/113",
            "ffff::1/3, e000::/3"})
    void theNetworkHasNoBitsOfAHost(String prefix, String network) {
        assertThat(IpPrefix.of(prefix).network()).isEqualTo(IpPrefix.of(network));
        assertThat(IpPrefix.of(prefix).isNetwork()).isEqualTo(prefix.equals(network));
        assertThat(IpPrefix.of(network).isNetwork()).isTrue();
        assertThat(IpPrefix.of(network).contains(IpPrefix.of(prefix).address())).isTrue();
    }

    @Test
    void whatIsOutsideOrOfTheOtherFamilyIsNotContained() {
        IpPrefix network = IpPrefix.of("10.9.0.0/23");
        assertThat(network.contains(IpText.parse("10.9.1.255"))).isTrue();
        assertThat(network.contains(IpText.parse("10.9.2.0"))).isFalse();
        assertThat(IpPrefix.ALL_IP4.contains(IpText.parse("::1"))).isFalse();
        assertThat(IpPrefix.ALL_IP6.isIp6()).isTrue();
        assertThat(IpPrefix.ALL_IP4.isIp6()).isFalse();
    }

    @Test
    void namesAndZonesAreForgotten() throws Exception {
        InetAddress named = InetAddress.getByAddress("name", new byte[]{10, 9, 0, 1});
        assertThat(new IpPrefix(named, 24).address()).hasToString("/10.9.0.1");
        assertThat(IpPrefix.of(named)).isEqualTo(IpPrefix.of("10.9.0.1"));
    }

    @Test
    void sixteenBytesStayIpv6ThoughTheyStandForIpv4() {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 9, 0, 1};
        assertThat(IpText.of(IpText.of(mapped))).isEqualTo("::ffff:a09:1");
        assertThatIllegalArgumentException().isThrownBy(() -> IpText.of(new byte[5]))
                .withMessage("an IP address has 4 or 16 bytes, not 5");
    }
}
