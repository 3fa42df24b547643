package dev.namespaces.ffm.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class CStringsTest {

    @Test
    void aStringIsUtf8AndEndsWithNul() {
        assertThat(CStrings.bytes("né€😀")).isEqualTo("né€😀\0".getBytes(UTF_8)).hasSize(11);
        assertThat(CStrings.bytes("")).containsExactly(0);
    }

    @Test
    void aCopyInNativeMemoryIsTheSameBytes() {
        try (Arena arena = Arena.ofConfined()) {
            long address = CStrings.allocate(arena, "né€😀");

            assertThat(Native.memory().asSlice(address, 11).toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(CStrings.bytes("né€😀"));
        }
    }
}
