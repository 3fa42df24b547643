package dev.namespaces.ffm.spawn;

import dev.namespaces.Step;
import dev.namespaces.ffm.confine.TerminalFilter;
import dev.namespaces.ffm.linux.Abi;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.mount.MountCheck;
import dev.namespaces.ffm.mount.Undo;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.Program;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.ffm.program.StageTwoImage;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.PidSpec;
import org.jspecify.annotations.Nullable;

/**
 * The program of stage 2, a process with memory of its own: it sets the namespaces up, and executes the command, or is the init that starts it,
 * forwards signals to it, and waits for every orphan until the command ends.
 *
 * <p>
 * It reports on a pipe. First {@link #START} bytes: a zero for a start and the command's pid, or a refusal as a program's header has it; where stage 2 becomes the
 * command, a start is the end of file instead, as the pipe closes on exec. Then, from an init, {@link #END} bytes: the command's wait status
 * and its {@code struct rusage}. All signals are blocked in an init: that way it can wait for them, and none is lost to a handler that a PID 1
 * would need; pid_namespaces(7).
 *
 * @param program the program
 * @param command where the command goes
 * @param isInit whether it is an init rather than becoming the command
 * @param gates where it waits for the JVM
 */
record SecondStage(Program program, CommandPatches command, boolean isInit, Gates gates) {

    /** What stage 2 is called in a list of processes. */
    static final String NAME = "namespaces-init";
    /** The size of the report on the start. */
    static final int START = 2 * Long.BYTES;
    /** In the report on the start of an init: the pid of its command, as it sees it. */
    static final int START_PID = Long.BYTES;
    /** In the report on the end, behind the wait status. */
    static final int END_USAGE = Long.BYTES;
    /** The size of the report on the end. */
    static final int END = END_USAGE + Struct.Rusage.SIZE;

    /** Whom kill(2) sends a signal to when the command has ended: all but the init itself. */
    private static final long EVERYBODY = -1;

    private static final int REPORT_FD = StageTwoImage.PROGRAM_FD + 1;
    static final Operand REPORT = Operand.of(REPORT_FD, "report");

    static @Nullable SecondStage build(Abi abi, NamespaceSpec spec, Route route, CommandCapabilities capabilities,
            TerminalUse terminals, Identity identity, Ids ids) {
        if (route == Route.DIRECT) {
            return null;
        }
        ProgramBuilder b = ProgramBuilder.ofStageTwo(abi);
        Label command = b.label("command");
        Label failed = b.label("failed");
        Label exit = b.label("exit");
        NestedOps nested = NestedOps.isWanted(spec) ? new NestedOps(b, spec, identity, ids) : null;
        b.onRefusal(failed);
        b.call(Sys.FCNTL, REPORT, Operand.of(Linux.F_SETFD, "F_SETFD"), Operand.of(Linux.FD_CLOEXEC, "FD_CLOEXEC"))
                .step(Step.START_INIT, "");
        Gates gates = new Gates();
        prepare(b, spec, identity, gates, exit);
        if (TimeOps.isWanted(spec)) {
            terminals.newSession(b, spec, route); // a session's leader must not be the process that ends when it has forked
        }
        if (nested != null) {
            nested.limit();
        }
        identity.setUp(b);
        Undo undo = new Undo(b);
        NamespaceOps namespaces = new NamespaceOps(b, abi, spec, terminals.isShared() ? Pty.ofThisProcess() : null,
                undo,
                failed);
        namespaces.add();
        MountCheck check = namespaces.check();
        if (check != null) {
            gates.add(b, Step.MOUNT_FLAGS, "compare the mounts", exit, new MountKeeper(check));
        }
        if (!gates.isEmpty()) {
            gates.close(b);
        }
        if (terminals.isShared()) {
            TerminalFilter.add(b, abi, failed); // in the init as well, which whoever is root inside may trace
        }
        identity.protect(b);
        if (route == Route.INIT) {
            init(b, spec.pid(), command, failed, exit, nested != null, capabilities);
        }
        boolean initTakesBack = route == Route.INIT && nested == null && !capabilities.drops();
        Label refused = initTakesBack ? b.label("command failed") : failed;
        b.place(command).onRefusal(refused);
        terminals.takeOwn(b);
        if (nested != null) {
            nested.enter();
        }
        capabilities.bound(b);
        identity.becomeCommand(b, capabilities);
        Operand.Data candidates = CommandOps.add(b, refused);
        if (initTakesBack) { // the command's process may have given up the right to
            b.place(refused);
            b.subtract(Operand.of(1), Operand.of(0)).into("failed", b.header(Op.FAILED, "&failed")).then(exit);
        }
        b.place(failed);
        undo.add(() -> {
            if (!initTakesBack && nested == null) {
                capabilities.takeUp(b);
            }
        });
        b.call(Sys.WRITE, REPORT, b.header(Op.REFUSED_OP, "{refused op, -errno}"), Operand.of(START))
                .then(exit);
        b.place(exit);
        b.call(Sys.EXIT_GROUP, Operand.of(127)).then(exit);
        Program program = b.build();
        return new SecondStage(program, CommandPatches.of(program, candidates), route == Route.INIT, gates);
    }

    /** The same with another program of the same shape. */
    SecondStage with(Program other) {
        return new SecondStage(other, command, isInit, gates);
    }

