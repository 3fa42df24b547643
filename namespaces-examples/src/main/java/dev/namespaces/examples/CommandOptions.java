package dev.namespaces.examples;

import dev.namespaces.Command;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say how the command is started. */
final class CommandOptions {

    @Mixin
    private EnvironmentOptions environment = new EnvironmentOptions();

    @Option(names = "--chdir", paramLabel = "DIR", description = "start in this directory")
    private @Nullable String directory;

    @Option(names = "--argv0", paramLabel = "NAME", description = "tell the program that this is its name")
    private @Nullable String argumentZero;

    /** The command that these words are, with the streams still to be connected. */
    Command command(CommandLine line, List<String> words) {
        if (words.isEmpty()) {
            throw new ParameterException(line, "no command to run");
        }
        Command command = environment.apply(Command.of(words));
        if (directory != null) {
            command = command.directory(directory);
        }
        if (argumentZero != null) {
            command = command.argumentZero(argumentZero);
        }
        return command;
    }
}
