/**
 * What a spawn costs, and an entry into namespaces, beside programs in C, {@link java.lang.ProcessBuilder} and others that make sandboxes: the suite of
 * {@code ns bench}, which is for ratios, and JMH.
 */
@NullMarked
package dev.namespaces.benchmarks;

import org.jspecify.annotations.NullMarked;
