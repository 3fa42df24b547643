package dev.namespaces.benchmarks.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A report as one HTML file that needs no other: the figures, a script that draws them, and the library which that uses. */
public final class HtmlPage {

    private static final Pattern PLACE = Pattern.compile("@([A-Z_]+)@");
    private static final String UPLOT_PROPERTIES = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";

    private HtmlPage() {}

    public static void write(Report report, Path file) throws IOException {
        Files.writeString(file, of(report));
    }

    static String of(Report report) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(resource(UPLOT_PROPERTIES)));
        String uPlot = "/META-INF/resources/webjars/uplot/" + properties.getProperty("version") + "/";
        Map<String, String> contents = Map.of( //
                "LICENSE", resource(uPlot + "LICENSE"), //
                "UPLOT_CSS", resource(uPlot + "dist/uPlot.min.css"), //
                "UPLOT_JS", resource(uPlot + "dist/uPlot.iife.min.js"), //
                "REPORT", report.toJson().replace("<", "\\u003c"), // or it could end the element
                "SCRIPT", resource("/report.js"));
        return PLACE.matcher(resource("/report.html"))
                .replaceAll(place -> Matcher.quoteReplacement(contents.get(place.group(1))));
    }

    private static String resource(String name) throws IOException {
        try (InputStream content = HtmlPage.class.getResourceAsStream(name)) {
            if (content == null) {
                throw new IllegalStateException(name + " is missing from the benchmarks");
            }
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
