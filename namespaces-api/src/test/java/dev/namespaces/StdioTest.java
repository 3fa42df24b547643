package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.namespaces.spi.Content;
import dev.namespaces.spi.Stream;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StdioTest {

    private static final Path PATH = Path.of("/tmp/file");
    private static final File FILE = PATH.toFile();

    @Test
    void everyRedirectionHasItsCounterpart() {
        assertThat(Stdio.of(Redirect.PIPE)).isSameAs(Stdio.pipe());
        assertThat(Stdio.of(Redirect.INHERIT)).isSameAs(Stdio.inherit());
        assertThat(Stdio.of(Redirect.DISCARD)).isSameAs(Stdio.discard());
        assertThat(Stdio.of(Redirect.from(FILE)).stream()).isEqualTo(new Stream.From(PATH));
        assertThat(Stdio.of(Redirect.to(FILE)).stream()).isEqualTo(new Stream.To(PATH, false));
        assertThat(Stdio.of(Redirect.appendTo(FILE)).stream()).isEqualTo(new Stream.To(PATH, true));
    }

    @Test
    void bytesAreCopied() {
        byte[] content = {1, 2, 3};
        Stdio stdio = Stdio.bytes(content);
        content[0] = 9;

        assertThat(stdio.stream()).isEqualTo(new Stream.Bytes(new Content(new byte[]{1, 2, 3})));
    }

    @Test
    void bytesAreEqualByTheirContent() {
        assertThat(new Stream.Bytes(new Content(new byte[]{1, 2})))
                .isEqualTo(new Stream.Bytes(new Content(new byte[]{1, 2})))
                .hasSameHashCodeAs(new Stream.Bytes(new Content(new byte[]{1, 2})))
                .isNotEqualTo(new Stream.Bytes(new Content(new byte[]{1, 3})));
    }

    @Test
    void aTerminalHasAtLeastOneRowAndOneColumn() {
        for (int size : new int[]{0, -1, 65536, Integer.MIN_VALUE}) {
            assertThatIllegalArgumentException().isThrownBy(() -> Stdio.terminal(size, 80))
                    .withMessage("a terminal has between 1 and 65535 rows: " + size);
            assertThatIllegalArgumentException().isThrownBy(() -> Stdio.terminal(24, size))
                    .withMessage("a terminal has between 1 and 65535 columns: " + size);
        }
        assertThat(Stdio.terminal(65535, 1).stream()).isEqualTo(new Stream.Terminal(65535, 1));
    }

    @Test
    void whatItIsConnectedToIsPrintedButNeverItsContent() {
        assertThat(Stdio.pipe()).hasToString("pipe");
        assertThat(Stdio.inherit()).hasToString("inherit");
        assertThat(Stdio.discard()).hasToString("discard");
        assertThat(Stdio.stdout()).hasToString("stdout");
        assertThat(Stdio.from(PATH)).hasToString("from /tmp/file");
        assertThat(Stdio.to(PATH)).hasToString("to /tmp/file");
        assertThat(Stdio.append(PATH)).hasToString("append /tmp/file");
        assertThat(Stdio.terminal(24, 80)).hasToString("terminal of 24 rows and 80 columns");
        assertThat(Stdio.bytes(new byte[]{'s', 'e', 'c'})).hasToString("3 bytes");
    }
}
