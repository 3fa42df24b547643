package dev.namespaces;

/**
 * How much an interface sends at most: the kernel's token bucket, see tc-tbf(8). Takes a kernel with {@code CONFIG_NET_SCH_TBF}; on Debian, the module
 * {@code sch_tbf}.
 *
 * @param bitsPerSecond the rate
 * @param burst how many bytes may be sent at once after a pause: at least as many as the largest packet, or such packets are dropped
 * @param limit how many bytes may wait
 */
public record RateLimit(long bitsPerSecond, int burst, int limit) {

    private static final int BURST = 64 * 1024;
    private static final int LIMIT = 256 * 1024;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the rate is less than eight, or another is not positive
     */
    public RateLimit {
        if (bitsPerSecond < Byte.SIZE) {
            throw new IllegalArgumentException("rate must be 8 bits per second or more: " + bitsPerSecond);
        }
        if (burst <= 0 || limit <= 0) {
            throw new IllegalArgumentException("burst and limit must be positive: " + burst + ", " + limit);
        }
    }

    /**
     * A rate, with a burst of 64 KiB and 256 KiB that may wait.
     *
     * @param bitsPerSecond the rate
     * @return the limit
     * @throws IllegalArgumentException if it is less than eight
     */
    public static RateLimit of(long bitsPerSecond) {
        return new RateLimit(bitsPerSecond, BURST, LIMIT);
    }
}
