package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.namespaces.spi.UtsSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UtsConfigTest {

    private final UtsConfig config = new UtsConfig(UtsSpec.DEFAULT);

    @Test
    void aNameHasAtMost64Bytes() {
        assertThat(config.hostname("h".repeat(64)).spec().hostname()).hasSize(64);
        assertThat(config.domainName("é".repeat(32)).spec().domainName()).hasSize(32);
        assertThatIllegalArgumentException().isThrownBy(() -> config.hostname("h".repeat(65)))
                .withMessage("host name must have 1 to 64 bytes, not 65: \"" + "h".repeat(65) + "\"");
        assertThatIllegalArgumentException().isThrownBy(() -> config.domainName("é".repeat(33)))
                .withMessageStartingWith("domain name must have 1 to 64 bytes, not 66");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\0b", "\ud83d"})
    void aNameThatTheKernelCannotTakeIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> config.hostname(name))
                .withMessageStartingWith("host name ");
        assertThatIllegalArgumentException().isThrownBy(() -> config.domainName(name))
                .withMessageStartingWith("domain name ");
    }

    @Test
    void aRefusedNameLeavesTheEarlierOne() {
        config.hostname("before");

        assertThatIllegalArgumentException().isThrownBy(() -> config.hostname(""));
        assertThat(config.spec().hostname()).isEqualTo("before");
        assertThat(config.spec().domainName()).isNull();
    }
}
