package dev.namespaces.examples;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line in a JVM of its own, as its users start it. */
final class NsProcess {

    /** What came of it. */
    record Ended(int exitCode, String stdout, String stderr) {}

    private NsProcess() {}

    static Ended run(String... arguments) throws IOException, InterruptedException {
        return end(start(arguments), "");
    }

    static Process start(String... arguments) throws IOException {
        return startUnder(List.of(), arguments);
    }

    /** Starts it by a program that gets its command line as arguments. */
    static Process startUnder(List<String> program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(program);
        command.addAll(ns(arguments));
        return new ProcessBuilder(command).start();
    }

    /** Its command line. */
    static List<String> ns(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
                        System.getProperty("java.class.path"), "dev.namespaces.examples.Ns"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs it in this JVM, as far as that can be: where nothing is to be started. */
    static Ended here(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Ns.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
        return new Ended(exitCode, out.toString(), err.toString());
    }

    static Ended end(Process process, String stdin) throws IOException, InterruptedException {
        try (var writer = process.outputWriter()) {
            writer.write(stdin);
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, err);
    }
}
