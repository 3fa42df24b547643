package dev.namespaces;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.namespaces.spi.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ResultTest {

    private static final Usage USAGE = new Usage(Duration.ofMillis(3), Duration.ofMillis(1), OptionalLong.empty());

    @Test
    void aSuccessIsHandedThrough() throws IOException {
        Result result = result(0, 0, false, "warning\n");

        assertThat(result.succeeded()).isTrue();
        assertThat(result.orThrow()).isSameAs(result);
        assertThat(result.signal()).isEmpty();
    }

    @Test
    void anExitValueIsNamedAndStandardErrorQuoted() {
        assertFails(result(3, 0, false, " no such file\n\n"), "[make, test] exited with 3: no such file");
        assertFails(result(3, 0, false, " \n"), "[make, test] exited with 3");
    }

    @Test
    void aSignalIsNamedWhereThereWasOne() {
        assertFails(result(137, 9, false, ""), "[make, test] was ended by signal 9");
        assertFails(result(137, 0, false, ""), "[make, test] exited with 137");
        assertThat(result(137, 9, false, "").signal()).hasValue(9);
        assertThat(result(137, 0, false, "").signal()).isEmpty();
    }

    @Test
    void whoeverTookTooLongHasNotSucceeded() {
        assertThat(result(0, 0, true, "").succeeded()).isFalse();
        assertFails(result(137, 9, true, ""), "[make, test] was killed after 1500 ms");
    }

    @Test
    void onlyTheEndOfALongStandardErrorIsQuoted() {
        assertFails(result(1, 0, false, "y" + "x".repeat(2000)),
                "[make, test] exited with 1: …" + "x".repeat(2000));
        assertFails(result(1, 0, false, "x".repeat(2000)), "[make, test] exited with 1: " + "x".repeat(2000));
    }

    @Test
    void outputIsDecodedAndItsBytesCopied() {
        Result result = result(0, 0, false, "né");
        result.stdoutBytes()[0] = 0;
        result.stderrBytes()[0] = 0;

        assertThat(result.stdout()).isEqualTo("out");
        assertThat(result.stderr()).isEqualTo("né");
        assertThat(result.stderrBytes()).isEqualTo("né".getBytes(UTF_8));
        assertThat(result.elapsed()).isEqualTo(Duration.ofMillis(1500));
        assertThat(result.usage()).isEqualTo(USAGE);
        assertThat(result.truncated()).isFalse();
    }

    @Test
    void theOutputItselfIsNotPrinted() {
        assertThat(result(0, 0, true, "né"))
                .hasToString("Result[[make, test], exit value 0, timed out, 3 bytes of output, 3 of errors]");
    }

    private static void assertFails(Result result, String message) {
        assertThat(result.succeeded()).isFalse();
        assertThatIOException().isThrownBy(result::orThrow).withMessage(message);
    }

    private static Result result(int exitValue, int signal, boolean timedOut, String stderr) {
        return new Result(Command.of("make", "test").environment("SECRET", "x"),
                new Outcome(exitValue, signal, timedOut,
                        false, "out".getBytes(UTF_8), stderr.getBytes(UTF_8), Duration.ofMillis(1500), USAGE));
    }
}
