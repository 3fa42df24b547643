package dev.namespaces.benchmarks;

import dev.namespaces.benchmarks.report.Findings;
import dev.namespaces.benchmarks.report.Report;
import dev.namespaces.benchmarks.report.Row;
import java.io.Console;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Scenarios that run one after the other, with a progress bar. */
final class Suite {

    private static final double SECONDS_PER_MINUTE = 60;
    private static final int MILLIS_PER_SECOND = 1000;
    private static final int SELDOM_MILLIS = 20_000;

    private final Effort effort;
    private final List<Scenario> scenarios;
    private final double tolerance;
    private final List<String> failures = new ArrayList<>();

    /**
     * Plans.
     *
     * @param effort how much is measured
     * @param scenarios of what
     * @param tolerance by how many times a ratio may miss its goal
     */
    Suite(Effort effort, List<Scenario> scenarios, double tolerance) {
        this.effort = effort;
        this.scenarios = List.copyOf(scenarios);
        this.tolerance = tolerance;
    }

    /** What could not be measured, and what was far off twice in a row. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    Report run() throws IOException, InterruptedException {
        Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Map<String, String> machine = Machine.describe();
        List<Findings> found = new ArrayList<>();
        try (TemporaryDirectory directory = TemporaryDirectory.make(); ProgressBar bar = bar()) {
            CPrograms programs = CPrograms.in(directory.path());
            for (Scenario scenario : scenarios) {
                found.add(judge(scenario, programs, bar));
            }
        }
        double minutes = Duration.between(start, Instant.now()).toSeconds() / SECONDS_PER_MINUTE;
        return new Report(start.toString(), effort.name().toLowerCase(Locale.ROOT), minutes, machine, found);
    }

    /** On standard error. It goes by the time that each scenario has been given. */
    @SuppressWarnings("SystemConsoleNull") // since JDK 25 it may be null again
    private ProgressBar bar() {
        Console console = System.console();
        return new ProgressBarBuilder().setTaskName("measuring").setStyle(ProgressBarStyle.ASCII)
                .setUnit(" s", MILLIS_PER_SECOND)
                .setInitialMax(scenarios.stream().mapToLong(scenario -> scenario.planned(effort).toMillis()).sum())
                .setUpdateIntervalMillis(console != null && console.isTerminal() ? MILLIS_PER_SECOND : SELDOM_MILLIS)
                .build();
    }

    /** Measures once, and once more if a ratio is far off: the machine may have been disturbed. */
    private Findings judge(Scenario scenario, CPrograms programs, ProgressBar bar)
            throws IOException, InterruptedException {
        long before = bar.getCurrent();
        Findings found = measure(scenario, programs, bar);
        Set<String> farOff = farOff(found);
        if (!farOff.isEmpty()) {
            bar.stepTo(before);
            found = measure(scenario, programs, bar);
            farOff.retainAll(farOff(found));
            farOff.forEach(what -> failures.add(what + " is far off, twice in a row"));
        }
        bar.stepTo(before + scenario.planned(effort).toMillis());
        return found;
    }

    private Set<String> farOff(Findings found) {
        return found.rows().stream().filter(row -> row.farOff(tolerance))
                .map(row -> found.id() + ", " + row.what() + ", beside " + row.beside())
                .collect(Collectors.toSet());
    }

    private Findings measure(Scenario scenario, CPrograms programs, ProgressBar bar)
            throws IOException, InterruptedException {
        try (Workbench bench = new Workbench(effort, programs, what -> {
            bar.setExtraMessage(" " + scenario.id() + " " + what);
            bar.stepBy(effort.contest().toMillis());
        })) {
            try {
                scenario.run(bench);
            } catch (IOException | IllegalStateException e) { // what the others find is not lost
                bench.add(Row.missing("the rest", "failed: " + e.getMessage()));
                failures.add(scenario.id() + " has failed: " + e.getMessage());
            }
            return new Findings(scenario.id(), scenario.title(), bench.rows(), bench.plots());
        }
    }
}
