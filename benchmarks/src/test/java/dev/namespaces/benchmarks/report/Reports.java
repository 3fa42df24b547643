package dev.namespaces.benchmarks.report;

import java.util.List;
import java.util.Map;

/** Reports for tests. */
final class Reports {

    private Reports() {}

    static Report of(Row... rows) {
        return new Report("2026-01-01T00:00:00Z", "quick", 1.5, Map.of("kernel", "Linux"),
                List.of(new Findings("S1", "plain spawn", List.of(rows),
                        List.of(new Plot("by heap", "MiB", "µs", true, false,
                                List.of(new Plot.Line("ours", List.of(1.0, 2.0), List.of(3.0, 4.0))))))));
    }

    static Row ratio(double value, double low, double high, Goal goal) {
        return new Row("a static program", "exit seen", "C", Sample.of(new long[]{1000, 2000, 3000}, 1),
                Sample.of(new long[]{2000, 4000, 6000}, 1), new Figure(value, low, high, Figure.TIMES), goal, "");
    }
}
