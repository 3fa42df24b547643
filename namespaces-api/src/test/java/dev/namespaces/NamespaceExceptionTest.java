package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NamespaceExceptionTest {

    @Test
    void theMessageSaysStepDetailReasonAndRemedy() {
        NamespaceException exception = exception("proc on /proc", "add .pid()");

        assertThat(exception)
                .hasMessage("cannot mount proc on /proc: Operation not permitted (EPERM); add .pid()");
        assertThat(exception.step()).isEqualTo(Step.MOUNT);
        assertThat(exception.detail()).isEqualTo("proc on /proc");
        assertThat(exception.errno()).isEqualTo(1);
        assertThat(exception.errnoName()).isEqualTo("EPERM");
        assertThat(exception.remedy()).hasValue("add .pid()");
    }

    @Test
    void whatIsNotKnownIsLeftOut() {
        NamespaceException exception = exception("", null);

        assertThat(exception).hasMessage("cannot mount: Operation not permitted (EPERM)");
        assertThat(exception.remedy()).isEmpty();
    }

    @Test
    void everyStepReadsAsAnInfinitive() {
        assertThat(Arrays.stream(Step.values()).map(Step::words))
                .allMatch(words -> words.matches("[a-z]([a-z_ ]|JVM)+"))
                .doesNotHaveDuplicates();
    }

    private static NamespaceException exception(String detail, @Nullable String remedy) {
        return new NamespaceException(Step.MOUNT, detail, 1, "EPERM", "Operation not permitted", remedy);
    }
}
