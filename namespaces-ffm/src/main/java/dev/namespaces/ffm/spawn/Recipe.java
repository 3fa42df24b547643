package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Abi;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Program;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.MountStep;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.Outcome;
import dev.namespaces.spi.Stream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A compiled specification: the programs of a spawn, and the copies of them that are not in use.
 *
 * <p>
 * Thread-safe. A spawn takes a copy, writes the command into it, runs it, and hands it back; in the steady state next to nothing is allocated for
 * that.
 */
public final class Recipe implements Starter {

    /** As many spawns at once may be expected to come again. */
    private static final int MOST_KEPT = 64;

    private static @Nullable Recipe plain;

    private final NamespaceSpec spec;
    private final Job job;
    private final FirstStage first;
    private final @Nullable SecondStage second;
    private final List<MountStep.Bind> idmapped;
    private final boolean dependsOnHostMounts;
    private final ArrayDeque<Copy> idle = new ArrayDeque<>();

    /** The same for commands with other demands, as needed. */
    private final Map<Demands, Recipe> variants = new HashMap<>();
    private @Nullable Recipe holding;

    private Recipe(Job job, FirstStage first, @Nullable SecondStage second, boolean dependsOnHostMounts) {
        this.spec = job.spec();
        this.job = job;
        this.first = first;
        this.second = second;
        this.idmapped = IdmappedTrees.of(spec);
        this.dependsOnHostMounts = dependsOnHostMounts;
    }

    /**
     * Compiles a specification.
     *
     * @param spec what to isolate
     * @return what starts its commands
     * @throws NamespaceException if the kernel refuses what spawning needs
     */
    public static Starter starter(NamespaceSpec spec) throws NamespaceException {
        ProcessHandle process = spec.join().process();
        return process == null ? of(spec) : new JoiningStarter(spec, process);
    }

    /**
     * Compiles a specification that joins no process.
     *
     * @param spec what to isolate
     * @return its recipe
     * @throws NamespaceException if the kernel refuses what spawning needs
     */
    static Recipe of(NamespaceSpec spec) throws NamespaceException {
        return of(new Job(spec, Demands.NONE, Entrance.of(spec), Job.Purpose.RUN));
    }

    static Recipe of(Job job) throws NamespaceException {
        return of(job, SecondStage::build);
    }

    /** With whatever stage 2 is to do. */
    static Recipe of(Job job, SecondStage.Author author) throws NamespaceException {
        Abi abi = Native.abi();
        Route route = Route.of(job);
        Ids ids = Ids.current();
        Capabilities capabilities = Capabilities.of(job, ids);
        Identity identity = Identity.of(job, ids);
        CommandCapabilities commands = CommandCapabilities.of(job, route, ids, capabilities, identity);
        SecondStage second = author.write(abi, job, route, commands, identity, ids);
        boolean gates = second != null && !second.gates().isEmpty();
        FirstStage first = FirstStage.build(abi, job, ids, route, capabilities, commands, gates,
                NullDevice.descriptor());
        return new Recipe(job, first, second, NamespaceOps.dependOnHostMounts(job.spec()));
    }

    /** By which the programs are run that the library itself needs: without any namespace. */
    static synchronized Recipe ofPlain() throws NamespaceException {
        Recipe known = plain;
        if (known == null) {
            known = of(NamespaceSpec.NOTHING);
            plain = known;
        }
        return known;
    }

    /**
     * For tests: the recipes in each of which one system call of the setting up or of the command's start is refused.
     *
     * @return a recipe for every system call of the program that sets the namespaces up
     */
    List<Recipe> refusals() {
        Program program = second == null ? first.program() : second.program();
        List<Recipe> all = new ArrayList<>();
        for (int i = 0; i < program.ops(); i++) {
            program.refusedAt(i).ifPresent(refused -> all.add(second == null
                    ? new Recipe(job, first.with(refused), null, false)
                    : new Recipe(job, first, second.with(refused), false)));
        }
        return all;
    }

    @Override
    public String explain() {
        String text = String.join("\n", first.program().explain()) + "\n";
        return second == null
                ? text
                : text + "\nstage 2, in memory of its own:\n" + String.join("\n", second.program().explain()) + "\n";
    }

    @Override
    public ChildProcess spawn(CommandSpec command) throws NamespaceException {
        return spawn(command, Objects.requireNonNullElseGet(command.stdin(), Stream.Pipe::new));
    }

    @Override
    public Outcome run(CommandSpec command) throws NamespaceException, InterruptedException {
        return run(command, _ -> {});
    }

    /** The same, telling somebody of the process as soon as it runs. */
    Outcome run(CommandSpec command, Consumer<? super ChildProcess> started)
            throws NamespaceException, InterruptedException {
        return Collector.run(command, this::spawn, started);
    }

    private ChildProcess spawn(CommandSpec command, Stream stdin) throws NamespaceException {
        try (StandardStreams streams = StandardStreams.open(command, stdin)) {
            return spawn(command, streams);
        }
    }

    Job job() {
        return job;
    }

    /** The same with streams that are open already, and are the process's if one comes of it. */
    ChildProcess spawn(CommandSpec command, StandardStreams streams) throws NamespaceException {
        return start(command, streams).process(job, streams);
    }

