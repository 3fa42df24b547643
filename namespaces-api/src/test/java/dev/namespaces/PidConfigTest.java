package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.namespaces.spi.PidSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PidConfigTest {

    private final PidConfig config = new PidConfig(PidSpec.DEFAULT);

    @Test
    void everySignalIsForwardedAndNobodyWaitedForByDefault() {
        assertThat(config.spec()).isEqualTo(new PidSpec(false, -1, false));
        assertThat(config.spec().forwards(1)).isTrue();
        assertThat(config.spec().forwards(64)).isTrue();
    }

    @Test
    void theSignalsThatAreNamedReplaceThoseBefore() {
        PidSpec spec = config.forwardSignals(1).forwardSignals(15, 64).waitForOthers().spec();

        assertThat(spec.waitsForOthers()).isTrue();
        assertThat(spec.forwards(1)).isFalse();
        assertThat(spec.forwards(15)).isTrue();
        assertThat(spec.forwards(64)).isTrue();
        assertThat(config.forwardSignals().spec().forwarded()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65, 9, 17, 19})
    void whatCannotBeForwardedIsRefused(int number) {
        assertThatIllegalArgumentException().isThrownBy(() -> config.forwardSignals(15, number))
                .withMessage("no signal that could be forwarded: " + number);
    }

    @Test
    void asPid1ThereIsNoInitToBeToldAnything() {
        assertThat(config.asPid1().spec().asPid1()).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(() -> Namespace.builder().pid(pid -> pid.waitForOthers()).pid(pid -> pid.asPid1()))
                .withMessageContaining("asPid1()");
        assertThatIllegalStateException()
                .isThrownBy(() -> Namespace.builder().pid(pid -> pid.asPid1().forwardSignals(15)));
    }
}
