package dev.namespaces.benchmarks.report;

/**
 * What a figure is to be.
 *
 * @param atMost whether the bound is the largest that will do, or the smallest
 * @param bound the bound, in the figure's unit
 */
public record Goal(boolean atMost, double bound) {

    public static Goal atMost(double bound) {
        return new Goal(true, bound);
    }

    public static Goal atLeast(double bound) {
        return new Goal(false, bound);
    }

    boolean met(double value) {
        return atMost ? value <= bound : value >= bound;
    }

    /** Whether even the better end of a figure's interval misses the goal by more than so many times. */
    boolean farOff(Figure figure, double tolerance) {
        return !met(atMost ? figure.low() / tolerance : figure.high() * tolerance);
    }

    @Override
    public String toString() {
        return (atMost ? "≤ " : "≥ ") + Numbers.of(bound);
    }
}
