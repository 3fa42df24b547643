package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The flags are compared with what the C compiler says where the implementation is tested. */
class NamespaceKindTest {

    @ParameterizedTest
    @EnumSource
    void theKernelShowsEveryKindUnderItsName(NamespaceKind kind) throws Exception {
        assertThat(Files.readSymbolicLink(Path.of("/proc/self/ns", kind.procName())).toString())
                .startsWith(kind.procName() + ":[");
    }

    @Test
    void everyFlagIsABitOfItsOwn() {
        assertThat(NamespaceKind.values()).hasSize(8).extracting(kind -> Long.bitCount(kind.cloneFlag()))
                .containsOnly(1);
        assertThat(Arrays.stream(NamespaceKind.values()).mapToLong(NamespaceKind::cloneFlag).sum())
                .isEqualTo(0x7e020080L);
    }
}
