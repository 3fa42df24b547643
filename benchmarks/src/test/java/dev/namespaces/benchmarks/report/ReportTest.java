package dev.namespaces.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    @TempDir
    private Path directory = Path.of("");

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Report report = Reports.of(Reports.ratio(1.2, 1.1, 1.3, Goal.atMost(1.05)),
                Row.of("heap", Figure.exactly(220, "B"), null, "a note"), Row.missing("crun", "is not installed"));
        Path file = directory.resolve("report.json");
        report.write(file);
        assertThat(Report.read(file)).isEqualTo(report);
    }
}
