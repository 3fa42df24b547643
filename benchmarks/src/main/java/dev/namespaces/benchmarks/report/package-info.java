/** What the benchmark has found: as JSON, as a table of text, as an HTML page with plots, and as tables in Markdown files. */
@NullMarked
package dev.namespaces.benchmarks.report;

import org.jspecify.annotations.NullMarked;
