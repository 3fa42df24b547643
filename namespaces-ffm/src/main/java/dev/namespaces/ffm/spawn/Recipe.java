package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Abi;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.NamespaceProvider;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.Outcome;
import dev.namespaces.spi.Stream;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A compiled specification: the programs of a spawn, and the copies of them that are not in use.
 *
 * <p>
 * Thread-safe. A spawn takes a copy, writes the command into it, runs it, and hands it back; in the steady state next to nothing is allocated for
 * that.
 */
public final class Recipe implements NamespaceProvider.Compiled {

    /** As many spawns at once may be expected to come again. */
    private static final int MOST_KEPT = 64;

    private final NamespaceSpec spec;
    private final TerminalUse terminals;
    private final FirstStage first;
    private final @Nullable SecondStage second;
    private final ArrayDeque<Copy> idle = new ArrayDeque<>();

    /** The same for commands that have to do with terminals, as needed. */
    private final Map<TerminalUse, Recipe> variants = new EnumMap<>(TerminalUse.class);

    private Recipe(NamespaceSpec spec, TerminalUse terminals, FirstStage first, @Nullable SecondStage second) {
        this.spec = spec;
        this.terminals = terminals;
        this.first = first;
        this.second = second;
    }

    /**
     * Compiles a specification.
     *
     * @param spec what to isolate
     * @return its recipe
     * @throws NamespaceException if the kernel refuses what spawning needs
     */
    public static Recipe of(NamespaceSpec spec) throws NamespaceException {
        return of(spec, TerminalUse.NONE);
    }

    private static Recipe of(NamespaceSpec spec, TerminalUse terminals) throws NamespaceException {
        Abi abi = Native.abi();
        Route route = Route.of(spec, terminals);
        Ids ids = Ids.current();
        Capabilities capabilities = Capabilities.of(spec, ids);
        FirstStage first = FirstStage.build(abi, spec, ids, route, capabilities, terminals, NullDevice.descriptor());
        return new Recipe(spec, terminals, first, SecondStage.build(abi, spec, route, capabilities, terminals));
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
        long start = System.nanoTime();
        Stream stdin = Objects.requireNonNullElseGet(command.stdin(), Stream.Discard::new);
        try (ChildProcess process = spawn(command, stdin)) {
            return new Collector(process, command, start).collect();
        }
    }

    private ChildProcess spawn(CommandSpec command, Stream stdin) throws NamespaceException {
        if (!spec.process().dieWithJvm()) {
            return launch(command, stdin);
        }
        int guard = Guard.start();
        ChildProcess process;
        try {
            process = launch(command, stdin);
        } catch (NamespaceException e) {
            if (!Guard.isGone(e)) {
                throw e;
            }
            Guard.replace(guard); // somebody has killed it
            guard = Guard.start();
            process = launch(command, stdin);
        }
        try {
            Guard.keep(process, guard);
        } catch (NamespaceException e) {
            process.close();
            throw e;
        }
        return process;
    }

    private ChildProcess launch(CommandSpec command, Stream stdin) throws NamespaceException {
        try (StandardStreams streams = StandardStreams.open(command, stdin)) {
            return with(streams.terminals()).launch(command, streams);
        }
    }

    /** For commands whose streams have to do with terminals in such a way. */
    private Recipe with(TerminalUse use) throws NamespaceException {
        if (use == terminals) {
            return this;
        }
        synchronized (variants) {
            Recipe variant = variants.get(use);
            if (variant == null) {
                variant = of(spec, use);
                variants.put(use, variant);
            }
            return variant;
        }
    }

    private ChildProcess launch(CommandSpec command, StandardStreams streams) throws NamespaceException {
        Environment environment = Environment.of(command);
        Copy copy = take();
        copy.prepare(first.streams(), streams);
        CommandPatches patches = first.command();
        Report report = Report.NONE;
        if (patches == null) {
            report = throughStageTwo(copy, command, environment, streams);
        } else {
            copy.block().write(command, environment);
            patches.apply(copy.memory(), copy.block());
            launch(copy, command);
        }
        ChildProcess process = new ChildProcess(copy.getInt(first.pid()), copy.getInt(first.pidfd()), report, spec,
                streams);
        giveBack(copy);
        streams.closeChildEnds(); // before the child's end is seen: it is then that the pipes must be found without a writer
        process.watch();
        return process;
    }

    private Report throughStageTwo(Copy copy, CommandSpec command, Environment environment, StandardStreams streams)
            throws NamespaceException {
        int image = StageTwoFile.descriptor();
        try {
            return throughStageTwo(copy, image, command, environment);
        } catch (NamespaceException e) {
            if (e.step() != Step.START_INIT || e.errno() != Errno.EACCES) {
                throw e;
            }
            StageTwoFile.replace(image); // a command that was root inside has changed its mode
            copy.prepare(first.streams(), streams);
            return throughStageTwo(copy, StageTwoFile.descriptor(), command, environment);
        }
    }

    private Report throughStageTwo(Copy copy, int image, CommandSpec command, Environment environment)
            throws NamespaceException {
        SecondStage stageTwo = Objects.requireNonNull(second);
        try (StageTwoFiles files = StageTwoFiles.open(stageTwo, copy.block(), command, environment)) {
            copy.set(first.stageTwo()[0], files.program());
            copy.set(first.stageTwo()[1], files.reportWriter());
            copy.set(first.stageTwo()[2], image);
            launch(copy, command);
            files.closeChildEnds();
            return files.awaitStart(stageTwo, copy.getInt(first.pidfd()), spec, command);
        }
    }

    /** Runs the first program; afterwards its child has executed something. */
    private void launch(Copy copy, CommandSpec command) throws NamespaceException {
        copy.run();
        long failed = copy.get(Op.FAILED);
        if (failed == 0) {
            return;
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
        return new Copy(first.program());
    }

    private void giveBack(Copy copy) {
        synchronized (idle) {
            if (idle.size() < MOST_KEPT && copy.block().isWorthKeeping()) {
                idle.push(copy);
            }
        }
    }
}
