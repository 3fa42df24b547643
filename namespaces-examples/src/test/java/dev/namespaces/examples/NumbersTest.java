package dev.namespaces.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.namespaces.IdRange;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {

    @Test
    void aUserHasTheGroupWithItsNumberUnlessThereIsAnother() {
        assertThat(Numbers.RunAs.parse("1000")).isEqualTo(new Numbers.RunAs(1000, 1000, List.of()));
        assertThat(Numbers.RunAs.parse("0:0")).isEqualTo(new Numbers.RunAs(0, 0, List.of()));
        assertThat(Numbers.RunAs.parse("1:2,3,2147483647"))
                .isEqualTo(new Numbers.RunAs(1, 2, List.of(3, Integer.MAX_VALUE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ":", "1000:", ":1000", "1000:,", "1000:1,", "1000:,1", "1:2:3", "0x0", "-1",
            "1:-1", "+1",
            "01", "00", "1 ", " 1", "1\n", "root", "1.0", "1_000", "1e3", "\u0661", "2147483648", "4294967295",
            "4294967296", "18446744073709551616", "1:4294967296", "1:2,4294967296"})
    void whatIsNoUserIsRefusedAndNeverReadAsAnother(String text) {
        assertThatThrownBy(() -> Numbers.RunAs.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a user as UID[:GID[,SUPPLEMENTARY...]]: \"" + text + "\"");
    }

    @Test
    void aRangeIsInnerOuterAndCount() {
        assertThat(Numbers.range("0:100000:65536")).isEqualTo(new IdRange(0, 100000, 65536));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1:2", "1:2:", "1:2:3:4", "-1:2:3", "0x0:1:1", "a:b:c", "1:2:18446744073709551616",
            "auto",
            "0,100000,65536"})
    void whatIsNoRangeIsRefused(String text) {
        assertThatThrownBy(() -> Numbers.range(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a range of ids as INNER:OUTER:COUNT: \"" + text + "\"");
    }

    @Test
    void ofNumbersWithCommasItIsSaidWhyTheyAreRefused() {
        assertThatThrownBy(() -> Numbers.range("0,100000,65536")).hasMessageEndingWith("write colons)");
    }

    @Test
    void secondsMayBeNegative() {
        assertThat(Numbers.seconds("--boottime", "86400")).isEqualTo(Duration.ofDays(1));
        assertThat(Numbers.seconds("--boottime", "-3600")).isEqualTo(Duration.ofHours(-1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "--1", "+1", "1.5", "1h", "0x10", "9223372036854775808"})
    void whatIsNoNumberOfSecondsIsRefused(String text) {
        assertThatThrownBy(() -> Numbers.seconds("--boottime", text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a number of seconds for --boottime: \"" + text + "\"");
    }
}
