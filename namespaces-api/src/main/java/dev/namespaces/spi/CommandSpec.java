package dev.namespaces.spi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What to start. All strings have been checked: no NUL, no unpaired surrogate.
 *
 * @param arguments the program and its arguments
 * @param argumentZero what the program is told that it is called, or null for the first of the arguments
 * @param directory the absolute working directory inside, or null for the one that the JVM has
 * @param inheritEnvironment whether the environment starts as the JVM's rather than empty
 * @param environment what is then set, or removed where the value is empty
 * @param stdin standard input, or null where nothing was chosen: a pipe to spawn, nothing to run
 * @param stdout standard output, or null where nothing was chosen: a pipe, or the terminal where standard input is one
 * @param stderr standard error, or null likewise
 * @param timeout how long {@code run} lets it run, or null for ever
 * @param outputLimit how many bytes of each output stream {@code run} keeps
 * @param beforeExec what to do, with the pid, once all is set up and before the program is executed, or null for nothing
 */
public record CommandSpec(List<String> arguments, @Nullable String argumentZero, @Nullable String directory,
        boolean inheritEnvironment, Map<String, Optional<String>> environment, @Nullable Stream stdin,
        @Nullable Stream stdout, @Nullable Stream stderr,
        @Nullable Duration timeout, long outputLimit, @Nullable LongConsumer beforeExec) {

    /** Keeps the collections from changing. */
    public CommandSpec {
        arguments = List.copyOf(arguments);
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    }

    /**
     * What the program finds as its arguments.
     *
     * @return the arguments, the first of which need not be the program
     */
    public List<String> words() {
        if (argumentZero == null) {
            return arguments;
        }
        List<String> words = new ArrayList<>(arguments);
        words.set(0, argumentZero);
        return words;
    }
}
