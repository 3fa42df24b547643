package dev.namespaces.ffm.linux;

import dev.namespaces.Namespace;
import dev.namespaces.ffm.FfmProvider;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import dev.namespaces.ffm.linux.Origin;
import net.bytebuddy.ByteBuddy;
import org.assertj.core.api.Assertions;
import org.opentest4j.AssertionFailedError;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.commons.JUnitException;
import org.junit.platform.engine.TestEngine;
import org.junit.jupiter.engine.JupiterTestEngine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.api.Test;

/**
 * Another JVM that runs a main class of the tests, for what a test must not do to its own: other limits, another user, a violent end. Started with
 * {@link ProcessBuilder}, so that it does not depend on what is tested.
 */
public final class ChildJvm {

    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String MODULE = "dev.namespaces.ffm";

    private final Class<?> main;
    private final List<String> arguments;
    private final List<String> wrapper = new ArrayList<>();
    private final List<String> options = new ArrayList<>(
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto"));
    private String classPath = Stream.of(Namespace.class, FfmProvider.class, ChildJvm.class).map(Origin::of)
            .map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    private boolean modules;
    private boolean nativeAccess = true;
    private boolean mergesErrors;

    private ChildJvm(Class<?> main, List<String> arguments) {
        this.main = main;
        this.arguments = arguments;
    }

    /** With everything on the class path, and native access allowed, unless something else is said. */
    public static ChildJvm of(Class<?> main, String... arguments) {
        return new ChildJvm(main, List.of(arguments));
    }

    /** With the libraries of the tests on the class path too, for a main class that is one of them, or runs some. */
    public ChildJvm withTestLibraries() {
        classPath = Stream.concat(Stream.of(classPath.split(File.pathSeparator, -1)),
                Stream.of(Test.class, ParameterizedTest.class, JupiterTestEngine.class, TestEngine.class,
                        JUnitException.class, Launcher.class, AssertionFailedError.class, Assertions.class,
                        ByteBuddy.class).map(Origin::of).map(Path::toString))
                .distinct().collect(Collectors.joining(File.pathSeparator));
        return this;
    }

    /** With the two modules on the module path instead, and the tests patched into the second. */
    public ChildJvm onModulePath() {
        modules = true;
        return this;
    }

    /** Without a flag on native access: JDK 25 warns then, unless it is told to deny. */
    public ChildJvm withoutNativeAccess() {
        nativeAccess = false;
        return this;
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

    /** Puts what it says on standard error among its output. */
    public ChildJvm mergingErrors() {
        mergesErrors = true;
        return this;
    }

    /** The whole command line. */
    public List<String> command() {
        List<String> command = new ArrayList<>(wrapper);
        command.add(JAVA);
        command.addAll(options);
        if (nativeAccess) {
            Collections.addAll(command, "--enable-native-access=" + (modules ? MODULE : "ALL-UNNAMED"),
                    "--illegal-native-access=deny");
        }
        if (modules) {
            int tests = classPath.lastIndexOf(File.pathSeparator);
            Collections.addAll(command, "--module-path", classPath.substring(0, tests), "--patch-module",
                    MODULE + "=" + classPath.substring(tests + 1), "--module", MODULE + "/" + main.getName());
        } else {
            Collections.addAll(command, "-cp", classPath, main.getName());
        }
        command.addAll(arguments);
        return command;
    }

    /** For whoever wants other streams. */
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

    /** As {@link #output} does, in whatever encoding it is. */
    public byte[] outputBytes() throws IOException, InterruptedException {
        Path errors = Files.createTempFile("child-jvm", ".err");
        try {
            Process process = builder().redirectError(errors.toFile()).redirectErrorStream(mergesErrors).start();
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
}
