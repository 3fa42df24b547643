package dev.namespaces.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Stack;
import picocli.CommandLine;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * What whoever started {@code ns} has left open for it. Java has no streams for a descriptor's number: what it is open on is opened once more, by its link
 * in {@code /proc/self/fd}, which takes the right to. The descriptor itself stays open as long as this process lives.
 */
final class Descriptors {

    private static final int O_CLOEXEC = 02000000;

    private Descriptors() {}

    /** The number of a descriptor that was open when this process started, and is not one that the JVM has opened. */
    static int inherited(CommandLine line, String word) {
        int descriptor;
        try {
            descriptor = Integer.parseUnsignedInt(word);
        } catch (NumberFormatException _) {
            throw new ParameterException(line, "not the number of a descriptor: " + word);
        }
        try {
            if (!isClosedOnExec(descriptor) && !isOfTheJvm(Files.readSymbolicLink(link(descriptor)))) {
                return descriptor;
            }
        } catch (IOException _) {
            // there is none
        }
        throw new ParameterException(line, "descriptor " + descriptor + " is not open");
    }

    private static Path link(int descriptor) {
        return Path.of("/proc/self/fd", Integer.toString(descriptor));
    }

    /** Which an inherited one cannot be; proc_pid_fdinfo(5). */
    private static boolean isClosedOnExec(int descriptor) throws IOException {
        Path info = Path.of("/proc/self/fdinfo", Integer.toString(descriptor));
        String flags = Files.readAllLines(info).stream().filter(text -> text.startsWith("flags:")).findFirst()
                .orElseThrow();
        return (Long.parseLong(flags.substring("flags:".length()).strip(), 8) & O_CLOEXEC) != 0;
    }

    /** Whether it is open on the JDK's classes or on ours: the JVM opens some of them without that flag. */
    private static boolean isOfTheJvm(Path file) throws IOException {
        if (file.startsWith(Path.of(System.getProperty("java.home")).toRealPath())) {
            return true;
        }
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (Files.isRegularFile(Path.of(entry)) && Path.of(entry).toRealPath().equals(file)) {
                return true;
            }
        }
        return false;
    }

    static FileChannel reading(CommandLine line, String word) {
        return open(line, inherited(line, word), "read", READ);
    }

    /** For writing behind what is there already. */
    static FileChannel writing(CommandLine line, String word) {
        return open(line, inherited(line, word), "write to", WRITE, APPEND);
    }

    private static FileChannel open(CommandLine line, int descriptor, String verb, OpenOption... how) {
        Path link = link(descriptor);
        try {
            if (!Files.readAttributes(link, BasicFileAttributes.class).isOther()) {
                return FileChannel.open(link, how);
            }
            if (Files.readSymbolicLink(link).toString().startsWith("socket:")) {
                throw new ParameterException(line, "cannot " + verb + " descriptor " + descriptor
                        + ": it is a socket; give a pipe or a file");
            }
            try (FileChannel _ = FileChannel.open(link, READ, WRITE)) { // then a FIFO does not wait for somebody at its other end
                return FileChannel.open(link, how);
            }
        } catch (AccessDeniedException e) {
            throw new ParameterException(line, "cannot " + verb + " descriptor " + descriptor
                    + ": it is open on what this user may not open anew, as ns has to", e);
        } catch (IOException e) {
            throw new ParameterException(line, "cannot " + verb + " descriptor " + descriptor + ": " + e.getMessage(),
                    e);
        }
    }

    static byte[] content(CommandLine line, String word) {
        int descriptor = inherited(line, word);
        try (FileInputStream stream = new FileInputStream(link(descriptor).toFile())) {
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
