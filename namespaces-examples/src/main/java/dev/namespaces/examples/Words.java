package dev.namespaces.examples;

import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Takes as many of the next words as an option has parameters, whatever they are: a value may well look like an option. */
final class Words implements IParameterConsumer {

    @Override
    public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
        String[] taken = new String[option.arity().min()];
        if (words.size() < taken.length) {
            throw new ParameterException(command.commandLine(),
                    ((OptionSpec) option).longestName() + " needs " + option.paramLabel());
        }
        for (int i = 0; i < taken.length; i++) {
            taken[i] = words.pop();
        }
        option.setValue(taken);
    }
}
