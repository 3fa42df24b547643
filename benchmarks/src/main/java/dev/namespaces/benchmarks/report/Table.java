package dev.namespaces.benchmarks.report;

import dev.namespaces.benchmarks.report.Row.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Findings as a Markdown table, whose columns are aligned, so that it can be read as it is too. */
public final class Table {

    private static final List<String> HEAD = List.of("what", "until", "beside", "its median, µs", "ours", "its p99, µs",
            "ours", "result", "95 %", "goal", "");
    private static final int WORDS = 3;

    private Table() {}

    /** The table, and the notes below it. */
    public static String of(Findings findings) {
        String notes = findings.rows().stream().filter(row -> !row.note().isEmpty()).map(Table::note).distinct()
                .collect(Collectors.joining());
        return rows(findings.rows()) + (notes.isEmpty() ? "" : "\n" + notes);
    }

    private static String note(Row row) {
        String subject = row.beside().isEmpty() ? row.what() + ": " : "";
        return "- " + subject + row.note().replaceAll("\\s+", " ") + "\n";
    }

    private static String rows(List<Row> rows) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(HEAD);
        rows.forEach(row -> cells.add(cells(row)));
        int[] widths = IntStream.range(0, HEAD.size())
                .map(column -> cells.stream().mapToInt(line -> line.get(column).length()).max().orElse(0)).toArray();
        List<String> lines = new ArrayList<>(cells.stream().map(line -> line(line, widths)).toList());
        lines.add(1, rule(widths));
        return String.join("", lines);
    }

    private static List<String> cells(Row row) {
        Figure figure = row.figure();
        Verdict verdict = row.verdict();
        return List.of(row.what(), row.endpoint(), row.beside(), time(row.a(), Sample::median),
                time(row.b(), Sample::median), time(row.a(), sample -> sample.at(0.99)),
                time(row.b(), sample -> sample.at(0.99)), figure == null ? "" : figure.text(),
                figure == null ? "" : figure.interval(), row.goal() == null ? "" : row.goal().toString(),
                verdict == Verdict.SHORT ? "**" + verdict + "**" : verdict.toString());
    }

    private static String time(@Nullable Sample sample, ToDoubleFunction<Sample> which) {
        return sample == null ? "" : Numbers.of(which.applyAsDouble(sample));
    }

    private static String line(List<String> cells, int[] widths) {
        return IntStream.range(0, cells.size()).mapToObj(column -> {
            String cell = cells.get(column);
            String space = " ".repeat(widths[column] - cell.length());
            return isWord(column) ? cell + space : space + cell;
        }).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String rule(int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(column -> "-".repeat(widths[column] + 1) + (isWord(column) ? "-" : ":"))
                .collect(Collectors.joining("|", "|", "|\n"));
    }

    private static boolean isWord(int column) {
        return column < WORDS || column == HEAD.size() - 1;
    }
}
