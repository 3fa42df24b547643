/** The command line {@code ns}, and what it is made of. */
@NullMarked
package dev.namespaces.examples;

import org.jspecify.annotations.NullMarked;
