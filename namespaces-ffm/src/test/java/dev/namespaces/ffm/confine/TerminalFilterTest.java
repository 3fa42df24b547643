package dev.namespaces.ffm.confine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.ffm.linux.Abi;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the filter says of system calls that this machine cannot make; what the kernel says of it, PushedInputTest shows. */
class TerminalFilterTest {

    private static final int REFUSED = Linux.SECCOMP_RET_ERRNO | Errno.EPERM;
    private static final int AUDIT_ARCH_X86_64 = 0xc000003e;
    private static final int AUDIT_ARCH_I386 = 0x40000003;
    private static final int AUDIT_ARCH_AARCH64 = 0xc00000b7;
    private static final int AUDIT_ARCH_ARM = 0x40000028;

    @ParameterizedTest
    @CsvSource({"amd64, c000003e, 16", "amd64, c000003e, 514", "amd64, c000003e, 1073741840",
            "amd64, c000003e, 1073742338", "amd64, 40000003, 54", "aarch64, c00000b7, 29", "aarch64, 40000028, 54"})
    void everyDisguiseOfBothRequestsIsRefusedAndOthersAreNot(String architecture, String audit, int number) {
        int arch = Integer.parseUnsignedInt(audit, 16);
        for (long request : new long[]{Linux.TIOCSTI, Linux.TIOCLINUX}) {
            for (long high : new long[]{0, 1, 0x80000000L, 0xffffffffL, request}) {
                assertThat(verdict(architecture, arch, number, high << 32 | request)).isEqualTo(REFUSED);
            }
        }
        for (long other : new long[]{0, Linux.TCGETS, Linux.TIOCSWINSZ, 0x5413, (long) Linux.TIOCSTI << 32}) {
            assertThat(verdict(architecture, arch, number, other)).isEqualTo(Linux.SECCOMP_RET_ALLOW);
        }
    }

    @ParameterizedTest
    @CsvSource({"amd64, c000003e, 54", "amd64, 40000003, 16", "amd64, c000003e, 0", "aarch64, c00000b7, 54",
            "aarch64, 40000028, 29"})
    void otherCallsAreAllowed(String architecture, String audit, int number) {
        assertThat(verdict(architecture, Integer.parseUnsignedInt(audit, 16), number, Linux.TIOCSTI))
                .isEqualTo(Linux.SECCOMP_RET_ALLOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "aarch64"})
    void aCallOfAnotherMachineIsRefused(String architecture) {
        boolean x86 = architecture.equals("amd64");
        for (int audit : new int[]{x86 ? AUDIT_ARCH_AARCH64 : AUDIT_ARCH_X86_64,
                x86 ? AUDIT_ARCH_ARM : AUDIT_ARCH_I386, 0, -1}) {
            for (int number : new int[]{0, 16, 29, 54, 400}) {
                assertThat(verdict(architecture, audit, number, 0)).isEqualTo(REFUSED);
            }
        }
    }

    @Test
    void aNumberThatIsCutShortElsewhereIsNone() {
        assertThat(verdict("amd64", AUDIT_ARCH_I386, 0x40000000 | 54, Linux.TIOCSTI))
                .isEqualTo(Linux.SECCOMP_RET_ALLOW);
    }

    /** Runs the filter as the kernel does. */
    private static int verdict(String architecture, int audit, int number, long request) {
        ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putInt(0, number).putInt(4, audit)
                .putLong(16, -1).putLong(24, request);
        ByteBuffer filter = ByteBuffer.wrap(TerminalFilter.instructions(Abi.of(architecture).orElseThrow()))
                .order(ByteOrder.LITTLE_ENDIAN);
        int accumulator = 0;
        for (int at = 0; at < filter.limit(); at += 8) {
            int k = filter.getInt(at + 4);
            switch (filter.getShort(at)) {
                case Linux.BPF_LD_W_ABS -> accumulator = data.getInt(k);
                case Linux.BPF_ALU_AND_K -> accumulator &= k;
                case Linux.BPF_JEQ_K -> at += 8 * Byte.toUnsignedInt(filter.get(at + (accumulator == k ? 2 : 3)));
                case Linux.BPF_RET_K -> {
                    return k;
                }
                default -> throw new AssertionError("instruction " + filter.getShort(at));
            }
        }
        throw new AssertionError("no verdict");
    }
}
