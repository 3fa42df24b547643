package dev.namespaces.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PageTest {

    private static final Path DOCS = Path.of("..", "docs");

    /** To mend it: {@code ./ns bench --from docs/performance.json --into docs/performance.md}. */
    @Test
    void thePageOfThisProjectHasTheFiguresThatAreCommitted() throws IOException {
        Path json = DOCS.resolve("performance.json");
        Optional<Report> report = Files.exists(json) ? Optional.of(Report.read(json)) : Optional.empty();
        String page = Files.readString(DOCS.resolve("performance.md"));
        assertThat(page).isEqualTo(Page.renew(page, report));
    }

    @Test
    void figuresReplaceThoseThatWereThere() {
        String page = "before\n<!-- figures: S1 -->\nold\n<!-- end of figures -->\nafter\n";
        String renewed = Page.renew(page,
                Optional.of(Reports.of(Reports.ratio(1.2, 1.1, 1.3, Goal.atMost(1.05)))));
        assertThat(renewed).startsWith("before\n").endsWith("\nafter\n").contains(" 1.200 |").contains("1.100 to 1.300")
                .contains("**falls short**").doesNotContain("old");
        assertThat(Page.renew(renewed, Optional.empty())).contains("Not measured yet.").doesNotContain("1.200");
    }

    @Test
    void whatFallsShortIsListed() {
        String page = "<!-- figures: shortfalls -->\n<!-- end of figures -->\n";
        assertThat(Page.renew(page, Optional.of(Reports.of(Reports.ratio(1.2, 1.1, 1.3, Goal.atMost(1.05)),
                Reports.ratio(0.2, 0.1, 0.3, Goal.atMost(1.05))))))
                .contains("- S1, a static program, beside C: 1.200, to be ≤ 1.05\n").doesNotContain("0.200");
    }
}
