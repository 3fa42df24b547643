package dev.namespaces.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.benchmarks.report.Figure;
import dev.namespaces.benchmarks.report.Row;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ContestTest {

    private final StringBuilder order = new StringBuilder();

    @Test
    void theRatioIsThatOfTheSecondByTheFirst() throws IOException, InterruptedException {
        Row row = Contest.of("nothing", Endpoint.EXIT_SEEN, "A", side('A', 2000), side('B', 3000)).run(Duration.ZERO);
        assertThat(row.figure()).isEqualTo(new Figure(1.5, 1.5, 1.5, Figure.TIMES));
        assertThat(order.toString()).matches("(ABBA)+");
    }

    private Side side(char name, long nanos) {
        return (times, _) -> {
            order.append(name);
            long[] all = new long[times];
            Arrays.fill(all, nanos);
            return all;
        };
    }
}
