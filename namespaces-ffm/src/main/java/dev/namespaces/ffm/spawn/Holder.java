package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.net.NetlinkSocket;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.MountRoot;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.Outcome;
import dev.namespaces.spi.ProcessSpec;
import dev.namespaces.spi.Stream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A process that runs no command: it stands for live namespaces, which other processes enter through its pidfd. In a new pid namespace it is PID 1. It
 * dies with the JVM.
 */
public final class Holder implements AutoCloseable {

    static final Stream NOTHING = new Stream.Discard();
    static final CommandSpec NO_COMMAND = new CommandSpec(List.of(SecondStage.NAME), null, null, false,
            Map.of(),
            NOTHING, NOTHING, NOTHING, null, 0, null);

    private final ChildProcess process;
    private final Set<NamespaceKind> kinds;
    private final Job job;
    private final ProcessSpec ofCommands;
    private @Nullable Recipe commands;

    private Holder(ChildProcess process, Job job, ProcessSpec ofCommands) {
        this.process = process;
        this.job = job;
        this.ofCommands = ofCommands;
        this.kinds = EnumSet.noneOf(NamespaceKind.class);
        for (NamespaceKind kind : NamespaceKind.values()) {
            if (job.creates(kind) || job.joins(kind)) {
                kinds.add(kind);
            }
        }
    }

    /** What the holder of a specification is, which joins no process. */
    static Job job(NamespaceSpec spec) throws NamespaceException {
        NamespaceSpec held = held(spec);
        return new Job(held, Demands.NONE, Entrance.of(held), Job.Purpose.HOLD);
    }

    /** Makes the namespaces of a specification that joins a process. */
    static Holder open(NamespaceSpec spec, ProcessHandle other) throws NamespaceException {
        try (JoinedProcess joined = JoinedProcess.open(held(spec), other)) {
            return open(Recipe.of(joined.job(Job.Purpose.HOLD)), spec.process());
        }
    }

    /**
     * Makes the namespaces of a specification, which may join a user namespace that this JVM has made: those who are privileged in there may look at their holder, and so
     * may the JVM.
     *
     * @param spec what to isolate
     * @return their holder
     * @throws NamespaceException if a step is refused
     */
    public static Holder openVisibly(NamespaceSpec spec) throws NamespaceException {
        NamespaceSpec held = held(spec);
        return open(Recipe.of(new Job(held, Demands.NONE, Entrance.of(held), Job.Purpose.HOLD_VISIBLY)),
                spec.process());
    }

    private static NamespaceSpec held(NamespaceSpec spec) {
        return spec.with(spec.process().withDieWithJvm().withNewSession());
    }

    /** Makes the namespaces of a recipe for holders. */
    static Holder open(Recipe recipe, ProcessSpec ofCommands) throws NamespaceException {
        Job job = recipe.job();
        if (job.joins(NamespaceKind.USER) && !job.visible() && !Remedies.capable(Remedies.CAP_SYS_ADMIN)) {
            throw Refusals.exception(Step.JOIN, "a user namespace with open()", Errno.EPERM,
                    "who holds others' namespaces cannot be looked at by anybody without CAP_SYS_ADMIN, lest they look at it too: spawn each command"
                            + " with join(…), or start this JVM by Rootless");
        }
        return new Holder(recipe.spawn(NO_COMMAND), job, ofCommands);
    }

    /** Compiled for the first command, as there may be none. */
    private synchronized Recipe commands() throws NamespaceException {
        Recipe known = commands;
        if (known == null) {
            known = Recipe.of(jobOfCommands());
            commands = known;
        }
        return known;
    }

    private Job jobOfCommands() throws NamespaceException {
        List<Entrance.Door> doors = kinds.isEmpty()
                ? List.of()
                : List.of(new Entrance.Door(Entrance.Way.NAMESPACES, Kinds.flags(kinds), false,
                        "the live " + Kinds.names(kinds) + " namespaces", this::copy));
        Identity identity = Identity.of(job, Ids.current()).mapped();
        ProcessSpec own = job.spec().process().noNewPrivileges() ? ofCommands.withNoNewPrivileges() : ofCommands;
        return new Job(job.spec().withoutKinds().with(own), Demands.NONE,
                new Entrance(doors, directory(job.spec()), identity, null),
                Job.Purpose.RUN);
    }

    /** With the host's files, commands start where this JVM is, as all do. */
    private static @Nullable String directory(NamespaceSpec spec) {
        return spec.has(NamespaceKind.MOUNT) && spec.mount().root() instanceof MountRoot.Host
                ? Path.of("").toAbsolutePath().toString()
                : null;
    }

    /** A descriptor of the process, the caller's to close. */
    private int copy(int lowest) throws NamespaceException {
        int copy = process.copyDescriptor(lowest);
        if (copy < 0) {
            throw Refusals.exception(Step.JOIN, "the live " + Kinds.names(kinds) + " namespaces", -copy,
                    process.isAlive() ? Remedies.ofLimits(-copy) : "the process that held them has been killed");
        }
        return copy;
    }

    /** The process itself. */
    public NamespaceProcess process() {
        return process;
    }

    /** A socket of its network namespace, or null where it holds none. */
    public @Nullable NetlinkSocket network() {
        return process.network();
    }

    /** The kinds of namespace that it holds, new ones and joined ones. */
    public Set<NamespaceKind> kinds() {
        return Set.copyOf(kinds);
    }

    /**
     * Starts a command inside.
     *
     * @param command what to start
     * @return the running process
     * @throws NamespaceException if a step is refused
     */
    public NamespaceProcess spawn(CommandSpec command) throws NamespaceException {
        return commands().spawn(command);
    }

    /**
     * Runs a command inside to its end.
     *
     * @param command what to run
     * @param started is told of the process as soon as it runs
     * @return what came of it
     * @throws NamespaceException if a step is refused
     * @throws InterruptedException if the calling thread is interrupted
     */
    public Outcome run(CommandSpec command, Consumer<? super NamespaceProcess> started)
            throws NamespaceException, InterruptedException {
        return commands().run(command, started);
    }

    /**
     * Takes the calling thread into some of its namespaces.
     *
     * @param flags the kinds, as {@link #flags} has them
     * @return a negative error number, if the kernel refuses
     */
    public int enter(long flags) {
        return process.enter(flags);
    }

    /**
     * Kinds as flags of setns(2).
     *
     * @param kinds the kinds
     * @return their flags
     */
    public static long flags(Set<NamespaceKind> kinds) {
        return Kinds.flags(kinds);
    }

    /**
     * Whether a child of this JVM is one of this library's.
     *
     * @param pid its number
     * @return true if it is, and has not ended
     */
    public static boolean isCommand(long pid) {
        return ChildProcess.isOurs(pid);
    }

    /** Kills it; with a new pid namespace everything in that ends too. */
    @Override
    public void close() {
        process.close();
    }
}
