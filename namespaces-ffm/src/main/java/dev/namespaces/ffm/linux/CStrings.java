package dev.namespaces.ffm.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Strings as the kernel takes them: UTF-8, ending with NUL. */
public final class CStrings {

    private CStrings() {}

    /**
     * Copies a string to native memory.
     *
     * @param arena where
     * @param text the string, without NUL
     * @return the address
     */
    public static long allocate(Arena arena, String text) {
        MemorySegment bytes = MemorySegment.ofArray(bytes(text));
        return arena.allocate(bytes.byteSize()).copyFrom(bytes).address();
    }

    /**
     * The bytes of a string with the NUL at its end.
     *
     * @param text the string, without NUL
     * @return the bytes
     */
    public static byte[] bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return java.util.Arrays.copyOf(bytes, bytes.length + 1);
    }
}
