package dev.namespaces.examples;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line {@code ns}. */
@Command(name = "ns", version = "ns 0.1.0", mixinStandardHelpOptions = true, subcommands = {RunCommand.class,
        EnterCommand.class, ListCommand.class, InspectCommand.class, NetCommand.class, PinCommand.class,
        UnpinCommand.class}, //
        description = "Runs commands in Linux namespaces, straight from the JVM, and shows the namespaces that there are.", //
        footer = "'ns bench' measures what that costs; see 'ns bench --help'.")
public final class Ns {

    /** What {@code ns} exits with when it, rather than the command, has failed; as with env(1), nice(1) and docker(1). */
    static final int OWN_ERROR = 125;

    Ns() {}

    /**
     * Runs the command line and exits with what it returns.
     *
     * @param arguments the command line's
     */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(Arguments.asWritten(arguments)));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Ns());
        line.setStopAtPositional(true); // what follows the command's name is the command's
        Objects.requireNonNull(line.getSubcommands().get("enter")).setStopAtPositional(false); // what follows "--" is
        line.setExpandAtFiles(false); // so is "@file"
        line.setOverwrittenOptionsAllowed(true); // an option may come again
        line.setParameterExceptionHandler((e, _) -> {
            String help = e.getCommandLine().getCommandSpec().qualifiedName() + " --help";
            return fail(line.getErr(), e.getMessage() + " (see " + help + ")");
        });
        line.setExecutionExceptionHandler((e, _, _) -> {
            boolean expected = e instanceof IOException || e instanceof UnsupportedOperationException
                    || e instanceof IllegalArgumentException || e instanceof IllegalStateException;
            return fail(line.getErr(), expected ? String.valueOf(e.getMessage()) : e.toString());
        });
        return line;
    }

    private static int fail(PrintWriter err, String message) {
        err.println("ns: " + message.replace('\n', ' '));
        err.flush();
        return OWN_ERROR;
    }
}
