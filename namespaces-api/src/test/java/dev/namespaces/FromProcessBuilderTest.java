package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.namespaces.spi.CommandSpec;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@link Command#from}: what a ProcessBuilder would start. */
class FromProcessBuilderTest {

    private static final File FILE = new File("/tmp/file");

    private final ProcessBuilder builder = new ProcessBuilder("id", "-u");

    @Test
    void aFreshBuilderIsACommandWithPipes() {
        CommandSpec spec = spec();

        assertThat(spec.arguments()).containsExactly("id", "-u");
        assertThat(spec.directory()).isNull();
        assertThat(spec.stdin()).isEqualTo(Stdio.pipe().stream());
        assertThat(spec.stdout()).as("a pipe by default").isNull();
        assertThat(spec.stderr()).as("likewise").isNull();
    }

    @Test
    void theEnvironmentIsExactlyTheBuilders() {
        builder.environment().clear();
        builder.environment().putAll(Map.of("A", "1", "B", ""));

        assertThat(spec().inheritEnvironment()).isFalse();
        assertThat(spec().environment()).containsOnly(Map.entry("A", Optional.of("1")),
                Map.entry("B", Optional.of("")));
    }

    @Test
    void anUntouchedEnvironmentIsTheJvms() {
        assertThat(spec().environment().keySet()).isEqualTo(System.getenv().keySet());
        assertThat(spec().inheritEnvironment()).isFalse();
    }

    @Test
    void aRelativeDirectoryIsTakenFromTheJvmsOwn() {
        builder.directory(new File("src"));

        assertThat(spec().directory()).isEqualTo(Path.of("src").toAbsolutePath().toString());
    }

    @Test
    void redirectionsGoWhereTheyWent() {
        builder.redirectInput(FILE).redirectOutput(ProcessBuilder.Redirect.appendTo(FILE))
                .redirectError(ProcessBuilder.Redirect.INHERIT);

        assertThat(spec().stdin()).isEqualTo(Stdio.from(FILE.toPath()).stream());
        assertThat(spec().stdout()).isEqualTo(Stdio.append(FILE.toPath()).stream());
        assertThat(spec().stderr()).isEqualTo(Stdio.inherit().stream());
    }

    @Test
    void aMergedStandardErrorGoesWithStandardOutputWhateverItsRedirection() {
        builder.redirectErrorStream(true).redirectError(FILE).redirectOutput(ProcessBuilder.Redirect.DISCARD);

        assertThat(spec().stdout()).isEqualTo(Stdio.discard().stream());
        assertThat(spec().stderr()).isEqualTo(Stdio.stdout().stream());
    }

    @Test
    void laterChangesOfTheBuilderHaveNoEffect() {
        builder.environment().put("A", "1");
        Command command = Command.from(builder);
        builder.command("rm").directory(new File("/")).inheritIO().environment().put("A", "2");

        assertThat(command.spec().arguments()).containsExactly("id", "-u");
        assertThat(command.spec().directory()).isNull();
        assertThat(command.spec().environment()).containsEntry("A", Optional.of("1"));
        assertThat(command.spec().stdout()).as("a pipe by default").isNull();
    }

    @Test
    void aBuilderWithoutAProgramIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Command.from(new ProcessBuilder()));
        assertThatIllegalArgumentException().isThrownBy(() -> Command.from(new ProcessBuilder("a\0b")));
    }

    private CommandSpec spec() {
        return Command.from(builder).spec();
    }
}
