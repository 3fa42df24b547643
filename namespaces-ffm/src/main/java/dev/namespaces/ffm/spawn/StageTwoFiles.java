package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.StageTwoImage;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.NamespaceSpec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a spawn through stage 2 needs beside the streams: a file in memory with the program and the command, the pipe of the report, and the socket
 * of the gates.
 */
final class StageTwoFiles implements AutoCloseable {

    private static final int NONE = -1;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private int program = NONE;
    private int reportReader;
    private int reportWriter;
    private int gateOfChild = NONE;
    private int gate = NONE;

    private StageTwoFiles(long report) {
        reportReader = Descriptors.reading(report);
        reportWriter = Descriptors.writing(report);
    }

    static StageTwoFiles open(SecondStage stage, CommandBlock block, CommandSpec command, Environment environment)
            throws NamespaceException {
        block.write(command, environment, stage.program().size(), StageTwoImage.PROGRAM_ADDRESS);
        stage.program().place(block.memory(), StageTwoImage.PROGRAM_ADDRESS);
        if (stage.command() != null) {
            stage.command().apply(block.values(), block);
        }
        StageTwoFiles files = new StageTwoFiles(Descriptors.pipe(Step.START_INIT, ""));
        try {
            if (!stage.gates().isEmpty()) {
                long pair = Descriptors.socketPair(Step.START_INIT, "");
                files.gateOfChild = Descriptors.reading(pair);
                files.gate = Descriptors.writing(pair);
            }
            files.program = Descriptors.high(Descriptors.memory("program", false, false), Step.START_INIT, "");
            int result = Descriptors.writeAll(files.program, block.memory().address(), block.length());
            if (result < 0) {
                throw Refusals.exception(Step.START_INIT, "", -result);
            }
            return files;
        } catch (NamespaceException e) {
            files.close();
            throw e;
        }
    }

    int program() {
        return program;
    }

    int reportWriter() {
        return reportWriter;
    }

    int gate() {
        return gateOfChild;
    }

    /** The child has them now; of the pipe, the end of the file is wanted. */
    void closeChildEnds() {
        program = closed(program);
        reportWriter = closed(reportWriter);
        gateOfChild = closed(gateOfChild);
    }

    /**
     * Waits until stage 2 has executed the command, or waits for one, or says why it could not, and reaps it then.
     *
     * @return the child, and what an init reports; {@link Report#NONE} where stage 2 becomes the command
     */
    Started awaitStart(SecondStage stage, Newborn child, NamespaceSpec spec, CommandSpec command)
            throws NamespaceException {
        boolean parks = stage.gates().parks();
        boolean started = parks && !stage.isInit();
        boolean parked = !parks;
        long innerPid = 0;
        try (Buffers.Lease buffer = Buffers.borrow()) {
            while (!started || !parked) { // of an init and its command's process, either may be the first to report
                long length = read(stage, child, buffer);
                long word = length == SecondStage.START ? buffer.getLong(Op.REFUSED_OP) : 0;
                if (stage.gates().isGate(word)) {
                    pass(stage.gates().keeper(word), child, new Gates.Arrival(buffer.getLong(Op.REFUSED_RESULT), gate),
                            spec,
                            command);
                } else if (stage.gates().isParked(word)) {
                    parked = true;
                } else if (!started && word == 0 && length == (stage.isInit() ? SecondStage.START : 0)) {
                    started = true;
                    innerPid = buffer.getLong(SecondStage.START_PID);
                } else {
                    throw refused(stage, child, word, (int) -buffer.getLong(Op.REFUSED_RESULT), spec, command);
                }
            }
        }
        return new Started(child, stage.isInit() ? takeReport(innerPid) : Report.NONE, stage,
                parks ? takeGate() : Started.NONE, Started.NONE);
    }

    private static NamespaceException refused(SecondStage stage, Newborn child, long word, int errno,
            NamespaceSpec spec, CommandSpec command) {
        child.discard();
        return word < StageTwoImage.PROGRAM_ADDRESS // nothing, or the report of an init on the end of its command's process
                ? killed()
                : Refusals.exception(stage.program().refusal(word, StageTwoImage.PROGRAM_ADDRESS), errno, spec,
                        command);
    }

    static NamespaceException killed() {
        return Refusals.exception(Step.START_INIT, "(it was killed)", Errno.EPIPE);
    }

    private long read(SecondStage stage, Newborn child, Buffers.Lease buffer) throws NamespaceException {
        NamespaceException silence = silence(stage, reportReader, buffer);
        if (silence != null) {
            child.discard();
            throw silence;
        }
        return read(buffer);
    }

    /** Waits until stage 2 says something, but not for ever for one that others may have stopped: what there is to be said then. */
    static @Nullable NamespaceException silence(SecondStage stage, int fd, Buffers.Lease buffer) {
        if (!stage.isExposed()) {
            return null;
        }
        buffer.setLong(0, fd | (long) Linux.POLLIN << Integer.SIZE);
        buffer.setLong(Struct.PollFd.SIZE, PATIENCE.toSeconds());
        buffer.setLong(Struct.PollFd.SIZE + Long.BYTES, 0);
        return Syscalls.ppoll(buffer.address(), 1, buffer.address() + Struct.PollFd.SIZE) == 0
                ? Refusals.exception(Step.JOIN,
                        "(its process has not gone on for " + PATIENCE.toSeconds() + " seconds)",
                        Errno.ETIMEDOUT, "somebody inside may have stopped it")
                : null;
    }

    private long read(Buffers.Lease buffer) {
        return Syscalls.read(reportReader, buffer.address(), SecondStage.START);
    }

    private void pass(Gates.Keeper keeper, Newborn child, Gates.Arrival arrival, NamespaceSpec spec,
            CommandSpec command) throws NamespaceException {
        int before = child.pid();
        boolean passed = false;
        try {
            keeper.pass(child, arrival, command);
            if (spec.process().dieWithJvm() && child.pid() != before) {
                Guard.register(child); // it waits for the JVM, and has nothing to register itself with
            }
            passed = true;
        } finally {
            if (!passed) {
                leaveShut(child);
            }
        }
        try (Buffers.Lease buffer = Buffers.borrow()) {
            Syscalls.send(gate, buffer.address(), 1, Linux.MSG_NOSIGNAL); // if it has died, its report ends
        }
    }

    /** Lets the child take back what it has made, and end. */
    private void leaveShut(Newborn child) {
        gate = closed(gate);
        try (Buffers.Lease buffer = Buffers.borrow()) {
            read(buffer);
        }
        child.discard();
    }

    private Report takeReport(long pid) {
        int report = reportReader;
        reportReader = NONE;
        Syscalls.fcntl(report, Linux.F_SETFL, Linux.O_NONBLOCK);
        return new Report(report, pid);
    }

    private int takeGate() {
        int socket = gate;
        gate = NONE;
        return socket;
    }

    private static int closed(int fd) {
        if (fd != NONE) {
            Syscalls.close(fd);
        }
        return NONE;
    }

    @Override
    public void close() {
        closeChildEnds();
        reportReader = closed(reportReader);
        gate = closed(gate);
    }
}
