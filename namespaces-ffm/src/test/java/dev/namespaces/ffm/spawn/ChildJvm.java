package dev.namespaces.ffm.spawn;

import dev.namespaces.Namespace;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Another JVM that runs a main class of the tests, for what a test must not do to its own: other limits, another user, a violent end. Started with
 * {@link ProcessBuilder}, so that it does not depend on what is tested.
 */
public final class ChildJvm {

    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Class<?> main;
    private final List<String> arguments;
    private final List<String> wrapper = new ArrayList<>();
    private final List<String> options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
            "-XX:-UsePerfData", "-Xshare:auto", "--enable-native-access=ALL-UNNAMED",
            "--illegal-native-access=deny"));
    private String classPath = classPath();

    private ChildJvm(Class<?> main, List<String> arguments) {
        this.main = main;
        this.arguments = arguments;
    }

    public static ChildJvm of(Class<?> main, String... arguments) {
        return new ChildJvm(main, List.of(arguments));
    }

    /** Adds options of java(1). */
    public ChildJvm options(String... more) {
        Collections.addAll(options, more);
        return this;
    }

    /** Starts it by a command that takes its command line behind its own. */
    public ChildJvm by(String... command) {
        wrapper.addAll(0, List.of(command));
        return this;
    }

    /** Starts it by a shell script that ends with {@code exec "$@"}. */
    public ChildJvm byScript(String script) {
        return by("sh", "-c", script, "sh");
    }

    /** Makes sure that it runs without any privilege: as this JVM's user, or, if that is root, as a user that nobody else uses. */
    public ChildJvm asOrdinaryUser() throws IOException {
        if (OrdinaryUser.isSelf()) {
            return this;
        }
        classPath = OrdinaryUser.readable(classPath);
        return by(OrdinaryUser.command());
    }

    public List<String> command() {
        List<String> command = new ArrayList<>(wrapper);
        command.add(JAVA);
        command.addAll(options);
        Collections.addAll(command, "-cp", classPath, main.getName());
        command.addAll(arguments);
        return command;
    }

    public ProcessBuilder builder() {
        return new ProcessBuilder(command());
    }

    /** Starts it, with its errors going where this JVM's go. */
    public Process start() throws IOException {
        return builder().redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** Runs it to its end, which must be a good one, and returns what it printed. */
    public String output() throws IOException, InterruptedException {
        return new String(outputBytes(), StandardCharsets.UTF_8);
    }

    public byte[] outputBytes() throws IOException, InterruptedException {
        Path errors = Files.createTempFile("child-jvm", ".err");
        try {
            Process process = builder().redirectError(errors.toFile()).start();
            process.getOutputStream().close();
            byte[] output = process.getInputStream().readAllBytes();
            int exitValue = process.waitFor();
            if (exitValue != 0) {
                throw new AssertionError(main.getName() + " ended with " + exitValue + "\n"
                        + new String(output, StandardCharsets.UTF_8) + Files.readString(errors));
            }
            return output;
        } finally {
            Files.delete(errors);
        }
    }

    private static String classPath() {
        return String.join(File.pathSeparator, locationOf(Namespace.class).toString(),
                locationOf(Recipe.class).toString(), locationOf(ChildJvm.class).toString());
    }

    /** The folder or the archive of a class; its protection domain would not show that the module is patched with the tests. */
    private static Path locationOf(Class<?> type) {
        String file = "/" + type.getName().replace('.', '/') + ".class";
        URL url = Objects.requireNonNull(type.getResource(file), file);
        String location = url.toString();
        location = location.substring(0, location.length() - file.length());
        return Path.of(URI.create(location.startsWith("jar:")
                ? location.substring("jar:".length(), location.length() - 1)
                : location));
    }
}
