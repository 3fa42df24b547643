package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.StageTwoImage;
import dev.namespaces.spi.CommandSpec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A child that is set up and waits for its command, the only one that it runs. */
final class Parked {

    private final Started started;
    private final SecondStage stage;
    private final Job job;

    Parked(Started started, Job job) {
        this.started = started;
        this.stage = Objects.requireNonNull(started.stage());
        this.job = job;
    }

    Newborn child() {
        return started.child();
    }

    /** What came of handing it a command. */
    enum Answer {
        /** It has it. */
        TAKEN,
        /** It has ended, as somebody has killed it. */
        GONE,
        /** The kernel does not carry the message; it waits on. */
        KEPT
    }

    Answer hand(Handover message) {
        int result = message.send(started.socket());
        if (result >= 0) {
            return Answer.TAKEN;
        }
        return result == -Errno.EPIPE || result == -Errno.ECONNRESET ? Answer.GONE : Answer.KEPT;
    }

    /**
     * Waits until it has executed the command that it was handed.
     *
     * @throws NamespaceException if it could not; it is gone then
     */
    ChildProcess run(CommandSpec command, StandardStreams streams) throws NamespaceException {
        NamespaceException refusal = awaitExec(command);
        if (refusal != null) {
            discard();
            throw refusal;
        }
        Syscalls.close(started.socket());
        return started.process(job, streams);
    }

    /** The socket closes when it executes the command. */
    private @Nullable NamespaceException awaitExec(CommandSpec command) {
        try (Buffers.Lease buffer = Buffers.borrow()) {
            NamespaceException silence = StageTwoFiles.silence(stage, started.socket(), buffer);
            if (silence != null) {
                return silence;
            }
            long length = read(buffer);
            boolean untaken = length < 0; // ECONNRESET, said once, and before what it has written: it has ended without reading the message
            if (untaken) {
                length = read(buffer);
            }
            if (length < SecondStage.START) {
                return untaken ? StageTwoFiles.killed() : null;
            }
            return Refusals.exception(
                    stage.program().refusal(buffer.getLong(Op.REFUSED_OP), StageTwoImage.PROGRAM_ADDRESS),
                    (int) -buffer.getLong(Op.REFUSED_RESULT), job.spec(), command);
        }
    }

    private long read(Buffers.Lease buffer) {
        return Syscalls.read(started.socket(), buffer.address(), SecondStage.START);
    }

    /** Ends it and waits for it. */
    void discard() {
        Syscalls.close(started.socket());
        if (started.report().isOfInit()) {
            Syscalls.close(started.report().descriptor());
        }
        started.child().discard();
    }
}
