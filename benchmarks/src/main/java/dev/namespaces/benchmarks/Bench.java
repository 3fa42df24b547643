package dev.namespaces.benchmarks;

import dev.namespaces.benchmarks.report.Findings;
import dev.namespaces.benchmarks.report.HtmlPage;
import dev.namespaces.benchmarks.report.Report;
import dev.namespaces.benchmarks.report.Table;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ns bench}: runs the whole suite, or some of it, and says how near each figure comes to its goal. */
@Command(name = "ns bench", mixinStandardHelpOptions = true, sortOptions = false, //
        description = "Measures what namespaces cost, beside C, ProcessBuilder and other programs, and prints each figure beside its goal.")
public final class Bench implements Callable<Integer> {

    /** As with the rest of the command line {@code ns}. */
    private static final int OWN_ERROR = 125;
    private static final int NOT_GOOD = 1;
    private static final double SECONDS_PER_MINUTE = 60;
    private static final int MILLIS_PER_SECOND = 1000;
    private static final int SELDOM_MILLIS = 20_000;

    @Option(names = "--quick", description = "Measure less: for whether it works, not for figures.")
    private boolean quick;
    @Option(names = "--scenario", paramLabel = "ID", split = ",", description = "Run these alone, such as S4.")
    private List<String> chosen = List.of();
    @Option(names = "--list", description = "List the scenarios, and how long each takes, and run none.")
    private boolean list;
    @Option(names = "--json", paramLabel = "FILE", description = "Write all that was found to this file.")
    private @Nullable Path json;
    @Option(names = "--html", paramLabel = "FILE", description = "Write a page with plots, which needs no network.")
    private @Nullable Path html;
    @Option(names = "--check", paramLabel = "FACTOR", description = "Exit with 1 if a ratio misses its goal by more than so many times, twice in a row.")
    private double tolerance = Double.POSITIVE_INFINITY;

    private boolean failed;

    public static void main(String... arguments) {
        CommandLine line = new CommandLine(new Bench());
        line.setParameterExceptionHandler((e, _) -> fail(line, e.getMessage() + " (see ns bench --help)"));
        line.setExecutionExceptionHandler((e, _, _) -> fail(line,
                e instanceof IOException || e instanceof IllegalArgumentException ? e.getMessage() : e.toString()));
        System.exit(line.execute(arguments));
    }

    private static int fail(CommandLine line, @Nullable String message) {
        line.getErr().println("ns: " + message);
        return OWN_ERROR;
    }

    @Override
    public Integer call() throws Exception {
        Effort effort = quick ? Effort.QUICK : Effort.FULL;
        List<Scenario> scenarios = Scenarios.named(chosen);
        if (list) {
            scenarios.forEach(scenario -> System.out.printf("%-4s %4d s  %s%n", scenario.id(),
                    scenario.planned(effort).toSeconds(), scenario.title()));
            return 0;
        }
        if (!Peer.installed("cc")) {
            throw new IOException("the benchmark compiles programs to compare with, and there is no C compiler: cc is "
                    + "not in PATH (Debian: apt install gcc libc6-dev)");
        }
        Report report = measure(effort, scenarios);
        report.scenarios().forEach(findings -> System.out.println(Table.of(findings)));
        if (json != null) {
            report.write(json);
        }
        if (html != null) {
            HtmlPage.write(report, html);
        }
        return failed || report.scenarios().stream().anyMatch(found -> found.farOff(tolerance)) ? NOT_GOOD : 0;
    }

    private Report measure(Effort effort, List<Scenario> scenarios) throws Exception {
        Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Map<String, String> machine = Machine.describe();
        List<Findings> found = new ArrayList<>();
        Duration planned = scenarios.stream().map(scenario -> scenario.planned(effort)).reduce(Duration.ZERO,
                Duration::plus);
        try (TemporaryDirectory directory = TemporaryDirectory.make(); ProgressBar bar = bar(planned)) {
            CPrograms programs = CPrograms.in(directory.path());
            for (Scenario scenario : scenarios) {
                found.add(attempt(effort, scenario, programs, bar));
            }
        }
        double minutes = Duration.between(start, Instant.now()).toSeconds() / SECONDS_PER_MINUTE;
        return new Report(start.toString(), effort.name().toLowerCase(Locale.ROOT), minutes, machine, found);
    }

    /** Measures once, or once more where a ratio is far off: the machine may have been disturbed. */
    private Findings attempt(Effort effort, Scenario scenario, CPrograms programs, ProgressBar bar) throws Exception {
        long before = bar.getCurrent();
        Findings found = run(effort, scenario, programs, bar);
        if (found.farOff(tolerance)) {
            bar.stepTo(before);
            found = run(effort, scenario, programs, bar);
        }
        bar.stepTo(before + scenario.planned(effort).toMillis());
        return found;
    }

    private Findings run(Effort effort, Scenario scenario, CPrograms programs, ProgressBar bar) throws Exception {
        try (Workbench bench = new Workbench(effort, programs, what -> {
            bar.setExtraMessage(" " + scenario.id() + " " + what);
            bar.stepBy(effort.contest().toMillis());
        })) {
            try {
                scenario.run(bench);
            } catch (IOException | IllegalStateException e) { // what the others find is not lost
                bench.missing("the rest", "failed: " + e.getMessage());
                failed = true;
            }
            return new Findings(scenario.id(), scenario.title(), bench.rows(), bench.plots());
        }
    }

    /** On standard error; its unit is a second. */
    private static ProgressBar bar(Duration planned) {
        Console console = System.console();
        return new ProgressBarBuilder().setTaskName("measuring").setInitialMax(planned.toMillis())
                .setStyle(ProgressBarStyle.ASCII).setUnit(" s", MILLIS_PER_SECOND)
                .setUpdateIntervalMillis(console != null && console.isTerminal() ? MILLIS_PER_SECOND : SELDOM_MILLIS)
                .build();
    }
}
