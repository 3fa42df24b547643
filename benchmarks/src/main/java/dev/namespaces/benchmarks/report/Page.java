package dev.namespaces.benchmarks.report;

import dev.namespaces.benchmarks.report.Row.Verdict;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A Markdown page that contains figures. Where {@code <!-- figures: S1 -->} stands, everything up to {@code <!-- end of figures -->} is what a report says of
 * that scenario; of {@code machine}, it is what the suite ran on, and of {@code shortfalls} all that falls short.
 */
public final class Page {

    private static final Pattern FIGURES = Pattern
            .compile("(<!-- figures: (\\w+) -->\n).*?(<!-- end of figures -->)", Pattern.DOTALL);
    private static final String NONE = "Not measured yet.\n";

    private Page() {}

    /** The page with the figures of this report, or with none. */
    public static String renew(String page, Optional<Report> report) {
        return FIGURES.matcher(page).replaceAll(place -> Matcher.quoteReplacement(place.group(1) + "\n"
                + report.map(found -> figures(found, place.group(2))).orElse(NONE) + "\n" + place.group(3)));
    }

    private static String figures(Report report, String what) {
        return switch (what) {
            case "machine" -> machine(report);
            case "shortfalls" -> shortfalls(report);
            default -> report.scenarios().stream().filter(findings -> findings.id().equals(what)).map(Table::of)
                    .findFirst().orElse(NONE);
        };
    }

    private static String machine(Report report) {
        return "Run of " + report.started() + ", " + report.effort() + ", " + Numbers.of(report.minutes())
                + " minutes.\n\n" + report.machine().entrySet().stream()
                        .map(fact -> "- " + fact.getKey() + ": " + fact.getValue() + "\n")
                        .collect(Collectors.joining());
    }

    private static String shortfalls(Report report) {
        String lines = report.scenarios().stream()
                .flatMap(findings -> findings.rows().stream().filter(row -> row.verdict() == Verdict.SHORT)
                        .map(row -> shortfall(findings.id(), row)))
                .collect(Collectors.joining());
        return lines.isEmpty() ? "Every goal is met.\n" : lines;
    }

    private static String shortfall(String id, Row row) {
        Figure figure = row.figure();
        return "- " + id + ", " + row.what() + (row.beside().isEmpty() ? "" : ", beside " + row.beside()) + ": "
                + (figure == null ? "" : figure.text()) + ", to be " + row.goal() + "\n";
    }
}
