package dev.namespaces.ffm.spawn;

import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;

/** Adds what ties a process to the life of the JVM: its pidfd goes to the {@linkplain Guard guard}. */
final class GuardOps {

    /** Where the pidfd of a process goes that somebody else registers. */
    static final String PIDFD = "pidfd";

    private GuardOps() {}

    /**
     * A child registers itself, before anything else. In a new pid namespace its pid is 1 there, and its pidfd means the same process to all.
     * The socket closes with the rest of the JVM's descriptors.
     */
    static void register(ProgramBuilder b, int socket) {
        DescriptorMessage message = DescriptorMessage.add(b);
        Op pid = b.call(Sys.GETPID).step(Step.DIE_WITH_JVM, "");
        Op open = b.call(Sys.PIDFD_OPEN, Operand.of(0), Operand.of(0)).step(Step.DIE_WITH_JVM, "");
        pid.into("pid", open, 0);
        open.into("pidfd", message.descriptor());
        send(b, socket, message);
        Op load = b.load64(message.descriptor());
        Op close = b.call(Sys.CLOSE, Operand.of(0)).step(Step.DIE_WITH_JVM, ""); // it may have the number of a standard stream
        load.into("pidfd", close, 0);
    }

    /** The JVM registers a child that runs already. */
    static Op hand(ProgramBuilder b, int socket) {
        DescriptorMessage message = DescriptorMessage.add(b);
        b.subtract(new Operand.Patch(PIDFD), Operand.of(0)).into("pidfd", message.descriptor());
        return send(b, socket, message);
    }

    private static Op send(ProgramBuilder b, int socket, DescriptorMessage message) {
        return b.call(Sys.SENDMSG, b.descriptor(socket, "guard"), message.header(),
                Operand.of(Linux.MSG_NOSIGNAL, "MSG_NOSIGNAL")).step(Step.DIE_WITH_JVM, "");
    }
}
