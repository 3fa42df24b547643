package dev.namespaces.ffm.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysTest {

    /** What AArch64 says before it includes the generic table. */
    private static final String GENERIC_TABLE = """
            #define __ARCH_WANT_NEW_STAT
            #define __ARCH_WANT_SYS_CLONE3
            #include <asm-generic/unistd.h>
            """;

    @TempDir
    Path directory;

    @Test
    void theNumbersOnX8664AreThoseOfItsTable() throws IOException {
        assertThat(ours(Abi.X86_64))
                .isEqualTo(asked(new CCompiler(Abi.X86_64), "#include <asm/unistd_64.h>\n"));
    }

    @Test
    void theNumbersOnAarch64AreThoseOfTheGenericTable() throws IOException {
        Path table = Path.of("/usr/include/asm-generic/unistd.h");
        assumeTrue(Files.exists(table), table + " is not installed");

        assertThat(ours(Abi.AARCH64)).isEqualTo(asked(new CCompiler(Native.abi()), GENERIC_TABLE));
    }

    @Test
    void aCallIsNamedAsInItsManPage() {
        assertThat(Sys.RT_SIGTIMEDWAIT.text()).isEqualTo("rt_sigtimedwait");
    }

    private static Map<String, Long> ours(Abi abi) {
        Map<String, Long> numbers = new TreeMap<>();
        for (Sys call : Sys.values()) {
            numbers.put(call.text(), (long) abi.number(call));
        }
        return numbers;
    }

    private Map<String, Long> asked(CCompiler compiler, String table) throws IOException {
        Map<String, String> names = new TreeMap<>();
        for (Sys call : Sys.values()) {
            names.put(call.text(), "__NR_" + call.text());
        }
        return compiler.values(directory, table, names);
    }
}
