package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.namespaces.spi.CommandSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {

    private static final Command ID = Command.of("id", "-u");

    private static final LongConsumer ACTION = new LongAdder()::add;

    /** Each changes something. */
    private static final List<UnaryOperator<Command>> CHANGES = List.of(command -> command.directory("/tmp"),
            command -> command.argumentZero("-id"),
            command -> command.environment("A", "1"), command -> command.environment(Map.of("A", "1")),
            command -> command.withoutEnvironment("PATH"), Command::emptyEnvironment,
            command -> command.stdin(Stdio.discard()), command -> command.stdout(Stdio.discard()),
            command -> command.stderr(Stdio.stdout()), command -> command.timeout(Duration.ofSeconds(1)),
            command -> command.outputLimit(1), command -> command.beforeExec(ACTION));

    @Test
    void aCommandStartsWithTheJvmsSurroundingsAndPipes() {
        CommandSpec spec = ID.spec();

        assertThat(spec.arguments()).containsExactly("id", "-u");
        assertThat(spec.argumentZero()).isNull();
        assertThat(spec.words()).isEqualTo(spec.arguments());
        assertThat(spec.directory()).isNull();
        assertThat(spec.inheritEnvironment()).isTrue();
        assertThat(spec.environment()).isEmpty();
        assertThat(spec.stdin()).as("pipe for spawn, nothing for run").isNull();
        assertThat(spec.stdout()).as("a pipe, or the terminal that is standard input").isNull();
        assertThat(spec.stderr()).as("likewise").isNull();
        assertThat(spec.timeout()).isNull();
        assertThat(spec.outputLimit()).isEqualTo(1024 * 1024);
        assertThat(spec.beforeExec()).isNull();
    }

    @Test
    void actionsBeforeTheExecAddUp() {
        List<String> done = new ArrayList<>();
        LongConsumer action = ID.beforeExec(pid -> done.add("first " + pid)).directory("/")
                .beforeExec(pid -> done.add("second " + pid)).spec().beforeExec();

        Objects.requireNonNull(action).accept(7);

        assertThat(done).containsExactly("first 7", "second 7");
    }

    @ParameterizedTest
    @FieldSource("CHANGES")
    void aChangeMakesANewCommandAndLeavesTheOldOneAsItIs(UnaryOperator<Command> change) {
        Command changed = change.apply(ID);

        assertThat(changed).isNotEqualTo(ID).isEqualTo(change.apply(Command.of(List.of("id", "-u"))));
        assertThat(changed).hasSameHashCodeAs(change.apply(Command.of("id", "-u")));
        assertThat(ID).isEqualTo(Command.of("id", "-u"));
    }

    @Test
    void changesAccumulate() {
        Command command = ID;
        for (UnaryOperator<Command> change : CHANGES.reversed()) {
            command = change.apply(command);
        }
        CommandSpec spec = command.spec();

        assertThat(spec.arguments()).containsExactly("id", "-u");
        assertThat(spec.argumentZero()).isEqualTo("-id");
        assertThat(spec.words()).containsExactly("-id", "-u");
        assertThat(spec.directory()).isEqualTo("/tmp");
        assertThat(spec.inheritEnvironment()).isFalse();
        assertThat(spec.environment()).containsExactlyInAnyOrderEntriesOf(
                Map.of("PATH", Optional.empty(), "A", Optional.of("1")));
        assertThat(spec.stdin()).isEqualTo(Stdio.discard().stream());
        assertThat(spec.stdout()).isEqualTo(Stdio.discard().stream());
        assertThat(spec.stderr()).isEqualTo(Stdio.stdout().stream());
        assertThat(spec.timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(spec.outputLimit()).isEqualTo(1);
    }

    @Test
    void theListsThatACommandWasMadeFromMayChange() {
        List<String> list = new ArrayList<>(List.of("id", "-u"));
        String[] array = {"-u"};
        Command fromList = Command.of(list);
        Command fromArray = Command.of("id", array);
        list.set(1, "-g");
        array[0] = "-g";

        assertThat(fromList).isEqualTo(ID);
        assertThat(fromArray).isEqualTo(ID);
    }

    @Test
    void emptyingTheEnvironmentForgetsWhatWasSetBefore() {
        CommandSpec spec = ID.environment("BEFORE", "1").emptyEnvironment().environment("AFTER", "2").spec();

        assertThat(spec.inheritEnvironment()).isFalse();
        assertThat(spec.environment()).containsOnly(Map.entry("AFTER", Optional.of("2")));
    }

    @Test
    void theLastWordOnAVariableCounts() {
        assertThat(ID.environment("A", "1").withoutEnvironment("A").spec().environment())
                .containsOnly(Map.entry("A", Optional.empty()));
        assertThat(ID.withoutEnvironment("A").environment("A", "").spec().environment())
                .containsOnly(Map.entry("A", Optional.of("")));
    }

    @Test
    void aCommandNeedsAProgram() {
        assertThatIllegalArgumentException().isThrownBy(() -> Command.of(List.of()))
                .withMessage("a command needs the name of a program: []");
        assertThatIllegalArgumentException().isThrownBy(() -> Command.of("", "x"))
                .withMessage("a command needs the name of a program: [, x]");
    }

    @Test
    void anEmptyArgumentIsAnArgument() {
        assertThat(Command.of("echo", "", "").spec().arguments()).containsExactly("echo", "", "");
    }

    @Test
    void nulIsRefusedInEveryString() {
        List<ThrowingCallable> calls = List.of(() -> Command.of("a\0b"), () -> Command.of("echo", "fine", "a\0b"),
                () -> Command.of(List.of("echo", "a\0b")), () -> ID.directory("/a\0b"), () -> ID.argumentZero("a\0b"),
                () -> ID.environment("A\0B", "x"), () -> ID.environment("A", "a\0b"),
                () -> ID.environment(Map.of("A", "a\0b")), () -> ID.withoutEnvironment("A\0B"));

        assertThat(calls).allSatisfy(call -> assertThatIllegalArgumentException().isThrownBy(call)
                .withMessageContaining(" contains NUL at index "));
    }

    @Test
    void aRefusedStringIsSaidToBeWhatItIs() {
        assertThatIllegalArgumentException().isThrownBy(() -> Command.of("echo", "fine", "ab\0"))
                .withMessage("argument 2 contains NUL at index 2: \"ab␀\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "\ude00", "a\ud83db", "\ude00\ud83d", "\ud83d\ud83d\ude00"})
    void anUnpairedSurrogateIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Command.of("echo", text))
                .withMessageStartingWith("argument 1 cannot be encoded: an unpaired surrogate at index ");
    }

    @Test
    void aPairOfSurrogatesIsACharacter() {
        assertThat(Command.of("echo", "😀", "né\n").spec().arguments()).containsExactly("echo", "😀", "né\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=", "A=B", "=A", "A="})
    void aVariableHasANameWithoutAnEqualsSign(String name) {
        String message = "environment variable name must not be empty or contain '=': \"" + name + "\"";

        assertThatIllegalArgumentException().isThrownBy(() -> ID.environment(name, "x")).withMessage(message);
        assertThatIllegalArgumentException().isThrownBy(() -> ID.environment(Map.of(name, "x"))).withMessage(message);
        assertThatIllegalArgumentException().isThrownBy(() -> ID.withoutEnvironment(name)).withMessage(message);
    }

    @Test
    void aValueMayContainAnEqualsSign() {
        assertThat(ID.environment("A", "B=C").spec().environment()).containsEntry("A", Optional.of("B=C"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "tmp", "./tmp"})
    void theWorkingDirectoryIsAbsolute(String directory) {
        assertThatIllegalArgumentException().isThrownBy(() -> ID.directory(directory))
                .withMessage("working directory must be absolute: \"" + directory + "\"");
    }

    @Test
    void theTimeoutIsPositiveAndMayBeLongerThanAnybodyLives() {
        assertThatIllegalArgumentException().isThrownBy(() -> ID.timeout(Duration.ZERO))
                .withMessage("timeout must be positive: PT0S");
        assertThatIllegalArgumentException().isThrownBy(() -> ID.timeout(Duration.ofNanos(-1)));
        assertThat(ID.timeout(Duration.ofNanos(1)).spec().timeout()).isEqualTo(Duration.ofNanos(1));
        assertThat(ID.timeout(Duration.ofSeconds(Long.MAX_VALUE)).spec().timeout())
                .isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }

    @Test
    void theOutputLimitIsWhatAnArrayHolds() {
        long most = Integer.MAX_VALUE - 8L;

        assertThat(ID.outputLimit(0).spec().outputLimit()).isZero();
        assertThat(ID.outputLimit(most).spec().outputLimit()).isEqualTo(most);
        assertThatIllegalArgumentException().isThrownBy(() -> ID.outputLimit(-1)).withMessageContaining("-1");
        assertThatIllegalArgumentException().isThrownBy(() -> ID.outputLimit(most + 1)).withMessageContaining("0 and");
    }

    @Test
    void aStreamGoesInItsOwnDirection() {
        Path file = Path.of("/tmp/file");

        assertThatIllegalArgumentException().isThrownBy(() -> ID.stdin(Stdio.to(file)));
        assertThatIllegalArgumentException().isThrownBy(() -> ID.stdin(Stdio.append(file)));
        assertThatIllegalArgumentException().isThrownBy(() -> ID.stdin(Stdio.stdout()));
        assertThatIllegalArgumentException().isThrownBy(() -> ID.stdout(Stdio.from(file)));
        assertThatIllegalArgumentException().isThrownBy(() -> ID.stdout(Stdio.bytes(new byte[0])));
        assertThatIllegalArgumentException().isThrownBy(() -> ID.stdout(Stdio.stdout()));
        assertThatIllegalArgumentException().isThrownBy(() -> ID.stderr(Stdio.from(file)))
                .withMessage("standard error cannot be written to here: from /tmp/file");
        assertThatIllegalArgumentException().isThrownBy(() -> ID.stderr(Stdio.bytes(new byte[0])));
        assertThatIllegalArgumentException().isThrownBy(() -> ID.stdout(Stdio.terminal(24, 80)))
                .withMessageStartingWith("a terminal is given as standard input");
        assertThatIllegalArgumentException().isThrownBy(() -> ID.stderr(Stdio.terminal(24, 80)));
    }

    @Test
    void aTerminalMustBeReadSomewhere() {
        Command terminal = ID.stdin(Stdio.terminal(24, 80)).stdout(Stdio.pipe());

        assertThat(terminal.spec().stderr()).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> terminal.stderr(Stdio.pipe()))
                .withMessageContaining("nothing is left to read the terminal's output from");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ID.stdout(Stdio.pipe()).stderr(Stdio.pipe()).stdin(Stdio.terminal(24, 80)));
    }

    @Test
    @SuppressWarnings("NullAway") // what this is about
    void nullIsRefusedAtOnce() {
        assertThatNullPointerException().isThrownBy(() -> Command.of((String) null));
        assertThatNullPointerException().isThrownBy(() -> Command.of("id", (String) null));
        assertThatNullPointerException().isThrownBy(() -> ID.directory(null));
        assertThatNullPointerException().isThrownBy(() -> ID.environment("A", null));
        assertThatNullPointerException().isThrownBy(() -> ID.stdin(null));
        assertThatNullPointerException().isThrownBy(() -> ID.timeout(null));
    }

    @Test
    void theEnvironmentIsNotPrinted() {
        Command command = ID.environment("PASSWORD", "hunter2").stdin(Stdio.bytes(new byte[]{'s', '3'}));

        assertThat(command).hasToString("[id, -u]");
        assertThat(command.spec().stdin()).hasToString("2 bytes");
    }
}
