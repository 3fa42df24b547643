package dev.namespaces.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class HtmlPageTest {

    @Test
    void thePageNeedsNoOtherFile() throws IOException {
        String page = HtmlPage.of(Reports.of(Reports.ratio(1.2, 1.1, 1.3, Goal.atMost(1.05))));
        assertThat(page).contains("\"a static program\"").contains("var uPlot=");
        assertThat(page).doesNotContainPattern("<(script|img|link)[^>]*(src|href)=").doesNotContain("@import");
    }

    @Test
    void noWordOfTheReportIsMarkup() throws IOException {
        assertThat(HtmlPage.of(Reports.of(Row.missing("</script><b>", "<!--")))).doesNotContain("<b>")
                .doesNotContain("\"<!--");
    }
}