    /** What has to come before everything else: ids, and the fork into a time namespace. */
    private static void prepare(ProgramBuilder b, NamespaceSpec spec, Identity identity, Gates gates, Label exit) {
        IdMaps maps = identity.maps();
        boolean time = TimeOps.isWanted(spec);
        if (maps != null || time || NamespaceOps.dependOnHostMounts(spec)) {
            gates.prepare(b);
        }
        if (maps != null) {
            gates.add(b, Step.MAP_IDS, maps.text(), exit, new MapWriter(maps));
        }
        if (time) {
            TimeOps.add(b, spec, gates, exit);
        }
    }

    private static void init(ProgramBuilder b, PidSpec pidSpec, Label command, Label failed, Label exit,
            boolean nested, CommandCapabilities capabilities) {
        Label wait = b.label("wait");
        Label reap = b.label("reap");
        Label ended = b.label("ended");
        b.call(Sys.PRCTL, Operand.of(Linux.PR_SET_NAME, "PR_SET_NAME"), b.string(NAME)).step(Step.START_INIT, "");
        Op clone;
        if (nested) { // out of the command's reach
            clone = clone(b, Operand.of(Linux.CLONE_VFORK | Linux.SIGCHLD, "CLONE_VFORK|SIGCHLD"), command, failed);
        } else if (capabilities.drops()) {
            clone = BoundedStart.add(b, capabilities, command, exit);
        } else {
            clone = clone(b, Operand.of(Linux.CLONE_VM | Linux.CLONE_VFORK | Linux.SIGCHLD,
                    "CLONE_VM|CLONE_VFORK|SIGCHLD"), command, failed);
            b.load64(b.header(Op.FAILED, "&failed")).onPositive(failed); // they share memory
        }
        Operand.Data started = b.space("{started}", START);
        b.load64(clone.result()).into("command", started.plus(START_PID));
        b.call(Sys.WRITE, REPORT, started, Operand.of(START)).onNegative(wait);
        b.call(Sys.CLOSE_RANGE, Operand.of(0), Operand.of(REPORT_FD - 1L), Operand.of(0)).onNegative(wait);
        b.call(Sys.CLOSE_RANGE, Operand.of(REPORT_FD + 1L), Operand.of(Linux.ALL_DESCRIPTORS, "~0"), Operand.of(0))
                .onNegative(wait);

        b.place(wait);
        Operand.Data info = b.space("info", Struct.SigInfo.SIZE);
        Operand.Data awaited = b.space(pidSpec.forwarded() == PidSpec.ALL_SIGNALS ? "[all]" : "[SIGCHLD, forwarded]",
                Long.BYTES);
        b.word(awaited, pidSpec.forwarded() | 1L << (Linux.SIGCHLD - 1));
        Op signal = b.call(Sys.RT_SIGTIMEDWAIT, awaited, info, Operand.of(0), Operand.of(Long.BYTES)).onNegative(wait)
                .onZero(wait);
        Op isChild = b.subtract(Operand.of(0), Operand.of(Linux.SIGCHLD, "SIGCHLD")).onZero(reap);
        signal.into("signal", isChild, 0);
        forward(b, clone, info, wait);

        b.place(reap);
        Operand.Data end = b.space("end", END);
        Label over = b.label("over");
        Op pid = b
                .call(Sys.WAIT4, Operand.of(-1), end, Operand.of(Linux.WALL | Linux.WNOHANG, "__WALL|WNOHANG"),
                        end.plus(END_USAGE))
                .onNegative(pidSpec.waitsForOthers() ? over : wait).onZero(wait);
        Op commandPid = b.load64(clone.result());
        Op compare = b.subtract(Operand.of(0), Operand.of(0)).onZero(ended).onPositive(reap).onNegative(reap);
        pid.into("pid", compare, 0);
        commandPid.into("command", compare, 1);
        b.place(ended);
        if (pidSpec.waitsForOthers()) {
            Label others = b.label("others");
            b.call(Sys.WRITE, REPORT, end, Operand.of(END)).then(others);
            b.place(others);
            b.subtract(Operand.of(EVERYBODY), Operand.of(0)).into("everybody", clone.result()).then(reap);
        } else {
            b.call(Sys.WRITE, REPORT, end, Operand.of(END)).then(over);
        }
        b.place(over);
        b.call(Sys.EXIT_GROUP, Operand.of(0)).then(over);
    }

    /** It goes on when the command has been executed, or could not be. */
    private static Op clone(ProgramBuilder b, Operand flags, Label command, Label failed) {
        return b.call(Sys.CLONE, flags, Operand.of(0)).onZero(command).onNegative(failed).step(Step.START_INIT, "");
    }

    /** Hands a signal on, unless the kernel sent it: a terminal's goes to the command as well. */
    private static void forward(ProgramBuilder b, Op clone, Operand.Data info, Label wait) {
        Op code = b.load32(info.plus(Struct.SigInfo.CODE));
        Op byKernel = b.subtract(Operand.of(0), Operand.of(Linux.SI_KERNEL, "SI_KERNEL")).onZero(wait);
        code.into("code", byKernel, 0);
        Op command = b.load64(clone.result());
        Op number = b.load32(info.plus(Struct.SigInfo.SIGNO));
        Op kill = b.call(Sys.KILL, Operand.of(0), Operand.of(0)).then(wait);
        command.into("command", kill, 0);
        number.into("signal", kill, 1);
    }
}
