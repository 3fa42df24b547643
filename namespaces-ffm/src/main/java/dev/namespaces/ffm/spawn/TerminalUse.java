package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Branches;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.NamespaceSpec;

/**
 * What the standard streams of a command have to do with terminals, and what follows from that.
 *
 * <p>
 * A process may push input into its controlling terminal, and one with CAP_SYS_ADMIN on the host into any that it has open (ioctl_tty(2)). A
 * command that is given a terminal of the JVM's keeps it as its controlling one, under a filter, so that job control goes on as it did. A command that
 * is given none gives the controlling one up, which costs next to nothing; the rest of the session, and the process group that Ctrl-C
 * reaches, stay as they are.
 */
enum TerminalUse {
    /** Nothing. */
    NONE,
    /** One of them is a terminal of the JVM's, or of somebody else's. */
    SHARED,
    /** There is a new terminal for the command. */
    OWN,
    /** One of them is new, another is not. */
    OWN_AND_SHARED;

    private static final int[] TYPED = {Linux.SIGINT, Linux.SIGQUIT, Linux.SIGTSTP};

    static TerminalUse of(boolean shared, boolean own) {
        return shared ? own ? OWN_AND_SHARED : SHARED : own ? OWN : NONE;
    }

    boolean isShared() {
        return this == SHARED || this == OWN_AND_SHARED;
    }

    boolean isOwn() {
        return this == OWN || this == OWN_AND_SHARED;
    }

    /** Gives up the JVM's controlling terminal, unless the command goes on with it or a new session is without it anyway. */
    void leaveCallers(ProgramBuilder b, NamespaceSpec spec, Label failed) throws NamespaceException {
        int terminal = Pty.controlling();
        if (isShared() || spec.process().newSession() || terminal < 0) {
            return;
        }
        Label without = b.label("without terminal");
        Op leave = b.call(Sys.IOCTL, b.descriptor(terminal, "\"/dev/tty\""), Operand.of(Linux.TIOCNOTTY, "TIOCNOTTY"))
                .step(Step.PROTECT_TERMINAL, "").onZero(without);
        Branches.onErrno(b, leave, new int[]{Errno.ENOTTY, Errno.EIO}, without, failed); // it is nobody's any more, or hung up
        b.place(without);
    }

    /** Starts the session that was asked for, unless the command's own terminal brings one, and no init stands in between. */
    void newSession(ProgramBuilder b, NamespaceSpec spec, Route route) {
        if (spec.process().newSession() && (route == Route.INIT || !isOwn())) {
            b.call(Sys.SETSID).step(Step.NEW_SESSION, "");
        }
    }

    /**
     * Starts a session in the process that will be the command, makes its terminal the session's, and lets in the signals that are typed there: whoever
     * started the JVM in the background of a script may have had them ignored.
     */
    void takeOwn(ProgramBuilder b) {
        if (isOwn()) {
            Operand.Data byDefault = b.space("{SIG_DFL}", Struct.Sigaction.SIZE);
            for (int signal : TYPED) {
                b.call(Sys.RT_SIGACTION, Operand.of(signal), byDefault, Operand.of(0), Operand.of(Long.BYTES))
                        .step(Step.SIGNALS, "");
            }
            b.call(Sys.SETSID).step(Step.NEW_SESSION, "");
            b.call(Sys.IOCTL, Operand.of(0), Operand.of(Linux.TIOCSCTTY, "TIOCSCTTY"), Operand.of(0))
                    .step(Step.CONTROLLING_TERMINAL, "");
        }
    }
}