    /** Starts a child, which registers itself with the guard if it is to. */
    Started start(CommandSpec command, StandardStreams streams) throws NamespaceException {
        if (!spec.process().dieWithJvm()) {
            return launch(command, streams);
        }
        int guard = Guard.start();
        try {
            return launch(command, streams).guardedBy(guard);
        } catch (NamespaceException e) {
            if (!Guard.isGone(e)) {
                throw e;
            }
            Guard.replace(guard); // somebody has killed it
            guard = Guard.start();
            return launch(command, streams).guardedBy(guard);
        }
    }

    @Override
    public Holder hold() throws NamespaceException {
        return Holder.open(holding(), spec.process());
    }

    /** For the process that holds such namespaces. */
    private synchronized Recipe holding() throws NamespaceException {
        Recipe known = holding;
        if (known == null) {
            known = of(Holder.job(spec));
            holding = known;
        }
        return known;
    }

    /** Sets a child up that waits for its command. */
    Parked park() throws NamespaceException {
        try (StandardStreams streams = StandardStreams.open(Holder.NO_COMMAND, Holder.NOTHING)) {
            return new Parked(start(Holder.NO_COMMAND, streams), job);
        }
    }

    private Started launch(CommandSpec command, StandardStreams streams) throws NamespaceException {
        try (Passed passed = Passed.open(idmapped, job.entrance())) {
            Demands asked = Demands.of(command, streams);
            Recipe recipe = dependsOnHostMounts ? of(job.with(asked)) : with(asked);
            return recipe.launch(command, streams, passed.descriptors());
        }
    }

    /** For commands with such demands. */
    private Recipe with(Demands asked) throws NamespaceException {
        if (asked.areThose(job.demands())) {
            return this;
        }
        synchronized (variants) {
            Recipe variant = variants.get(asked);
            if (variant == null) {
                variant = of(job.with(asked));
                variants.put(asked, variant);
            }
            return variant;
        }
    }

    private Started launch(CommandSpec command, StandardStreams streams, List<Integer> passed)
            throws NamespaceException {
        Environment environment = Environment.of(command);
        Copy copy = take();
        copy.prepare(streams, passed);
        CommandPatches patches = first.command();
        Started started;
        if (patches == null) {
            started = throughStageTwo(copy, command, environment, streams, passed);
        } else {
            copy.block().write(command, environment);
            patches.apply(copy.values(), copy.block());
            started = new Started(launch(copy, command), Report.NONE, null, Started.NONE, Started.NONE);
        }
        giveBack(copy);
        return started;
    }

    private Started throughStageTwo(Copy copy, CommandSpec command, Environment environment, StandardStreams streams,
            List<Integer> passed) throws NamespaceException {
        int image = StageTwoFile.descriptor();
        try {
            return throughStageTwo(copy, image, command, environment);
        } catch (NamespaceException e) {
            if (e.step() != Step.START_INIT || e.errno() != Errno.EACCES) {
                throw e;
            }
            StageTwoFile.replace(image); // a command that was root inside has changed its mode
        } finally {
            StageTwoFile.release(image);
        }
        copy.prepare(streams, passed);
        image = StageTwoFile.descriptor();
        try {
            return throughStageTwo(copy, image, command, environment);
        } finally {
            StageTwoFile.release(image);
        }
    }

    private Started throughStageTwo(Copy copy, int image, CommandSpec command, Environment environment)
            throws NamespaceException {
        SecondStage stageTwo = Objects.requireNonNull(second);
        try (StageTwoFiles files = StageTwoFiles.open(stageTwo, copy.block(), command, environment)) {
            copy.set(first.stageTwo()[0], files.program());
            copy.set(first.stageTwo()[1], files.reportWriter());
            copy.set(first.stageTwo()[2], image);
            if (first.stageTwo().length > 3) {
                copy.set(first.stageTwo()[3], files.gate());
            }
            Newborn child = launch(copy, command);
            files.closeChildEnds();
            return files.awaitStart(stageTwo, child, spec, command);
        }
    }

    /** Runs the first program; afterwards its child has executed something. */
    private Newborn launch(Copy copy, CommandSpec command) throws NamespaceException {
        copy.run();
        long failed = copy.get(Op.FAILED);
        if (failed == 0) {
            return new Newborn(copy.getInt(first.pid()), copy.getInt(first.pidfd()));
        }
        if (failed > 0) { // the child, not the clone
            ChildProcess.discard(copy.getInt(first.pidfd()));
        }
        throw Refusals.exception(first.program().refusal(copy.get(Op.REFUSED_OP), copy.memory().address()),
                (int) -copy.get(Op.REFUSED_RESULT),
                spec, command);
    }

    private Copy take() {
        synchronized (idle) {
            Copy copy = idle.poll();
            if (copy != null) {
                return copy;
            }
        }
        return new Copy(first);
    }

    private void giveBack(Copy copy) {
        synchronized (idle) {
            if (idle.size() < MOST_KEPT && copy.block().isWorthKeeping()) {
                idle.push(copy);
            }
        }
    }
}
