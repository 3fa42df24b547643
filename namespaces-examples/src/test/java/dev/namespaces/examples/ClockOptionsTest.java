package dev.namespaces.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.examples.NsProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the kernel says of the clocks inside. */
class ClockOptionsTest {

    @Test
    void theOffsetsAreThoseAskedFor() throws Exception {
        Ended ended = NsProcess.run("run", "--unshare-user", "--unshare-time", "--monotonic", "-1", "--boottime",
                "86400",
                "--", "cat", "/proc/self/timens_offsets");

        assertThat(ended.stderr()).isEmpty();
        assertThat(ended.stdout().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactlyInAnyOrder("monotonic -1 0", "boottime 86400 0");
    }

    @Test
    void theCommandHasBeenUpForADayMore() throws Exception {
        double before = uptime(Files.readString(Path.of("/proc/uptime")));
        Ended ended = NsProcess.run("run", "--unshare-user", "--unshare-time", "--boottime", "86400", "--", "cat",
                "/proc/uptime");
        double after = uptime(Files.readString(Path.of("/proc/uptime")));

        assertThat(uptime(ended.stdout())).isBetween(before + 86400, after + 86400);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--boottime 5 true | --monotonic and --boottime need --unshare-time",
            "--unshare-time --monotonic 5s true | not a number of seconds for --monotonic: \"5s\"",
            "--unshare-time --boottime 99999999999 true | must be within",
            "--unshare-time --boottime | --boottime needs SECONDS"})
    void wrongUseIsOneLineThatSaysWhatIsWrong(String arguments, String reason) throws Exception {
        Ended ended = NsProcess.here(("run " + arguments).split(" ", -1));
        assertThat(ended.exitCode()).isEqualTo(125);
        assertThat(ended.stderr().lines()).singleElement().asString().startsWith("ns: ").contains(reason);
    }

    @Test
    void aClockThatWouldStartBelowZeroIsRefusedInOneLine() throws Exception {
        Ended ended = NsProcess.run("run", "--unshare-user", "--unshare-time", "--boottime", "-4000000000", "--",
                "true");
        assertThat(ended.exitCode()).isEqualTo(125);
        assertThat(ended.stderr().lines()).singleElement().asString().startsWith("ns: cannot move a clock");
    }

    private static double uptime(String text) {
        return Double.parseDouble(text.split(" ", 2)[0]);
    }
}
