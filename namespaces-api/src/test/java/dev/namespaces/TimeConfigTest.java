package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.namespaces.spi.TimeSpec;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeConfigTest {

    private final TimeConfig config = new TimeConfig(TimeSpec.DEFAULT);

    @Test
    void eachClockHasAnOffsetOfItsOwn() {
        assertThat(config.spec().hasOffsets()).isFalse();
        assertThat(config.monotonic(Duration.ofDays(-1)).spec())
                .isEqualTo(new TimeSpec(Duration.ofDays(-1), null));
        assertThat(config.boottime(Duration.ofNanos(1)).spec())
                .isEqualTo(new TimeSpec(Duration.ofDays(-1), Duration.ofNanos(1)));
        assertThat(config.spec().hasOffsets()).isTrue();
    }

    @Test
    void anOffsetBeyondWhatTheKernelTakesIsRefusedAndChangesNothing() {
        Duration most = Duration.ofSeconds(4_611_686_018L);

        assertThat(config.monotonic(most).boottime(most.negated()).spec()).isEqualTo(
                new TimeSpec(most, most.negated()));
        for (Duration tooMuch : new Duration[]{most.plusNanos(1), most.negated().minusNanos(1),
                Duration.ofSeconds(Long.MAX_VALUE), Duration.ofSeconds(Long.MIN_VALUE)}) {
            assertThatIllegalArgumentException().isThrownBy(() -> config.monotonic(tooMuch))
                    .withMessageStartingWith("the offset of monotonic must be within 4611686018 seconds");
            assertThatIllegalArgumentException().isThrownBy(() -> config.boottime(tooMuch))
                    .withMessageStartingWith("the offset of boottime");
        }
        assertThat(config.spec()).isEqualTo(new TimeSpec(most, most.negated()));
    }
}
