package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Abi;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.Program;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.ffm.program.StageTwoImage;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.ProcessSpec;
import dev.namespaces.spi.Stream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The process that outlives the JVM for a moment, to kill the children that must not: one for the JVM, started when the first such child is.
 *
 * <p>
 * It is in a session of its own, holds nothing of the JVM's but the end of a socket, and {@linkplain GuardProgram does} nothing but wait. A child
 * {@linkplain GuardOps registers itself} before it executes anything. Until then it holds a copy of the JVM's end of the socket, so the guard
 * is there for as long as a registration may come: there is no moment at which a child is neither registered nor waited for. The death signal of
 * prctl(2) has none of this: it is sent when the spawning <em>thread</em> ends, and lost on a change of ids.
 *
 * <p>
 * When the guard itself is killed, another takes its place, and is handed all that live. The JVM's end of the socket keeps its number, so
 * programs may contain it.
 */
final class Guard {

    private static final int NONE = -1;
    private static final String GUARD = "(its guard)";
    /** How long a registration may wait for room in the socket. */
    private static final long SECONDS_TO_SEND = 10;

    private static final NamespaceSpec SPEC = NamespaceSpec.NOTHING.with(ProcessSpec.DEFAULT.withNewSession());
    private static final Stream NOTHING = new Stream.Discard();
    private static final CommandSpec COMMAND = new CommandSpec(List.of("guard"), null, null, false, Map.of(), NOTHING,
            NOTHING, NOTHING, null, 0, null);

    private static final Set<ChildProcess> LIVING = new HashSet<>();

    private static int socket = NONE;
    private static int pidfd = NONE;
    /** Counts the guards that there have been. */
    private static int generation;
    private static long watched = Watcher.NOTHING;

    private Guard() {}

    /** The JVM's end of the socket; nobody need be at the other end yet. */
    static synchronized int socket() throws NamespaceException {
        if (socket == NONE) {
            long pair = socketPair();
            Syscalls.close(Descriptors.writing(pair));
            socket = LowDescriptors.settle(Descriptors.reading(pair));
        }
        return socket;
    }

    /**
     * Starts the guard, unless there is one.
     *
     * @return which one it is
     */
    static synchronized int start() throws NamespaceException {
        if (pidfd == NONE) {
            int fd = launch();
            pidfd = fd;
            generation++;
            watched = Watcher.get().when(fd, Linux.EPOLLIN, Linux.EPOLL_CTL_ADD, Guard::ended);
            if (generation == 1) {
                atExit();
            }
            for (ChildProcess child : LIVING) {
                if (child.registerWith(Guard::hand) < 0) {
                    Watcher.logger().log(System.Logger.Level.ERROR, "the new guard does not know {0}", child);
                }
            }
        }
        return generation;
    }

    /** Whether a refusal means that the guard is gone. */
    static boolean isGone(NamespaceException e) {
        return e.step() == Step.DIE_WITH_JVM
                && (e.errno() == Errno.EPIPE || e.errno() == Errno.ECONNRESET || e.errno() == Errno.ECONNREFUSED);
    }

    /** Starts another guard, unless somebody has done so since. */
    static synchronized void replace(int gone) throws NamespaceException {
        if (gone == generation && pidfd != NONE) {
            bury();
        }
        start();
    }

    /** Registers a child that is held up at a gate. */
    static void register(Newborn child) throws NamespaceException {
        int result = hand(child.pidfd());
        if (result < 0) {
            throw Refusals.exception(Step.DIE_WITH_JVM, "", -result);
        }
    }

    /** Takes note of a child that has registered itself with a guard. */
    static synchronized void keep(ChildProcess child, int with) throws NamespaceException {
        if (!child.isAlive()) {
            return; // it has been forgotten already
        }
        LIVING.add(child);
        if (with != generation || pidfd == NONE) {
            int before = generation;
            if (start() == before) { // or else it has been handed over just now
                int result = child.registerWith(Guard::hand);
                if (result < 0) {
                    throw Refusals.exception(Step.DIE_WITH_JVM, "", -result);
                }
            }
        }
    }

    static synchronized void forget(ChildProcess child) {
        LIVING.remove(child);
    }

    /** In the watcher's thread. */
    private static synchronized void ended() {
        if (pidfd == NONE) {
            return;
        }
        bury();
        try {
            if (!LIVING.isEmpty()) {
                start();
            }
        } catch (NamespaceException e) {
            Watcher.logger().log(System.Logger.Level.ERROR,
                    "the guard has been killed, and there is no other: children may outlive this JVM", e);
        }
    }

    private static void bury() {
        Watcher.get().cancel(watched);
        ChildProcess.discard(pidfd); // it ends, or it would not have closed its end of the socket
        pidfd = NONE;
    }

