package dev.namespaces.examples;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Usage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ns run}: one command, its streams passed through, its exit code handed on. */
@CommandLine.Command(name = "run", mixinStandardHelpOptions = true, sortOptions = false, abbreviateSynopsis = true, //
        description = "Runs a command in namespaces of its own.", //
        footer = {"",
                "Mounts are made in the order given. With any of their options there is a mount namespace, and the root starts empty, unless --root or a"
                        + " first bind over / chooses one. For an ordinary user there is a user namespace too; unless it was asked for or ids are mapped"
                        + " by an option, it keeps user and group.",
                "",
                "Exit code: the command's, 128+n if signal n ended it; 125 if ns itself failed, with the reason on standard error."})
final class RunCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private KindOptions kinds = new KindOptions();

    @Mixin
    private NetOptions network = new NetOptions();

    @Mixin
    private JoinOptions joins = new JoinOptions();

    @Mixin
    private IdentityOptions identities = new IdentityOptions();

    @Mixin
    private CapabilityOptions capabilities = new CapabilityOptions();

    @Mixin
    private LifetimeOptions lifetime = new LifetimeOptions();

    @Mixin
    private ClockOptions clocks = new ClockOptions();

    @Mixin
    private SupervisorOptions supervisor = new SupervisorOptions();

    @Mixin
    private MountOptions mounts = new MountOptions();

    @Mixin
    private CommandOptions options = new CommandOptions();

    @Option(names = "--args", arity = "1", paramLabel = "FD", hideParamSyntax = true, parameterConsumer = Descriptors.Spliced.class, //
            description = "read arguments from a descriptor, NUL behind each, and go on with them")
    void splice(String word) {
        // not called: what it stands for is parsed in its place
    }

    @Option(names = "--explain", description = "print the plan, the nearest bwrap command line and the system calls, and run nothing")
    private boolean explain;

    @Option(names = "--timing", description = "afterwards, print to standard error how long it took")
    private boolean timing;

    @Parameters(paramLabel = "COMMAND [ARG...]", arity = "0..*", hideParamSyntax = true, description = "the program and its arguments")
    private List<String> words = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Command command = options.command(spec.commandLine(), words);
        Namespace namespace = namespace();
        if (explain) {
            spec.commandLine().getOut().print(namespace.explain());
            spec.commandLine().getOut().flush();
            return 0;
        }
        lifetime.watchParent();
        supervisor.prepare(spec.commandLine());
        try {
            return run(namespace, lifetime.connected(command));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private int run(Namespace namespace, Command command) throws IOException, InterruptedException {
        Signals signals = new Signals(!lifetime.hasOwnSession());
        long start = System.nanoTime();
        try (NamespaceProcess process = namespace.spawn(takingOver(signals, namespace, command))) {
            long spawned = System.nanoTime();
            signals.forwardTo(process);
            int exitCode = lifetime.waitFor(process);
            supervisor.ended(exitCode);
            if (timing) {
                report(process.usage(), spawned - start, System.nanoTime() - start);
            }
            return exitCode;
        }
    }

    /** As long as a supervisor holds the command up, a signal ends {@code ns}, and the command with it; from then on it is the command's. */
    private Command takingOver(Signals signals, Namespace namespace, Command command) {
        if (!supervisor.supervises()) {
            signals.takeOver();
            return command;
        }
        return command.beforeExec(pid -> {
            try {
                supervisor.beforeExec(pid, namespace.kinds());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            signals.takeOver();
        });
    }

    private Namespace namespace() throws IOException {
        CommandLine line = spec.commandLine();
        mounts.requireNothingPending();
        Set<NamespaceKind> chosen = kinds.kinds();
        network.addKind(line, chosen, kinds.sharesNet());
        boolean impliesUser = mounts.any() && !chosen.contains(NamespaceKind.USER) && !joins.joinsUser()
                && !Caller.isRoot();
        if (impliesUser) {
            chosen.add(NamespaceKind.USER);
        }
        NamespaceBuilder builder = kinds.builder(line, chosen);
        network.apply(line, builder);
        joins.apply(line, builder, chosen);
        identities.apply(line, builder, chosen, impliesUser);
        capabilities.apply(builder);
        clocks.apply(line, builder, chosen);
        lifetime.apply(builder);
        if (mounts.any()) {
            builder.mount(mounts::apply);
        }
        return builder.build();
    }

    private void report(Usage usage, long spawn, long all) {
        PrintWriter err = spec.commandLine().getErr();
        err.printf(Locale.ROOT, "ns: spawned in %.2f ms, ended after %.2f ms; user %.2f ms, system %.2f ms%n",
                spawn / 1e6,
                all / 1e6,
                usage.userTime().toNanos() / 1e6, usage.systemTime().toNanos() / 1e6);
        err.flush();
    }
}
