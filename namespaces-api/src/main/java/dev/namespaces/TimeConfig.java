package dev.namespaces;

import dev.namespaces.spi.TimeSpec;
import java.time.Duration;
import java.util.Objects;

/**
 * What the clocks of a new time namespace show; see time_namespaces(7).
 *
 * <p>
 * An offset is what is added to the clock of the <em>host</em>, not of the JVM, should that be in a time namespace of its own; a clock without one
 * stays as the JVM has it. An offset may be negative, but a clock must not start below zero, which it does when the host has been up for less than
 * that: then the spawn is refused. The command sees the clocks from its first instruction on, and so do its threads and all that it starts. The time
 * of day, {@code CLOCK_REALTIME}, is the host's whatever is done.
 *
 * <p>
 * Needs no privilege beyond that for the namespace itself, and Linux 5.10 at least, as everything here. Not thread-safe: used within
 * {@link NamespaceBuilder#time(java.util.function.Consumer)} only.
 */
public final class TimeConfig {

    /** Half of what the kernel counts nanoseconds in: neither the offset nor the clock may be beyond that. */
    private static final Duration MOST = Duration.ofSeconds(Long.MAX_VALUE / 1_000_000_000 / 2);

    private TimeSpec spec;

    TimeConfig(TimeSpec spec) {
        this.spec = spec;
    }

    /**
     * Moves the monotonic clock: {@code CLOCK_MONOTONIC}, and with it {@code CLOCK_MONOTONIC_RAW} and {@code CLOCK_MONOTONIC_COARSE}.
     *
     * @param offset what is added to the host's, to the nanosecond; negative to set it back
     * @return this
     * @throws IllegalArgumentException if it is more than 4611686018 seconds (146 years) either way, which the kernel does not take
     */
    public TimeConfig monotonic(Duration offset) {
        spec = new TimeSpec(checked("monotonic", offset), spec.boottime());
        return this;
    }

    /**
     * Moves the boot-time clock: {@code CLOCK_BOOTTIME}, from which {@code /proc/uptime} is made.
     *
     * @param offset what is added to the host's, to the nanosecond; negative to set it back
     * @return this
     * @throws IllegalArgumentException if it is more than 4611686018 seconds (146 years) either way, which the kernel does not take
     */
    public TimeConfig boottime(Duration offset) {
        spec = new TimeSpec(spec.monotonic(), checked("boottime", offset));
        return this;
    }

    private static Duration checked(String clock, Duration offset) {
        Objects.requireNonNull(offset, clock);
        if (offset.compareTo(MOST) > 0 || offset.compareTo(MOST.negated()) < 0) {
            throw new IllegalArgumentException("the offset of " + clock + " must be within " + MOST.toSeconds()
                    + " seconds either way, not " + offset.toSeconds());
        }
        return offset;
    }

    TimeSpec spec() {
        return spec;
    }
}