    /** A request that is never answered would keep the watcher in native code while the JVM exits. */
    private static void atExit() {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(null, () -> {
                synchronized (Guard.class) {
                    Watcher.get().cancel(watched);
                }
            }, "namespaces-guard-exit"));
        } catch (IllegalStateException _) {
            Watcher.get().cancel(watched);
        }
    }

    // ---- the process

    private static int launch() throws NamespaceException {
        long pair = socketPair();
        int ours = Descriptors.reading(pair);
        try {
            int child = launch(Descriptors.writing(pair));
            int result = awaitStart(ours, child);
            if (result >= 0) {
                result = Syscalls.dup3(ours, socket(), Linux.O_CLOEXEC);
            }
            if (result < 0) {
                Syscalls.pidfdSendSignal(child, Linux.SIGKILL);
                ChildProcess.discard(child);
                throw Refusals.exception(Step.DIE_WITH_JVM, GUARD, -result);
            }
            return child;
        } finally {
            Syscalls.close(ours);
        }
    }

    /** Starts the process, and closes its end of the socket here. */
    private static int launch(int end) throws NamespaceException {
        int file = NONE;
        try (StandardStreams streams = StandardStreams.open(COMMAND, NOTHING)) {
            Abi abi = Native.abi();
            Ids ids = Ids.current();
            Job job = new Job(SPEC, Demands.NONE, Entrance.NONE, Job.Purpose.RUN);
            Capabilities capabilities = Capabilities.of(job, ids);
            FirstStage first = FirstStage.build(abi, job, ids, Route.LAUNCH, capabilities,
                    CommandCapabilities.of(job, Route.LAUNCH, ids, capabilities, Identity.of(job, ids)), false,
                    NullDevice.descriptor());
            file = file(GuardProgram.build(abi, Syscalls.getpid()));
            Copy copy = new Copy(first);
            int errno = run(first, copy, streams, file, end);
            if (errno == Errno.EACCES) { // the image has been replaced by now
                errno = run(first, copy, streams, file, end);
            }
            if (errno != 0) {
                throw Refusals.exception(Step.DIE_WITH_JVM, GUARD, errno);
            }
            return copy.getInt(first.pidfd());
        } finally {
            Syscalls.close(end);
            if (file != NONE) {
                Syscalls.close(file);
            }
        }
    }

    private static int run(FirstStage first, Copy copy, StandardStreams streams, int file, int end)
            throws NamespaceException {
        int image = StageTwoFile.descriptor();
        try {
            copy.prepare(streams, List.of());
            copy.set(first.stageTwo()[0], file);
            copy.set(first.stageTwo()[1], end);
            copy.set(first.stageTwo()[2], image);
            copy.run();
            if (copy.get(Op.FAILED) > 0) { // the child, not the clone
                ChildProcess.discard(copy.getInt(first.pidfd()));
            }
            int errno = copy.get(Op.FAILED) == 0 ? 0 : (int) -copy.get(Op.REFUSED_RESULT);
            if (errno == Errno.EACCES) { // a command that was root inside has changed the image's mode
                StageTwoFile.replace(image);
            }
            return errno;
        } finally {
            StageTwoFile.release(image);
        }
    }

    private static int file(Program program) throws NamespaceException {
        int file = Descriptors.high(Descriptors.memory("program", false, false), Step.DIE_WITH_JVM, GUARD);
        int result;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment content = arena.allocate(program.size(), Long.BYTES);
            program.place(content, StageTwoImage.PROGRAM_ADDRESS);
            result = Descriptors.writeAll(file, content.address(), content.byteSize());
        }
        if (result < 0) {
            Syscalls.close(file);
            throw Refusals.exception(Step.DIE_WITH_JVM, GUARD, -result);
        }
        return file;
    }

    /** The result is negative if it has not started. */
    private static int awaitStart(int socket, int child) {
        try (Buffers.Lease buffer = Buffers.borrow()) {
            long length = Syscalls.read(socket, buffer.address(), GuardProgram.START);
            boolean refused = length == GuardProgram.START && buffer.getLong(Op.REFUSED_OP) != 0;
            return refused
                    ? (int) buffer.getLong(Op.REFUSED_RESULT)
                    : length == GuardProgram.START ? child : -Errno.EPIPE;
        }
    }

    private static long socketPair() throws NamespaceException {
        try (Buffers.Lease buffer = Buffers.borrow()) {
            long pair = Descriptors.socketPair(Step.DIE_WITH_JVM, GUARD);
            buffer.setLong(0, SECONDS_TO_SEND);
            buffer.setLong(Long.BYTES, 0);
            Syscalls.setsockopt(Descriptors.reading(pair), Linux.SO_SNDTIMEO, buffer.address(), 2 * Long.BYTES);
            return pair;
        }
    }

    /** Hands a child over that has not registered itself with this guard. A negative result is an error number. */
    private static int hand(int child) {
        ProgramBuilder b = new ProgramBuilder(Native.abi());
        Label done = b.label("done");
        Op send = GuardOps.hand(b, socket).then(done);
        b.place(done);
        send.into("sent", b.returns(Operand.of(0)), 0);
        Program program = b.build();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(program.size(), Long.BYTES);
            program.place(copy, copy.address());
            copy.set(ValueLayout.JAVA_LONG, program.patch(GuardOps.PIDFD), child);
            return (int) Native.interpret(copy.address());
        }
    }
}
