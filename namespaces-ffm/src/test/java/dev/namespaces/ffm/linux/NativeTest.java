package dev.namespaces.ffm.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeTest {

    @ParameterizedTest
    @CsvSource({"amd64, 5.10.0", "x86_64, 6.18.2", "aarch64, 5.10", "arm64, 7.0.0"})
    void linuxOnBothArchitecturesIsSupportedFrom510On(String architecture, String release) {
        assertThat(Native.whyNot("Linux", architecture, release)).isEmpty();
    }

    @Test
    void anotherSystemIsNamed() {
        assertThat(Native.whyNot("Mac OS X", "aarch64", "15.5"))
                .isEqualTo("namespaces need Linux, and this is Mac OS X");
    }

    @Test
    void anUnknownArchitectureIsNamed() {
        assertThat(Native.whyNot("Linux", "riscv64", "6.12.0"))
                .isEqualTo("namespaces support the architectures amd64 and aarch64, and this is riscv64");
    }

    @ParameterizedTest
    @CsvSource({"5.9.16", "4.19.0-27-amd64", "unknown"})
    void anOlderKernelIsNamed(String release) {
        assertThat(Native.whyNot("Linux", "amd64", release))
                .isEqualTo("namespaces need Linux 5.10 or newer, and this is " + release);
    }

    @Test
    void thisSystemIsSupported() {
        assertThat(Native.whyUnsupported()).isEmpty();
        assertThat(Abi.of(System.getProperty("os.arch"))).contains(Native.abi());
    }

    @Test
    void aCallReturnsItsResult() {
        assertThat(Native.call(Sys.GETPID, 0, 0, 0, 0, 0, 0)).isEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void aRefusedCallReturnsItsNegativeErrno() {
        assertThat(Syscalls.close(-1)).isEqualTo(-Errno.EBADF);
        assertThat(Syscalls.kill(ProcessHandle.current().pid(), Linux.LAST_SIGNAL + 1)).isEqualTo(-Errno.EINVAL);
    }

    /** mmap(2) refuses what its sixth argument alone gets wrong: an offset that is no multiple of the page size. */
    @Test
    void allSixArgumentsReachTheKernel() {
        assertThat(Native.call(Sys.MMAP, 0, 4096, Linux.PROT_READ, Linux.MAP_PRIVATE | 0x20, -1, 1))
                .isEqualTo(-Errno.EINVAL);
        long mapped = Native.call(Sys.MMAP, 0, 4096, Linux.PROT_READ, Linux.MAP_PRIVATE | 0x20, -1, 0);
        assertThat(mapped).isPositive();
        assertThat(Native.call(Sys.MUNMAP, mapped, 4096, 0, 0, 0, 0)).isZero();
    }
}
