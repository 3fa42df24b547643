package dev.namespaces.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.benchmarks.report.Row.Verdict;
import org.junit.jupiter.api.Test;

class RowTest {

    @Test
    void aFigureMeetsItsGoalOrFallsShort() {
        assertThat(Reports.ratio(1.05, 1, 1.1, Goal.atMost(1.05)).verdict()).isEqualTo(Verdict.MET);
        assertThat(Reports.ratio(1.051, 1, 1.1, Goal.atMost(1.05)).verdict()).isEqualTo(Verdict.SHORT);
        assertThat(Reports.ratio(0.95, 0.9, 1, Goal.atLeast(0.95)).verdict()).isEqualTo(Verdict.MET);
        assertThat(Reports.ratio(0.949, 0.9, 1, Goal.atLeast(0.95)).verdict()).isEqualTo(Verdict.SHORT);
        assertThat(Row.missing("crun", "is not installed").verdict()).isEqualTo(Verdict.NOT_MEASURED);
    }

    @Test
    void whatIsFarOffIsSoWithItsWholeInterval() {
        assertThat(Reports.ratio(5, 3.2, 9, Goal.atMost(1)).farOff(3)).isTrue();
        assertThat(Reports.ratio(5, 2.9, 9, Goal.atMost(1)).farOff(3)).isFalse();
        assertThat(Reports.ratio(0.2, 0.1, 0.32, Goal.atLeast(1)).farOff(3)).isTrue();
        assertThat(Reports.ratio(0.2, 0.1, 0.34, Goal.atLeast(1)).farOff(3)).isFalse();
    }

    @Test
    void whatIsNoRatioIsNeverFarOff() {
        assertThat(Row.of("heap", Figure.exactly(5000, "B"), Goal.atMost(1), "").farOff(3)).isFalse();
    }
}
