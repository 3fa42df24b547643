package dev.namespaces.examples;

import dev.namespaces.Command;
import dev.namespaces.Hardening;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ns enter}: one command where a process is, its streams passed through, its exit code handed on. */
@CommandLine.Command(name = "enter", mixinStandardHelpOptions = true, sortOptions = false, //
        customSynopsis = "ns enter PID [OPTION...] -- COMMAND [ARG...]", //
        description = "Runs a command where a running process is.", //
        footer = {"",
                "It enters all namespaces of the process, its root and its working directory, and becomes as it is: with the same ids and groups, no"
                        + " capability that it could not have, and no_new_privs if it has that. With --kinds it enters namespaces of these kinds, and"
                        + " nothing else is taken over; for whoever is not root, the user namespace that owns them is entered too, as only there may they be.",
                "",
                "A seccomp filter cannot be taken over from another process: one that has any is entered --without seccomp, or not at all. A command that"
                        + " ns run has started in a terminal has one.",
                "",
                "Exit code: the command's, 128+n if signal n ended it; 125 if ns itself failed, with the reason on standard error."})
final class EnterCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "PID", description = "the process; of ns run its command, or the init above it, as ns itself stays outside")
    private long pid;

    @Option(names = "--kinds", split = ",", paramLabel = "KIND", converter = KindConverter.class, //
            description = "enter namespaces of these kinds alone: cgroup, ipc, mnt, net, pid, time, user, uts")
    private List<NamespaceKind> kinds = List.of();

    @Option(names = "--without", split = ",", paramLabel = "WHAT", converter = HardeningConverter.class, //
            description = "do not take these over: identity, capabilities, no-new-privileges, seccomp")
    private List<Hardening> without = List.of();

    @Option(names = "--uid", paramLabel = "UID", description = "run as this user, by its id inside")
    private @Nullable String uid;

    @Option(names = "--gid", paramLabel = "GID", description = "run as this group alone, by its id inside; by default, with --uid, the one with the user's"
            + " number")
    private @Nullable String gid;

    @Mixin
    private LifetimeOptions lifetime = new LifetimeOptions();

    @Mixin
    private CommandOptions options = new CommandOptions();

    @Parameters(index = "1..*", paramLabel = "COMMAND [ARG...]", arity = "0..*", hideParamSyntax = true, description = "the program and its arguments")
    private List<String> words = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandLine line = spec.commandLine();
        Command command = options.command(line, words);
        requireSeparator(line);
        KindOptions.require(line, kinds.isEmpty() || without.isEmpty(),
                "--kinds takes nothing over that there could be --without");
        KindOptions.require(line, gid == null || uid != null, "--gid needs --uid");
        NamespaceBuilder builder = Namespace.builder();
        if (uid != null) {
            int user = Numbers.idToRunAs("--uid", uid);
            builder.runAs(user, gid == null ? user : Numbers.idToRunAs("--gid", gid));
        }
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow(() -> new IOException("there is no process " + pid));
        if (kinds.isEmpty()) {
            builder.joinAll(process, without.toArray(Hardening[]::new));
            return run(builder, command);
        }
        try (ProcessNamespaces namespaces = ProcessNamespaces.open(process, EnumSet.copyOf(kinds))) {
            namespaces.joinedBy(builder);
            return run(builder, command);
        }
    }

    /** Options come behind PID too, so that only by a separator is it known where the command's own begin. */
    private void requireSeparator(CommandLine line) {
        List<String> all = line.getParseResult().originalArgs();
        KindOptions.require(line, all.get(all.size() - words.size() - 1).equals("--"), "write -- before the command");
    }

    private int run(NamespaceBuilder builder, Command command) throws IOException, InterruptedException {
        lifetime.apply(builder);
        Namespace namespace = builder.build();
        lifetime.watchParent();
        Signals signals = new Signals(!lifetime.hasOwnSession());
        signals.takeOver();
        try (NamespaceProcess process = namespace.spawn(lifetime.connected(command))) {
            signals.forwardTo(process);
            return lifetime.waitFor(process);
        } catch (NamespaceException e) {
            throw inOwnWords(e);
        }
    }

    /** What helps, by the names that it has here. */
    private IOException inOwnWords(NamespaceException e) {
        String remedy = e.remedy().orElse("");
        String message = String.valueOf(e.getMessage());
        if (remedy.contains("Hardening.SECCOMP")) {
            message = "process " + pid
                    + " has a seccomp filter, which cannot be taken over from another process; --without seccomp runs the"
                    + " command without it";
        }
        return new IOException(message.replace("runAs(…)", "--uid and --gid"), e);
    }
}
