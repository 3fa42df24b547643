/** The command line {@code ns}, what it is made of, and examples of one class each. */
@NullMarked
package dev.namespaces.examples;

import org.jspecify.annotations.NullMarked;
