package dev.namespaces.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Stack;
import picocli.CommandLine;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What whoever started {@code ns} has left open for it. */
final class Descriptors {

    private Descriptors() {}

    static int number(CommandLine line, String word) {
        try {
            return Integer.parseUnsignedInt(word);
        } catch (NumberFormatException _) {
            throw new ParameterException(line, "not the number of a descriptor: " + word);
        }
    }

    static byte[] content(CommandLine line, String word) {
        int descriptor = number(line, word);
        try (FileInputStream stream = new FileInputStream("/proc/self/fd/" + descriptor)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new ParameterException(line, "cannot read descriptor " + descriptor + ": " + e.getMessage(), e);
        }
    }

    /** Puts the words read from a descriptor, NUL behind each, in the place of {@code --args FD}. */
    static final class Spliced implements IParameterConsumer {

        @Override
        public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
            if (words.isEmpty()) {
                throw new ParameterException(command.commandLine(), "--args needs FD");
            }
            String text = new String(content(command.commandLine(), words.pop()), UTF_8);
            List<String> more = Arrays
                    .asList((text.endsWith("\0") || text.isEmpty() ? text : text + '\0').split("\0", -1));
            for (String word : more.subList(0, more.size() - 1).reversed()) {
                words.push(word);
            }
        }
    }
}
