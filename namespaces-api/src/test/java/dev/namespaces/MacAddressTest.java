package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MacAddressTest {

    @Test
    void textBytesAndNumberAreTheSame() {
        MacAddress address = MacAddress.of("02:0A:ff:00:80:01");

        assertThat(address).hasToString("02:0a:ff:00:80:01").isEqualTo(new MacAddress(0x020aff008001L))
                .isEqualTo(MacAddress.of(address.bytes()));
        assertThat(address.bytes()).containsExactly(2, 10, -1, 0, -128, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "02:00:00:00:00", "02:00:00:00:00:00:00", "2:0:0:0:0:0", "02-00-00-00-00-01",
            "020000000001", "0g:00:00:00:00:00", "02:00:00:00:00:01 "})
    void everythingElseIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> MacAddress.of(text))
                .withMessage("not a MAC address: \"" + text + "\"");
    }

    @Test
    void fortyEightBitsAreAllThereIs() {
        assertThatIllegalArgumentException().isThrownBy(() -> new MacAddress(1L << 48));
        assertThatIllegalArgumentException().isThrownBy(() -> new MacAddress(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> MacAddress.of(new byte[7]));
    }

    @Test
    void anInterfaceCanHaveNeitherAGroupsNorNone() {
        assertThat(MacAddress.of("02:00:00:00:00:01").isUnicast()).isTrue();
        assertThat(MacAddress.of("fe:ff:ff:ff:ff:ff").isUnicast()).isTrue();
        assertThat(MacAddress.of("01:00:5e:00:00:01").isUnicast()).isFalse();
        assertThat(MacAddress.of("ff:ff:ff:ff:ff:ff").isUnicast()).isFalse();
        assertThat(new MacAddress(0).isUnicast()).isFalse();
    }
}
