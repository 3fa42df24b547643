package dev.namespaces.ffm.spawn;

import dev.namespaces.Command;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Spawner;
import dev.namespaces.ffm.linux.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What tests do with children. */
final class Child {

    private Child() {}

    /** Runs a program that must succeed, and returns what it printed, without white space around it. */
    static String says(Spawner where, String... command) throws IOException, InterruptedException {
        return says(where, Command.of(List.of(command)));
    }

    static String says(Spawner where, Command command) throws IOException, InterruptedException {
        return where.run(command).orThrow().stdout().strip();
    }

    /** Runs a shell script, as {@link #says} does; {@code $1} and so on are the arguments. */
    static String script(Spawner where, String script, String... arguments) throws IOException, InterruptedException {
        return says(where, shell(script, arguments));
    }

    static Command shell(String script, String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "-c";
        all[1] = script;
        all[2] = "sh";
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return Command.of("sh", all);
    }

    /** Starts a shell script and returns once it has printed the line {@code ready}. */
    static NamespaceProcess ready(Spawner where, String script, String... arguments) throws IOException {
        NamespaceProcess process = where.spawn(shell(script, arguments));
        String line = process.inputReader().readLine();
        if (!"ready".equals(line)) {
            process.close();
            throw new AssertionError("not ready, but: " + line);
        }
        return process;
    }

    /** Tells a child that waits for the end of its standard input to go on. */
    static int finish(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        return process.waitFor();
    }

    /** Makes a FIFO in a folder. */
    static Path fifo(Path folder) throws IOException {
        Path fifo = folder.resolve("fifo");
        Tool.run("mkfifo", fifo);
        return fifo;
    }

    /** Closes a process that is closed once more at the end of its block. */
    static void close(NamespaceProcess process) {
        process.close();
    }
}
