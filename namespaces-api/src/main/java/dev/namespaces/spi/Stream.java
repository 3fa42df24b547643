package dev.namespaces.spi;

import java.nio.file.Path;

/** What a standard stream is connected to. */
public sealed interface Stream {

    /** A pipe to the JVM. */
    record Pipe() implements Stream {}

    /** The JVM's own stream. */
    record Inherit() implements Stream {}

    /** {@code /dev/null}. */
    record Discard() implements Stream {}

    /** For standard error: wherever standard output goes. */
    record Stdout() implements Stream {}

    /**
     * A host's file to read from.
     *
     * @param path the file
     */
    record From(Path path) implements Stream {}

    /**
     * A host's file to write to, created where it is missing.
     *
     * @param path the file
     * @param append whether what is there stays
     */
    record To(Path path, boolean append) implements Stream {}

    /**
     * A new pseudo-terminal, as standard input, and as whatever else is not connected elsewhere.
     *
     * @param rows its height in characters
     * @param columns its width in characters
     */
    record Terminal(int rows, int columns) implements Stream {}

    /**
     * These bytes, and then the end of file.
     *
     * @param content the bytes
     */
    record Bytes(Content content) implements Stream {

        @Override
        public String toString() {
            return content.toString();
        }
    }
}
