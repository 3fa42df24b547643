package dev.namespaces;

import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.Stream;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A program, its arguments, and what it starts with.
 *
 * <p>
 * Immutable and thread-safe: every method returns a command and leaves this one as it is. Strings reach the kernel in UTF-8; one that holds NUL
 * is refused at once. There is never a shell: an argument is one argument, whatever is in it.
 *
 * <h2>The program</h2>
 *
 * <p>
 * A name without a slash is looked up as execvp(3) does it, inside the namespaces, in the {@code PATH} of <em>the command's</em> environment, or
 * in {@code /bin:/usr/bin} where that has none. A name with a slash is a path.
 *
 * <h2>The environment</h2>
 *
 * <p>
 * A copy of the JVM's, on which {@link #environment(String, String)}, {@link #withoutEnvironment} and {@link #emptyEnvironment} work.
 */
public final class Command {

    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);
    private static final long DEFAULT_OUTPUT_LIMIT = 1 << 20;
    private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 8L;

    private final CommandSpec spec;

    private Command(CommandSpec spec) {
        this.spec = spec;
    }

    /**
     * A program and its arguments.
     *
     * @param program its name, looked up in {@code PATH}, or a path with a slash in it
     * @param arguments what follows the name
     * @return the command, with the JVM's environment and working directory, and pipes as its standard streams
     * @throws IllegalArgumentException if the program is empty or a string contains NUL
     */
    public static Command of(String program, String... arguments) {
        List<String> command = new ArrayList<>(arguments.length + 1);
        command.add(Objects.requireNonNull(program, "program"));
        command.addAll(List.of(arguments));
        return of(command);
    }

    /**
     * A program and its arguments.
     *
     * @param command the program, then its arguments
     * @return the command, with the JVM's environment and working directory, and pipes as its standard streams
     * @throws IllegalArgumentException if the list or the program is empty, or a string contains NUL
     */
    public static Command of(List<String> command) {
        List<String> copy = List.copyOf(command);
        if (copy.isEmpty() || copy.getFirst().isEmpty()) {
            throw new IllegalArgumentException("a command needs the name of a program: " + copy);
        }
        for (int i = 0; i < copy.size(); i++) {
            Text.checked(i == 0 ? "program" : "argument " + i, copy.get(i));
        }
        return new Command(
                new CommandSpec(copy, null, null, true, Map.of(), null, null, null, null, DEFAULT_OUTPUT_LIMIT,
                        null));
    }

    /**
     * What a {@link ProcessBuilder} would start, with its environment, directory and redirections.
     *
     * @param builder the builder; later changes to it have no effect here
     * @return the command
     * @throws IllegalArgumentException if its command is empty or a string contains NUL
     */
    public static Command from(ProcessBuilder builder) {
        Map<String, String> environment = new LinkedHashMap<>(builder.environment());
        environment.remove(""); // what a JVM that inherits "=x=1" makes of it
        Command command = of(builder.command()).emptyEnvironment().environment(environment);
        File directory = builder.directory();
        if (directory != null) {
            command = command.directory(directory.getAbsolutePath());
        }
        command = command.stdin(Stdio.of(builder.redirectInput()));
        if (!builder.redirectOutput().equals(ProcessBuilder.Redirect.PIPE)) {
            command = command.stdout(Stdio.of(builder.redirectOutput()));
        }
        if (builder.redirectErrorStream()) {
            return command.stderr(Stdio.stdout());
        }
        return builder.redirectError().equals(ProcessBuilder.Redirect.PIPE)
                ? command
                : command.stderr(Stdio.of(builder.redirectError()));
    }

    /**
     * Tells the program another name than the one by which it is found: its {@code argv[0]}, see execve(2). A login shell, for one, has a name
     * that begins with a hyphen.
     *
     * @param name the name; by default the program, as it was given
     * @return such a command
     * @throws IllegalArgumentException if it contains NUL
     */
    public Command argumentZero(String name) {
        String checked = Text.checked("argument 0", name);
        return changed(draft -> draft.argumentZero = checked);
    }

    /**
     * Sets the working directory.
     *
     * @param inside an absolute path as the command will see it
     * @return such a command
     * @throws IllegalArgumentException if the path is relative or contains NUL
     */
    public Command directory(String inside) {
        String checked = Text.checkedInsidePath("working directory", inside);
        return changed(draft -> draft.directory = checked);
    }

    /**
     * Sets an environment variable.
     *
     * @param name its name, without {@code '='}
     * @param value its value
     * @return such a command
     * @throws IllegalArgumentException if the name is empty or contains {@code '='}, or either contains NUL
     */
    public Command environment(String name, String value) {
        return environment(Map.of(name, value));
    }

    /**
     * Sets environment variables, and leaves the others as they are.
     *
     * @param variables values by name
     * @return such a command
     * @throws IllegalArgumentException if a name is empty or contains {@code '='}, or a string contains NUL
     */
    public Command environment(Map<String, String> variables) {
        return changed(draft -> variables.forEach((name, value) -> draft.environment.put(Text.checkedVariable(name),
                Optional.of(Text.checked("value of environment variable " + name, value)))));
    }

    /**
     * Removes an environment variable.
     *
     * @param name its name; it need not be set
     * @return such a command
     * @throws IllegalArgumentException if the name is empty or contains {@code '='} or NUL
     */
    public Command withoutEnvironment(String name) {
        String checked = Text.checkedVariable(name);
        return changed(draft -> draft.environment.put(checked, Optional.empty()));
    }

    /**
     * Removes every environment variable, those of the JVM and those set here so far.
     *
     * @return such a command
     */
    public Command emptyEnvironment() {
        return changed(draft -> {
            draft.inheritEnvironment = false;
            draft.environment.clear();
        });
    }

    /**
     * Connects standard input; a {@linkplain Stdio#pipe() pipe} by default for {@link Spawner#spawn(Command) spawn}, nothing for
     * {@link Spawner#run(Command) run}.
     *
     * @param stdin a pipe, inherited, discarded, a file, bytes, or a terminal
     * @return such a command
     * @throws IllegalArgumentException if it can only be written to
     */
    public Command stdin(Stdio stdin) {
        if (stdin.stream() instanceof Stream.To || stdin.stream() instanceof Stream.Stdout) {
            throw new IllegalArgumentException("standard input cannot be read from here: " + stdin);
        }
        return changed(draft -> draft.stdin = stdin.stream());
    }

    /**
     * Connects standard output; a {@linkplain Stdio#pipe() pipe} by default, or the terminal where standard input is
     * {@linkplain Stdio#terminal one}.
     *
     * @param stdout a pipe, inherited, discarded, or a file
     * @return such a command
     * @throws IllegalArgumentException if it can only be read from, or nothing is left to read a terminal's output from
     */
    public Command stdout(Stdio stdout) {
        if (stdout.stream() instanceof Stream.Stdout) {
            throw new IllegalArgumentException("standard output cannot be connected to itself");
        }
        Stream checked = writable("standard output", stdout);
        return changed(draft -> draft.stdout = checked);
    }

    /**
     * Connects standard error; a {@linkplain Stdio#pipe() pipe} of its own by default, or the terminal where standard input is
     * {@linkplain Stdio#terminal one}.
     *
     * @param stderr a pipe, inherited, discarded, a file, or {@link Stdio#stdout()}
     * @return such a command
     * @throws IllegalArgumentException if it can only be read from, or nothing is left to read a terminal's output from
     */
    public Command stderr(Stdio stderr) {
        Stream checked = writable("standard error", stderr);
        return changed(draft -> draft.stderr = checked);
    }

    private static Stream writable(String what, Stdio stdio) {
        if (stdio.stream() instanceof Stream.Terminal) {
            throw new IllegalArgumentException(
                    "a terminal is given as standard input, and " + what + " goes there unless told otherwise");
        }
        if (stdio.stream() instanceof Stream.From || stdio.stream() instanceof Stream.Bytes) {
            throw new IllegalArgumentException(what + " cannot be written to here: " + stdio);
        }
        return stdio.stream();
    }

    /**
     * Limits how long {@link Spawner#run(Command)} lets the command run; {@link Spawner#spawn(Command)} takes no notice of it.
     *
     * @param wallClock the time from the spawn until the command and its descendants are killed; unlimited by default
     * @return such a command
     * @throws IllegalArgumentException if it is zero or negative
     */
    public Command timeout(Duration wallClock) {
        if (wallClock.isZero() || wallClock.isNegative()) {
            throw new IllegalArgumentException("timeout must be positive: " + wallClock);
        }
        return changed(draft -> draft.timeout = wallClock.compareTo(LONGEST) > 0 ? LONGEST : wallClock);
    }

    /**
     * Limits how much of each output stream {@link Spawner#run(Command)} keeps; what comes after is read and thrown away.
     *
     * @param bytesPerStream the limit in bytes, 1 MiB by default
     * @return such a command
     * @throws IllegalArgumentException if it is negative, or more than an array holds
     */
    public Command outputLimit(long bytesPerStream) {
        if (bytesPerStream < 0 || bytesPerStream > LARGEST_ARRAY) {
            throw new IllegalArgumentException(
                    "output limit must lie between 0 and " + LARGEST_ARRAY + ": " + bytesPerStream);
        }
        return changed(draft -> draft.outputLimit = bytesPerStream);
    }

    /**
     * Does something from outside when the namespaces are there and all in them is set up, and before the program is executed. Until it returns, the
     * process waits: what is done to it meanwhile, by its pid, holds when the program starts. Whoever asks twice has both done, one after the other.
     *
     * <p>
     * The pid is {@link NamespaceProcess#pid()}, as it will be: of the init, where one runs the command. Its namespaces are in {@code /proc/PID/ns}, and its
     * root file system is below {@code /proc/PID/root}; the ids of {@link NamespaceBuilder#runAs} are not taken on yet, and no other user namespace that
     * {@link UserConfig#forbidNestedUserNamespaces} leads into.
     *
     * <p>
     * The action runs in the thread that spawns. If it throws, the program is never executed, nothing is left behind, and the exception goes on to
     * the caller. If the JVM ends meanwhile, so does the process. A {@link #timeout} is not kept while it runs, though it counts.
     *
     * @param action gets the pid, as the JVM's side sees it
     * @return such a command
     */
    public Command beforeExec(LongConsumer action) {
        Objects.requireNonNull(action, "action");
        return changed(
                draft -> draft.beforeExec = draft.beforeExec == null ? action : draft.beforeExec.andThen(action));
    }

    /** This command, if {@code run} can run it. */
    Command runnable() {
        if (spec.stdin() instanceof Stream.Pipe) {
            throw new IllegalArgumentException(
                    "run() cannot serve a pipe to standard input: use Stdio.bytes(…), or spawn()");
        }
        if (spec.stdin() instanceof Stream.Terminal) {
            throw new IllegalArgumentException("run() cannot type into a terminal: use spawn()");
        }
        return this;
    }

    private Command changed(Consumer<Draft> change) {
        Draft draft = new Draft(spec);
        change.accept(draft);
        if (draft.stdin instanceof Stream.Terminal && draft.stdout instanceof Stream.Pipe
                && draft.stderr instanceof Stream.Pipe) {
            throw new IllegalArgumentException(
                    "with pipes for both standard output and error, nothing is left to read the terminal's output from");
        }
        return new Command(draft.spec());
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Command command && command.spec.equals(spec);
    }

    @Override
    public int hashCode() {
        return spec.hashCode();
    }

    /** The program and its arguments, without the environment, which may hold secrets. */
    @Override
    public String toString() {
        return spec.arguments().toString();
    }

    /** A specification while one thing in it is changed. */
    private static final class Draft {

        final List<String> arguments;
        final Map<String, Optional<String>> environment;
        @Nullable
        String argumentZero;
        @Nullable
        String directory;
        boolean inheritEnvironment;
        @Nullable
        Stream stdin;
        @Nullable
        Stream stdout;
        @Nullable
        Stream stderr;
        @Nullable
        Duration timeout;
        long outputLimit;
        @Nullable
        LongConsumer beforeExec;

        Draft(CommandSpec spec) {
            arguments = spec.arguments();
            environment = new LinkedHashMap<>(spec.environment());
            argumentZero = spec.argumentZero();
            directory = spec.directory();
            inheritEnvironment = spec.inheritEnvironment();
            stdin = spec.stdin();
            stdout = spec.stdout();
            stderr = spec.stderr();
            timeout = spec.timeout();
            outputLimit = spec.outputLimit();
            beforeExec = spec.beforeExec();
        }

        CommandSpec spec() {
            return new CommandSpec(arguments, argumentZero, directory, inheritEnvironment, environment, stdin, stdout,
                    stderr,
                    timeout, outputLimit, beforeExec);
        }
    }
}
