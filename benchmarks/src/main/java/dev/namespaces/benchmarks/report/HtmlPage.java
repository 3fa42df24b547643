package dev.namespaces.benchmarks.report;

import java.io.IOException;
import java.nio.file.Path;

public final class HtmlPage {
    private HtmlPage() {}
    public static void write(Report report, Path file) throws IOException {
        throw new IOException("later");
    }
}
