package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Abi;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.mount.Undo;
import dev.namespaces.ffm.program.Branches;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.Program;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.ffm.program.StageTwoImage;
import dev.namespaces.spi.NamespaceSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The program that the spawning thread runs: signals blocked, a child cloned that shares the memory of the JVM until it executes something,
 * signals restored. The child shares the JVM's table of descriptors too at first, and takes a copy of its lower part alone: copying all of it would cost
 * more than the rest where a JVM has thousands. Its child's part sets the namespaces up and executes the command, or, on a route through stage 2, does no more than it takes
 * to get there with every right that the setting up needs.
 *
 * @param program the program
 * @param pid where the child's pid is found afterwards
 * @param pidfd where the descriptor of the child is found afterwards
 * @param above where the lowest number goes above all of the JVM's descriptors that the child needs
 * @param lowestAbove the least that this may be
 * @param streams where the descriptors go that become the child's 0, 1 and 2
 * @param stageTwo on a route through stage 2, where the descriptors of its program, its report, its image and its gates go
 * @param passed where the descriptors of the idmapped trees go, and then those of what is entered
 * @param command on the direct route, where the command goes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FirstStage(Program program, int pid, int pidfd, int above, int lowestAbove, int[] streams, int[] stageTwo,
        int[] passed,
        @Nullable CommandPatches command) {

    static final List<String> STREAMS = List.of("stdin", "stdout", "stderr");
    private static final List<String> STAGE_TWO = List.of("program", "report", "image", "gate");

    /** Where the child has the descriptors of {@link #STAGE_TWO}; the JVM's must have higher numbers. */
    static final int FIRST_STAGE_TWO_FD = StageTwoImage.PROGRAM_FD;
    static final int LOWEST_SOURCE = FIRST_STAGE_TWO_FD + 4;
    /** Above all of those, and of what a child is passed, if that is not much. */
    static final int LOWEST_LENT = 16;
    private static final int IMAGE_FD = FIRST_STAGE_TWO_FD + 2;
    static final int GATE_FD = FIRST_STAGE_TWO_FD + 3;

    private static final String ABOVE = "above";
    private static final Operand ALL_ABOVE = Operand.of(Linux.ALL_DESCRIPTORS, "~0");

    private static final long SHARED = Linux.CLONE_VM | Linux.CLONE_FILES | Linux.CLONE_VFORK | Linux.CLONE_PIDFD;
    private static final String SHARED_TEXT = "CLONE_VM|CLONE_FILES|CLONE_VFORK|CLONE_PIDFD|";

    static FirstStage build(Abi abi, Job job, Ids ids, Route route, Capabilities capabilities,
            CommandCapabilities commands, boolean gates, int nullDevice) throws NamespaceException {
        NamespaceSpec spec = job.spec();
        TerminalUse terminals = job.terminals();
        ProgramBuilder b = new ProgramBuilder(abi);
        Operand.Data pid = b.space("pid", Long.BYTES);
        Operand.Data pidfd = b.space("pidfd", Long.BYTES);
        Label child = b.label("child");
        Label failed = b.label("failed");
        spawner(b, job.kindsOfFirstProcess(), pid, pidfd, child);

        b.place(child).sharesMemoryAndDescriptors().onRefusal(failed);
        b.call(Sys.CLOSE_RANGE, new Operand.Patch(ABOVE), ALL_ABOVE,
                Operand.of(Linux.CLOSE_RANGE_UNSHARE, "CLOSE_RANGE_UNSHARE")).step(Step.CLOSE_DESCRIPTORS, "");
        if (spec.process().dieWithJvm()) {
            GuardOps.register(b, Guard.socket());
        }
        terminals.leaveCallers(b, spec, failed);
        streams(b, nullDevice, failed);
        List<String> handed = route == Route.DIRECT ? List.of() : STAGE_TWO.subList(0, gates ? 4 : 3);
        stageTwoDescriptors(b, handed);
        List<String> passed = passed(b, IdmappedTrees.of(spec).size(), job.entrance());
        int firstUnused = FIRST_STAGE_TWO_FD + handed.size();
        if (passed.isEmpty()) {
            closeRange(b, firstUnused, ALL_ABOVE);
        } else {
            if (firstUnused < LOWEST_SOURCE) {
                closeRange(b, firstUnused, Operand.of(LOWEST_SOURCE - 1L));
            }
            closeRange(b, LOWEST_SOURCE + passed.size(), ALL_ABOVE);
        }
        if (!job.forks()) {
            terminals.newSession(b, spec, route);
        }
        if (route == Route.DIRECT) {
            terminals.takeOwn(b);
        }
        if (spec.has(NamespaceKind.USER) && spec.user().mapping().isOwnIdAlone()
                && job.entrance().isEmpty()) {
            IdOps.add(b, spec.user(), ids);
        }
        Undo undo = new Undo(b);
        Operand.Data candidates = null;
        if (route == Route.DIRECT) {
            new NamespaceOps(b, abi, spec, null, undo, failed).add(); // with a terminal of the JVM's it would be stage 2
            commands.set(b);
            candidates = CommandOps.add(b, failed).candidates();
        } else {
            capabilities.raise(b);
            executeStageTwo(b, failed);
        }
        b.place(failed);
        undo.add();
        b.subtract(Operand.of(1), Operand.of(0)).into("failed", b.header(Op.FAILED, "&failed"));
        Label exit = b.label("exit");
        b.place(exit);
        b.call(Sys.EXIT_GROUP, Operand.of(127)).then(exit);
        Program program = b.build();
        return new FirstStage(program, program.offset(pid), program.offset(pidfd), program.patch(ABOVE),
                Math.max(b.highestDescriptor() + 1, STREAMS.size()),
                patches(program, STREAMS), patches(program, handed), patches(program, passed),
                candidates == null ? null : CommandPatches.of(program, candidates));
    }

    /** The same with another program of the same shape. */
    FirstStage with(Program other) {
        return new FirstStage(other, pid, pidfd, above, lowestAbove, streams, stageTwo, passed, command);
    }

    private static int[] patches(Program program, List<String> names) {
        int[] offsets = new int[names.size()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = program.patch(names.get(i));
        }
        return offsets;
    }

    /** Where all of the JVM's descriptors go that the child gets. */
    int[] descriptors() {
        int[] all = Arrays.copyOf(streams, streams.length + stageTwo.length + passed.length);
        System.arraycopy(stageTwo, 0, all, streams.length, stageTwo.length);
        System.arraycopy(passed, 0, all, streams.length + stageTwo.length, passed.length);
        return all;
    }

    private static void spawner(ProgramBuilder b, Set<NamespaceKind> kinds, Operand.Data pid, Operand.Data pidfd,
            Label child) {
        Label spawned = b.label("spawned");
        Label refused = b.label("refused");
        Operand.Data all = b.bytes("[all]", new byte[]{-1, -1, -1, -1, -1, -1, -1, -1});
        Operand.Data mask = b.space("mask", Long.BYTES);
        Operand setMask = Operand.of(Linux.SIG_SETMASK, "SIG_SETMASK");
        b.onRefusal(refused);
        b.call(Sys.RT_SIGPROCMASK, setMask, all, mask, Operand.of(Long.BYTES)).step(Step.SIGNALS, "");
        clone(b, kinds, pid, pidfd, child, spawned, refused);

        b.place(refused);
        b.subtract(Operand.of(-1), Operand.of(0)).into("refused", b.header(Op.FAILED, "&failed"));
        b.place(spawned);
        Label done = b.label("done");
        b.call(Sys.RT_SIGPROCMASK, setMask, mask, Operand.of(0), Operand.of(Long.BYTES)).then(done);
        b.place(done);
        b.returns(Operand.of(0));
    }

    private static void clone(ProgramBuilder b, Set<NamespaceKind> kinds, Operand.Data pid, Operand.Data pidfd,
            Label child, Label spawned, Label refused) {
        long flags = Kinds.flags(kinds);
        String text = kinds.isEmpty() ? "" : Kinds.text(kinds) + "|";
        String names = Kinds.withNew(kinds);

        Operand.Data arguments = b.space("{" + text + SHARED_TEXT + "CLONE_CLEAR_SIGHAND}", Struct.CloneArgs.SIZE);
        b.word(arguments.plus(Struct.CloneArgs.FLAGS),
                flags | SHARED | Linux.CLONE_PARENT_SETTID | Linux.CLONE_CLEAR_SIGHAND);
        b.address(arguments.plus(Struct.CloneArgs.PIDFD), pidfd);
        b.address(arguments.plus(Struct.CloneArgs.PARENT_TID), pid);
        b.word(arguments.plus(Struct.CloneArgs.EXIT_SIGNAL), Linux.SIGCHLD);
        Op clone3 = b.call(Sys.CLONE3, arguments, Operand.of(Struct.CloneArgs.SIZE)).onZero(child).onPositive(spawned)
                .step(Step.CLONE, names);
        if (kinds.contains(NamespaceKind.TIME)) {
            return; // CLONE_NEWTIME means something else to clone(2)
        }
        // A container's seccomp filter may refuse clone3, whose flags it cannot see, with either error, and allow clone.
        Label old = b.label("without clone3");
        Label oldChild = b.label("child of clone");
        Branches.onErrno(b, clone3, new int[]{Errno.ENOSYS, Errno.EPERM}, old, refused);
        b.place(old);
        b.call(Sys.CLONE, Operand.of(flags | SHARED | Linux.SIGCHLD, text + SHARED_TEXT + "SIGCHLD"), Operand.of(0),
                pidfd)
                .into("pid", pid).onZero(oldChild).onPositive(spawned).step(Step.CLONE, names);
        b.place(oldChild).sharesMemoryAndDescriptors();
        resetHandlers(b, child);
        b.sharesMemory(false);
    }

    /** What CLONE_CLEAR_SIGHAND does: every signal with a handler back to its default, lest the JVM's handlers run on shared memory. */
    private static void resetHandlers(ProgramBuilder b, Label done) {
        Label query = b.label("query handler");
        Label next = b.label("next signal");
        Operand.Data action = b.space("action", Struct.Sigaction.SIZE);
        Operand.Data byDefault = b.space("{SIG_DFL}", Struct.Sigaction.SIZE);
        b.place(query);
        Op get = b.call(Sys.RT_SIGACTION, Operand.of(1), Operand.of(0), action, Operand.of(Long.BYTES))
                .onNegative(next);
        Op handler = b.load64(action.plus(Struct.Sigaction.HANDLER));
        Op isHandler = b.subtract(Operand.of(0), Operand.of(Linux.SIG_IGN, "SIG_IGN")).onNegative(next).onZero(next);
        Op signal = b.load64(get.argument(0));
        Op set = b.call(Sys.RT_SIGACTION, Operand.of(0), byDefault, Operand.of(0), Operand.of(Long.BYTES))
                .onNegative(next);
        handler.into("handler", isHandler, 0);
        signal.into("signal", set, 0);
        b.place(next);
        Op current = b.load64(get.argument(0));
        Op increment = b.subtract(Operand.of(0), Operand.of(-1));
        Op incremented = b.load64(get.argument(0));
        Op last = b.subtract(Operand.of(0), Operand.of(Linux.LAST_SIGNAL)).onPositive(done).onZero(query)
                .onNegative(query);
        current.into("signal", increment, 0);
        increment.into("signal", get, 0);
        incremented.into("signal", last, 0);
    }

    private static void streams(ProgramBuilder b, int nullDevice, Label failed) {
        for (int fd = 0; fd < STREAMS.size(); fd++) {
            String name = STREAMS.get(fd);
            Label inherited = b.label("inherit " + name);
            Label closed = b.label(name + " is closed in the JVM");
            Label connected = b.label(name + " connected");
            Op dup = b.call(Sys.DUP3, new Operand.Patch(name), Operand.of(fd), Operand.of(0))
                    .step(Step.CONNECT_STREAM, name).onZero(connected)
                    .onPositive(connected);
            Branches.onErrno(b, dup, new int[]{Errno.EINVAL}, inherited, failed); // dup3(n, n) is EINVAL: the JVM's own stream
            b.place(inherited);
            b.call(Sys.FCNTL, Operand.of(fd), Operand.of(Linux.F_SETFD, "F_SETFD"), Operand.of(0)).onZero(connected)
                    .onNegative(closed);
            b.place(closed);
            b.call(Sys.DUP3, b.descriptor(nullDevice, "\"/dev/null\""), Operand.of(fd), Operand.of(0))
                    .step(Step.CONNECT_STREAM, name);
            b.place(connected);
        }
    }

    private static void stageTwoDescriptors(ProgramBuilder b, List<String> handed) {
        for (int i = 0; i < handed.size(); i++) {
            int fd = FIRST_STAGE_TWO_FD + i;
            Operand flags = fd == IMAGE_FD ? Operand.of(Linux.O_CLOEXEC, "O_CLOEXEC") : Operand.of(0);
            b.call(Sys.DUP3, new Operand.Patch(handed.get(i)), Operand.of(fd), flags).step(Step.START_INIT, "");
        }
    }

    private static void closeRange(ProgramBuilder b, int first, Operand last) {
        b.call(Sys.CLOSE_RANGE, Operand.of(first), last, Operand.of(0)).step(Step.CLOSE_DESCRIPTORS, "");
    }

    /** They are behind those of stage 2, where the one who mounts or enters them finds them. */
    private static List<String> passed(ProgramBuilder b, int trees, Entrance entrance) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < trees; i++) {
            pass(b, names, "idmapped tree " + i, Step.MOUNT_SOURCE);
        }
        for (Entrance.Door door : entrance.doors()) {
            pass(b, names, door.text(), Step.JOIN);
        }
        return names;
    }

    private static void pass(ProgramBuilder b, List<String> names, String name, Step step) {
        b.call(Sys.DUP3, new Operand.Patch(name), Operand.of(LOWEST_SOURCE + (long) names.size()), Operand.of(0))
                .step(step, "");
        names.add(name);
    }

    private static void executeStageTwo(ProgramBuilder b, Label failed) {
        Operand.Data name = b.string(SecondStage.NAME);
        Operand.Data arguments = b.space("[" + name.text() + "]", 2 * Long.BYTES);
        b.address(arguments, name);
        Operand.Data environment = b.space("[]", Long.BYTES);
        Label byPath = b.label("by path");
        Op byDescriptor = b.call(Sys.EXECVEAT, Operand.of(IMAGE_FD), b.string(""), arguments, environment,
                Operand.of(Linux.AT_EMPTY_PATH, "AT_EMPTY_PATH")).step(Step.START_INIT, "");
        Branches.onErrno(b, byDescriptor, new int[]{Errno.ENOENT}, byPath, failed); // some kernels want /dev/fd to be there
        b.place(byPath);
        b.call(Sys.EXECVE, b.string("/proc/self/fd/" + IMAGE_FD), arguments, environment).step(Step.START_INIT, "");
    }
}
