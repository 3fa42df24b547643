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

    /** Whether a figure reaches the goal, or comes within so many times of it. */
    public boolean met(Figure figure, double tolerance) {
        return atMost ? figure.value() <= bound * tolerance : figure.value() * tolerance >= bound;
    }

    @Override
    public String toString() {
        return (atMost ? "≤ " : "≥ ") + Numbers.of(bound);
    }
}
