package dev.namespaces.spi;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as a value.
 *
 * @param bytes the bytes; nobody changes them
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content, below
public record Content(byte[] bytes) {

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Content content && Arrays.equals(content.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** How much it is, not what: it may be secret. */
    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
