package dev.namespaces.benchmarks.report;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * All that a run of the suite has found, and where. Its JSON is what is kept.
 *
 * @param started when, in UTC
 * @param effort how much of it: {@code full} or {@code quick}
 * @param minutes how long it took
 * @param machine what it ran on
 * @param scenarios what was found
 */
public record Report(String started, String effort, double minutes, Map<String, String> machine,
        List<Findings> scenarios) {

    private static final JSON FORM = JSON.builder().enable(JSON.Feature.PRETTY_PRINT_OUTPUT).build();

    public static Report read(Path file) throws IOException {
        return FORM.beanFrom(Report.class, file.toFile());
    }

    public String toJson() throws IOException {
        return FORM.asString(this) + "\n";
    }

    public void write(Path file) throws IOException {
        Files.writeString(file, toJson());
    }
}
