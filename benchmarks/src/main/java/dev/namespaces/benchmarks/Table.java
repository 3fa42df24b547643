package dev.namespaces.benchmarks;

import dev.namespaces.benchmarks.Contest.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Holds contests and prints a Markdown table of how they went. */
final class Table {

    private static final int ATTEMPTS = 2;

    private final Options options;

    Table(Options options) {
        this.options = options;
    }

    /** Whether every ratio is tolerable. */
    boolean compare(List<Contest> contests) throws IOException, InterruptedException {
        System.out.println("| A | B | A, ms | B, ms | B / A | 95 % | at most |\n|---|---|--:|--:|--:|--:|--:|");
        boolean tolerable = true;
        for (Contest contest : contests) {
            tolerable &= isTolerable(contest);
        }
        return tolerable;
    }

    /** Whether one attempt of a few comes near enough to the goal: one may be disturbed. */
    private boolean isTolerable(Contest contest) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (ratio(contest) <= options.tolerance() * contest.goal()) {
                return true;
            }
        }
        return false;
    }

    private double ratio(Contest contest) throws IOException, InterruptedException {
        Outcome outcome = contest.run(options.pairs());
        System.out.printf(Locale.ROOT, "| %s | %s | %.3f | %.3f | **%.3f** | %.3f to %.3f | %.2f |%n",
                contest.a().name(), contest.b().name(), outcome.aMillis().value(), outcome.bMillis().value(),
                outcome.ratio().value(), outcome.ratio().low(), outcome.ratio().high(), contest.goal());
        return outcome.ratio().value();
    }
}
