/** What a spawn costs, beside {@link java.lang.ProcessBuilder}. */
@NullMarked
package dev.namespaces.benchmarks;

import org.jspecify.annotations.NullMarked;
