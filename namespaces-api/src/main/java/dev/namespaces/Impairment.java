package dev.namespaces;

import java.time.Duration;

/**
 * What an interface does to the packets that it sends, as bad networks do: the kernel's {@code netem}, see tc-netem(8). Begin with {@link #NONE}.
 *
 * <p>
 * Takes a kernel with {@code CONFIG_NET_SCH_NETEM}; on Debian, the module {@code sch_netem}.
 *
 * @param delay how long each packet is held
 * @param jitter by how much that varies at most, up or down
 * @param loss the part of packets that is dropped, 0 to 1
 * @param reorder the part of packets that is sent at once, before those that are held, 0 to 1; takes a delay
 * @param bitsPerSecond the rate, 0 for no limit
 * @param limit how many packets may be held
 */
public record Impairment(Duration delay, Duration jitter, double loss, double reorder, long bitsPerSecond, int limit) {

    /** The kernel's own limit. */
    private static final int LIMIT = 1000;

    /** None at all. */
    public static final Impairment NONE = new Impairment(Duration.ZERO, Duration.ZERO, 0, 0, 0, LIMIT);

    /**
     * Checks each value, and all together.
     *
     * @throws IllegalArgumentException if a time is negative or too long to be counted in nanoseconds, a part not from 0 to 1, the rate negative or
     *     less than eight, the limit not positive, the jitter longer than the delay, or packets are to be reordered that are not delayed
     */
    public Impairment {
        time("delay", delay);
        time("jitter", jitter);
        part("loss", loss);
        part("reorder", reorder);
        if (bitsPerSecond < 0 || (bitsPerSecond > 0 && bitsPerSecond < Byte.SIZE)) {
            throw new IllegalArgumentException("rate must be 8 bits per second or more, or 0: " + bitsPerSecond);
        }
        if (limit <= 0) {
            throw new IllegalArgumentException("limit must be positive: " + limit);
        }
        if (jitter.compareTo(delay) > 0) {
            throw new IllegalArgumentException("jitter must not be longer than the delay: " + jitter + ", " + delay);
        }
        if (reorder > 0 && delay.isZero()) {
            throw new IllegalArgumentException("only packets that are delayed can be reordered: " + reorder);
        }
    }

    private static void time(String what, Duration time) {
        if (time.isNegative() || time.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException(what + " must lie between 0 and 292 years: " + time);
        }
    }

    private static void part(String what, double part) {
        if (!(part >= 0 && part <= 1)) {
            throw new IllegalArgumentException(what + " must lie between 0 and 1: " + part);
        }
    }

    /**
     * The same with another delay.
     *
     * @param time how long each packet is held
     * @return a copy
     */
    public Impairment delay(Duration time) {
        return new Impairment(time, jitter, loss, reorder, bitsPerSecond, limit);
    }

    /**
     * The same with another jitter.
     *
     * @param time by how much the delay varies at most
     * @return a copy
     */
    public Impairment jitter(Duration time) {
        return new Impairment(delay, time, loss, reorder, bitsPerSecond, limit);
    }

    /**
     * The same with another loss.
     *
     * @param part 0 to 1
     * @return a copy
     */
    public Impairment loss(double part) {
        return new Impairment(delay, jitter, part, reorder, bitsPerSecond, limit);
    }

    /**
     * The same with another reordering.
     *
     * @param part 0 to 1
     * @return a copy
     */
    public Impairment reorder(double part) {
        return new Impairment(delay, jitter, loss, part, bitsPerSecond, limit);
    }

    /**
     * The same with another rate.
     *
     * @param bits per second, or 0
     * @return a copy
     */
    public Impairment bitsPerSecond(long bits) {
        return new Impairment(delay, jitter, loss, reorder, bits, limit);
    }

    /**
     * The same with another limit.
     *
     * @param packets how many may be held
     * @return a copy
     */
    public Impairment limit(int packets) {
        return new Impairment(delay, jitter, loss, reorder, bitsPerSecond, packets);
    }
}
