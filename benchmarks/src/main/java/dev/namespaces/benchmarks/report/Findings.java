package dev.namespaces.benchmarks.report;

import java.util.List;

/**
 * What one scenario has found.
 *
 * @param id such as {@code S1}
 * @param title what it is about
 * @param rows the figures
 * @param plots what is better seen than read
 */
public record Findings(String id, String title, List<Row> rows, List<Plot> plots) {}
