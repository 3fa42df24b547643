package dev.namespaces.ffm.spawn;

import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.PidSpec;

/** Adds what stage 2 does once its namespaces are set up, where it does not become the command: the work of a PID 1, of which reaping is all that the kernel asks. */
final class InitOps {

    /** Whom kill(2) sends a signal to when the command has ended: all but the init itself. */
    private static final long EVERYBODY = -1;

    private InitOps() {}

    /** Holds the namespaces until it is killed, and reaps. */
    static void hold(ProgramBuilder b) {
        Label wait = b.label("wait");
        Label reap = b.label("reap");
        b.call(Sys.PRCTL, Operand.of(Linux.PR_SET_NAME, "PR_SET_NAME"), b.string(SecondStage.NAME))
                .step(Step.START_INIT, "");
        b.call(Sys.WRITE, SecondStage.REPORT, b.space("{started}", SecondStage.START), Operand.of(SecondStage.START))
                .step(Step.START_INIT, "");
        b.call(Sys.CLOSE_RANGE, Operand.of(0), Operand.of(Linux.ALL_DESCRIPTORS, "~0"), Operand.of(0))
                .onNegative(wait);
        b.place(wait);
        Operand.Data awaited = b.space("[SIGCHLD]", Long.BYTES);
        b.word(awaited, 1L << (Linux.SIGCHLD - 1));
        b.call(Sys.RT_SIGTIMEDWAIT, awaited, Operand.of(0), Operand.of(0), Operand.of(Long.BYTES)).onNegative(wait)
                .onZero(wait);
        b.place(reap);
        b.call(Sys.WAIT4, Operand.of(-1), Operand.of(0), Operand.of(Linux.WALL | Linux.WNOHANG, "__WALL|WNOHANG"),
                Operand.of(0)).onPositive(reap).onZero(wait).onNegative(wait);
    }

    /** Starts the command, forwards signals to it, and reaps until it has ended, or until nobody is left. */
    static void add(ProgramBuilder b, Job job, Label command, Label failed, Label exit,
            CommandCapabilities capabilities) {
        PidSpec pidSpec = job.spec().pid();
        Label wait = b.label("wait");
        Label reap = b.label("reap");
        Label ended = b.label("ended");
        b.call(Sys.PRCTL, Operand.of(Linux.PR_SET_NAME, "PR_SET_NAME"), b.string(SecondStage.NAME))
                .step(Step.START_INIT, "");
        Op clone;
        if (job.parks()) { // it is forked to wait, while the init does its work already
            clone = clone(b, Operand.of(Linux.SIGCHLD, "SIGCHLD"), command, failed);
            if (capabilities.drops()) {
                capabilities.boundInit(b);
            }
        } else if (NestedOps.isWanted(job.spec())) { // out of the command's reach
            clone = clone(b, Operand.of(Linux.CLONE_VFORK | Linux.SIGCHLD, "CLONE_VFORK|SIGCHLD"), command, failed);
        } else if (capabilities.drops()) {
            clone = BoundedStart.add(b, capabilities, command, exit);
        } else {
            clone = clone(b, Operand.of(Linux.CLONE_VM | Linux.CLONE_VFORK | Linux.SIGCHLD,
                    "CLONE_VM|CLONE_VFORK|SIGCHLD"), command, failed);
            b.load64(b.header(Op.FAILED, "&failed")).onPositive(failed); // they share memory
        }
        Operand.Data started = b.space("{started}", SecondStage.START);
        b.load64(clone.result()).into("command", started.plus(SecondStage.START_PID));
        b.call(Sys.WRITE, SecondStage.REPORT, started, Operand.of(SecondStage.START)).onNegative(wait);
        b.call(Sys.CLOSE_RANGE, Operand.of(0), Operand.of(SecondStage.REPORT_FD - 1L), Operand.of(0)).onNegative(wait);
        b.call(Sys.CLOSE_RANGE, Operand.of(SecondStage.REPORT_FD + 1L), Operand.of(Linux.ALL_DESCRIPTORS, "~0"),
                Operand.of(0))
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
        Operand.Data end = b.space("end", SecondStage.END);
        Label over = b.label("over");
        Op pid = b
                .call(Sys.WAIT4, Operand.of(-1), end, Operand.of(Linux.WALL | Linux.WNOHANG, "__WALL|WNOHANG"),
                        end.plus(SecondStage.END_USAGE))
                .onNegative(pidSpec.waitsForOthers() ? over : wait).onZero(wait);
        Op commandPid = b.load64(clone.result());
        Op compare = b.subtract(Operand.of(0), Operand.of(0)).onZero(ended).onPositive(reap).onNegative(reap);
        pid.into("pid", compare, 0);
        commandPid.into("command", compare, 1);
        b.place(ended);
        if (pidSpec.waitsForOthers()) {
            Label others = b.label("others");
            b.call(Sys.WRITE, SecondStage.REPORT, end, Operand.of(SecondStage.END)).then(others);
            b.place(others);
            b.subtract(Operand.of(EVERYBODY), Operand.of(0)).into("everybody", clone.result()).then(reap);
        } else {
            b.call(Sys.WRITE, SecondStage.REPORT, end, Operand.of(SecondStage.END)).then(over);
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
