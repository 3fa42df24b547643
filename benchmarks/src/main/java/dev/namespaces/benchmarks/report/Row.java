package dev.namespaces.benchmarks.report;

import org.jspecify.annotations.Nullable;

/**
 * One figure beside its goal.
 *
 * @param what what was measured
 * @param endpoint when the clock was stopped; empty where no clock was
 * @param beside what it was compared with; empty where with nothing
 * @param a what that took; null where nothing of the kind was measured
 * @param b what the other took: ours, where it is one of ours
 * @param figure the result; null where none could be had, and then the note says why
 * @param goal what it is to be; null where it is only reported
 * @param note what else there is to say; may be empty
 */
public record Row(String what, String endpoint, String beside, @Nullable Sample a, @Nullable Sample b,
        @Nullable Figure figure, @Nullable Goal goal, String note) {

    /** A row for what cannot be measured here. */
    public static Row missing(String what, String why) {
        return new Row(what, "", "", null, null, null, null, why);
    }

    /** A row for a figure that is no ratio of two samples. */
    public static Row of(String what, Figure figure, @Nullable Goal goal, String note) {
        return new Row(what, "", "", null, null, figure, goal, note);
    }

    public Verdict verdict() {
        if (figure == null) {
            return Verdict.NOT_MEASURED;
        }
        if (goal == null) {
            return Verdict.REPORTED;
        }
        return goal.met(figure.value()) ? Verdict.MET : Verdict.SHORT;
    }

    /** Whether a ratio surely misses its goal by more than so many times. */
    public boolean farOff(double tolerance) {
        return figure != null && goal != null && figure.unit().equals(Figure.TIMES) && goal.farOff(figure, tolerance);
    }

    /** How a figure is to its goal. */
    public enum Verdict {
        MET("met"), SHORT("falls short"), REPORTED("-"), NOT_MEASURED("not measured");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }
}
