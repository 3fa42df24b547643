package dev.namespaces.benchmarks.report;

/**
 * What was found out, and the interval in which 95 of 100 bootstrap resamples have it.
 *
 * @param value the figure
 * @param low the interval's lower end
 * @param high its upper end
 * @param unit what it counts; {@link #TIMES} of a ratio
 */
public record Figure(double value, double low, double high, String unit) {

    /** The unit of a ratio. */
    public static final String TIMES = "×";

    /** A figure that was counted and has no interval. */
    public static Figure exactly(double value, String unit) {
        return new Figure(value, value, value, unit);
    }

    /** With its unit, unless it is a ratio. */
    String text() {
        return unit.equals(TIMES) ? Numbers.ratio(value) : Numbers.of(value) + " " + unit;
    }

    /** Its ends; nothing of what was counted. */
    String interval() {
        if (low == high) {
            return "";
        }
        return unit.equals(TIMES)
                ? Numbers.ratio(low) + " to " + Numbers.ratio(high)
                : Numbers.of(low) + " to " + Numbers.of(high);
    }
}
