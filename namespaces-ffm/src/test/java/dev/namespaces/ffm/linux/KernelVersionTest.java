package dev.namespaces.ffm.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelVersionTest {

    @ParameterizedTest
    @CsvSource({"6.1.0-37-amd64, 6, 1", "5.10.0, 5, 10", "6.18, 6, 18", "6.12-rc3, 6, 12", "6.8.0-60-generic, 6, 8",
            "5.15.167.4-microsoft-standard-WSL2, 5, 15", "6.18.44-fc-v657, 6, 18", "10.0+, 10, 0",
            "6.1.112+rpt-rpi-v8, 6, 1"})
    void aReleaseIsReadUpToItsSecondNumber(String release, int major, int minor) {
        assertThat(KernelVersion.parse(release)).isEqualTo(new KernelVersion(major, minor));
    }

    @ParameterizedTest
    @CsvSource({"''", "6", "6.", "x.y", "v6.1", "-6.1", "' 6.1'", "99999999999.1"})
    void aReleaseThatIsNotUnderstoodIsOlderThanAnyKernel(String release) {
        assertThat(KernelVersion.parse(release)).isEqualTo(new KernelVersion(0, 0));
    }

    @Test
    void versionsAreComparedByTheirMajorNumberFirst() {
        KernelVersion version = new KernelVersion(5, 10);

        assertThat(version.atLeast(5, 10)).isTrue();
        assertThat(version.atLeast(5, 9)).isTrue();
        assertThat(version.atLeast(4, 19)).isTrue();
        assertThat(version.atLeast(5, 11)).isFalse();
        assertThat(version.atLeast(6, 0)).isFalse();
    }

    @Test
    void theRunningKernelIsTheOneThatProcShows() throws IOException {
        String release = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();

        assertThat(release).startsWith(
                KernelVersion.running().major() + "." + KernelVersion.running().minor());
    }
}
