package dev.namespaces.ffm.spawn;

import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;

/**
 * Adds the start of a command from which an init takes capabilities. The command may trace the init, so that one has to lose them too, and has to have
 * lost them before the command runs; but until the command runs they may be needed, if only to take something back. So its process is forked first,
 * with memory and capabilities of its own, and waits until the init is done.
 */
final class BoundedStart {

    private final ProgramBuilder b;
    private final Operand.Data ends;

    private BoundedStart(ProgramBuilder b) {
        this.b = b;
        this.ends = b.space("ends", 2 * Integer.BYTES);
    }

    /**
     * Adds the ops.
     *
     * @param b the program of the init
     * @param capabilities the command's
     * @param command where the command's process goes on
     * @param exit where that one goes if the init has failed, and has said so
     * @return the op whose result is the pid of the command, which runs by the op behind these, or has said why it does not
     */
    static Op add(ProgramBuilder b, CommandCapabilities capabilities, Label command, Label exit) {
        return new BoundedStart(b).add(capabilities, command, exit);
    }

    private Op add(CommandCapabilities capabilities, Label command, Label exit) {
        Label child = b.label("command's process");
        Label gone = b.label("executed, or ended");
        b.call(Sys.SOCKETPAIR, Operand.of(Linux.AF_UNIX, "AF_UNIX"),
                Operand.of(Linux.SOCK_SEQPACKET | Linux.O_CLOEXEC, "SOCK_SEQPACKET|SOCK_CLOEXEC"), Operand.of(0), ends)
                .step(Step.START_INIT, "");
        Op clone = b.call(Sys.CLONE, Operand.of(Linux.SIGCHLD, "SIGCHLD"), Operand.of(0)).onZero(child)
                .step(Step.START_INIT, "");
        close(1);
        capabilities.boundInit(b);
        onEnd(0, Sys.WRITE, Operand.of(1));
        onEnd(0, Sys.READ, Operand.of(1)).onZero(gone).onPositive(gone);

        b.place(child);
        close(0);
        onEnd(1, Sys.READ, Operand.of(1)).onPositive(command).onZero(exit);
        b.place(gone);
        return clone;
    }

    private void close(int end) {
        onEnd(end, Sys.CLOSE, Operand.of(0));
    }

    private Op onEnd(int end, Sys call, Operand length) {
        Op descriptor = b.load32(ends.plus(end * Integer.BYTES));
        Op op = b.call(call, Operand.of(0), b.space("byte", 1), length).step(Step.START_INIT, "");
        descriptor.into("end", op, 0);
        return op;
    }
}
