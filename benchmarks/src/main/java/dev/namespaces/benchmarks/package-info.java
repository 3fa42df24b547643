/** What a spawn costs, and an entry into namespaces, beside {@link java.lang.ProcessBuilder}, a program in C and {@code bwrap}. */
@NullMarked
package dev.namespaces.benchmarks;

import org.jspecify.annotations.NullMarked;
