package dev.namespaces.benchmarks;

import dev.namespaces.benchmarks.report.HtmlPage;
import dev.namespaces.benchmarks.report.Page;
import dev.namespaces.benchmarks.report.Report;
import dev.namespaces.benchmarks.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
    @Option(names = "--into", paramLabel = "PAGE", description = "Renew the figures in this Markdown page.")
    private @Nullable Path page;
    @Option(names = "--from", paramLabel = "FILE", description = "Measure nothing, but take what was written by --json.")
    private @Nullable Path from;
    @Option(names = "--check", paramLabel = "FACTOR", description = "Exit with 1 if a ratio misses its goal by more than so many times, its whole interval, twice in a row.")
    private double tolerance = Double.POSITIVE_INFINITY;

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
        for (Path file : Stream.of(json, html, page).filter(Objects::nonNull).toList()) {
            requireFolder(file); // or all would be lost in the end
        }
        if (from != null) {
            publish(Report.read(from));
            return 0;
        }
        if (!Peer.installed("cc")) {
            throw new IOException("the benchmark compiles programs to compare with, and there is no C compiler: cc is "
                    + "not in PATH (Debian: apt install gcc libc6-dev)");
        }
        Suite suite = new Suite(effort, scenarios, tolerance);
        publish(suite.run());
        suite.failures().forEach(failure -> System.err.println("ns: " + failure));
        return suite.failures().isEmpty() ? 0 : NOT_GOOD;
    }

    private static void requireFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isWritable(folder)) {
            throw new IOException(file + ": no such folder, or it cannot be written to");
        }
    }

    private void publish(Report report) throws IOException {
        report.scenarios().forEach(findings -> System.out.println(
                "### " + findings.id() + ": " + findings.title() + "\n\n" + Table.of(findings)));
        if (json != null) {
            report.write(json);
        }
        if (html != null) {
            HtmlPage.write(report, html);
        }
        if (page != null) {
            Files.writeString(page, Page.renew(Files.readString(page), Optional.of(report)));
        }
    }
}
