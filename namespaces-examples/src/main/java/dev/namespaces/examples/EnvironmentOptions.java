package dev.namespaces.examples;

import dev.namespaces.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/** The options for the command's environment, applied in the order given. */
final class EnvironmentOptions {

    private final List<UnaryOperator<Command>> changes = new ArrayList<>();

    @Option(names = "--setenv", arity = "2", paramLabel = "NAME VALUE", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "set an environment variable")
    void set(String[] nameAndValue) {
        changes.add(command -> command.environment(nameAndValue[0], nameAndValue[1]));
    }

    @Option(names = "--unsetenv", paramLabel = "NAME", description = "remove an environment variable")
    void unset(String name) {
        changes.add(command -> command.withoutEnvironment(name));
    }

    @Option(names = "--clearenv", description = "remove all environment variables, those set before this option too")
    void clear(boolean chosen) {
        changes.add(Command::emptyEnvironment);
    }

    Command apply(Command command) {
        Command changed = command;
        for (UnaryOperator<Command> change : changes) {
            changed = change.apply(changed);
        }
        return changed;
    }
}
