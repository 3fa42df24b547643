package dev.namespaces.spi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the clocks of a new time namespace show.
 *
 * @param monotonic what is added to the host's monotonic clock, or null to leave it as the JVM has it
 * @param boottime what is added to the host's boot-time clock, or null to leave it as the JVM has it
 */
public record TimeSpec(@Nullable Duration monotonic, @Nullable Duration boottime) {

    /** Unless told otherwise. */
    public static final TimeSpec DEFAULT = new TimeSpec(null, null);

    /**
     * Whether any clock is moved.
     *
     * @return true if one is
     */
    public boolean hasOffsets() {
        return monotonic != null || boottime != null;
    }
}
