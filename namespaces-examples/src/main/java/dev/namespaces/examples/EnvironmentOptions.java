package dev.namespaces.examples;

import dev.namespaces.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import java.util.function.UnaryOperator;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options for the command's environment, applied in the order given. */
final class EnvironmentOptions {

    private final List<UnaryOperator<Command>> changes = new ArrayList<>();

    @Option(names = "--setenv", arity = "2", paramLabel = "NAME VALUE", hideParamSyntax = true, parameterConsumer = AnyTwo.class, //
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

    /** Takes the next two words whatever they are: a value may well look like an option. */
    static final class AnyTwo implements IParameterConsumer {

        @Override
        public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
            if (words.size() < 2) {
                throw new ParameterException(command.commandLine(), "--setenv needs a name and a value");
            }
            option.setValue(new String[]{words.pop(), words.pop()});
        }
    }
}
