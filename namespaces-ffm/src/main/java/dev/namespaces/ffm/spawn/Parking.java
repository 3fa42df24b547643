package dev.namespaces.ffm.spawn;

import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;

/**
 * Adds the wait for a command, in a process that has all but that. The command comes as one {@linkplain Handover message} through the socket of the gates, which
 * stays open: it closes on the exec, and that is how the JVM learns of it; what is refused from here on is said there too. The end of the file
 * means that the JVM has ended or wants no command: the process ends then.
 *
 * <p>
 * What has been made in directories of the host stays when a command is refused: others that are parked may have mounted something there, which the kernel takes
 * off with the directory; rmdir(2) since Linux 3.19.
 */
final class Parking {

    private static final int STREAMS = 3;
    /** Where there is memory for what is received: near the program, with which it shares tables of pages. */
    private static final long MEMORY = 0x230000000L;
    /** In there, the descriptors; behind them, the message. */
    private static final int HEAD_OF_MEMORY = 64;
    /** Where the message goes. */
    static final long ADDRESS = MEMORY + HEAD_OF_MEMORY;
    /** How long it may be. */
    static final int ROOM = (1 << 17) - HEAD_OF_MEMORY;

    // What the message starts with.
    static final int CANDIDATES = 0;
    static final int ARGUMENTS = Long.BYTES;
    static final int ENVIRONMENT = 2 * Long.BYTES;
    static final int DIRECTORY = 3 * Long.BYTES;
    /** Behind this comes what the addresses lead to. */
    static final int HEAD = 4 * Long.BYTES;

    private final ProgramBuilder b;
    private final Gates gates;
    private final Label exit;
    private final Label refused;
    private final Op[] addresses = new Op[HEAD / Long.BYTES];

    /**
     * For a program.
     *
     * @param b the program of stage 2
     * @param gates its gates, all of which come before
     * @param exit where it ends without a report
     */
    Parking(ProgramBuilder b, Gates gates, Label exit) {
        this.b = b;
        this.gates = gates;
        this.exit = exit;
        this.refused = b.label("command refused");
    }

    /** Where ops go that are refused behind the wait. */
    Label refused() {
        return refused;
    }

    /** Waits, lets go what others have sent meanwhile, and connects the streams. */
    void await() {
        Operand.Data header = message();
        b.call(Sys.MMAP, Operand.of(MEMORY), Operand.of(HEAD_OF_MEMORY + ROOM),
                Operand.of(Linux.PROT_READ | Linux.PROT_WRITE, "PROT_READ|PROT_WRITE"),
                Operand.of(Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS | Linux.MAP_FIXED,
                        "MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED"),
                Operand.of(-1), Operand.of(0))
                .into("memory", header.plus(Struct.Msghdr.CONTROL)).step(Step.START_INIT, "");
        b.subtract(Operand.of(0), Operand.of(0)).into("0", Operand.of(MEMORY)); // touched before anybody waits for it, as the header has been
        gates.park(b);
        b.onRefusal(refused);
        closeRange(FirstStage.FIRST_STAGE_TWO_FD, Gates.FD - 1);
        closeRange(Gates.FD + 1, Linux.ALL_DESCRIPTORS);
        b.call(Sys.RECVMSG, Gates.SOCKET, header, Operand.of(Linux.MSG_CMSG_CLOEXEC, "MSG_CMSG_CLOEXEC"))
                .onZero(exit).step(Step.START_INIT, "");
        dropSignals();
        for (int stream = 0; stream < STREAMS; stream++) {
            Op descriptor = b.load32(Operand.of(MEMORY + Struct.Cmsg.DATA + (long) stream * Integer.BYTES));
            Op dup = b.call(Sys.DUP3, Operand.of(0), Operand.of(stream), Operand.of(0))
                    .step(Step.CONNECT_STREAM, FirstStage.STREAMS.get(stream));
            descriptor.into(FirstStage.STREAMS.get(stream), dup, 0);
        }
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = b.load64(Operand.of(ADDRESS + (long) i * Long.BYTES));
        }
    }

    private void closeRange(int first, long last) {
        b.call(Sys.CLOSE_RANGE, Operand.of(first), Operand.of(last), Operand.of(0)).step(Step.CLOSE_DESCRIPTORS, "");
    }

    private Operand.Data message() {
        Operand.Data part = b.space("part", Struct.Iovec.SIZE);
        b.word(part.plus(Struct.Iovec.BASE), ADDRESS);
        b.word(part.plus(Struct.Iovec.LENGTH), ROOM);
        Operand.Data header = b.space("{command, SCM_RIGHTS}", Struct.Msghdr.SIZE);
        b.address(header.plus(Struct.Msghdr.IOV), part);
        b.word(header.plus(Struct.Msghdr.IOV_LENGTH), 1);
        b.word(header.plus(Struct.Msghdr.CONTROL_LENGTH), Struct.Cmsg.space(STREAMS));
        return header;
    }

    /** Signals that came before the command were not for it: those of a terminal, above all, go to the whole process group. */
    private void dropSignals() {
        Operand.Data all = b.bytes("[all]", new byte[]{-1, -1, -1, -1, -1, -1, -1, -1});
        Operand.Data now = b.space("{0, 0}", 2 * Long.BYTES);
        Label again = b.label("pending signals");
        Label none = b.label("no pending signal");
        b.place(again);
        b.call(Sys.RT_SIGTIMEDWAIT, all, Operand.of(0), now, Operand.of(Long.BYTES)).onPositive(again).onZero(again)
                .onNegative(none);
        b.place(none);
    }

    /** Says what the execution of the command needs to know, and what follows a refusal. */
    void finish(CommandOps command) {
        addresses[CANDIDATES / Long.BYTES].into("candidates", command.candidates());
        addresses[ARGUMENTS / Long.BYTES].into(CommandOps.ARGUMENTS, command.execute(), 1);
        addresses[ENVIRONMENT / Long.BYTES].into(CommandOps.ENVIRONMENT, command.execute(), 2);
        addresses[DIRECTORY / Long.BYTES].into(CommandOps.DIRECTORY, command.directory(), 0);
        b.place(refused);
        b.call(Sys.WRITE, Gates.SOCKET, b.header(Op.REFUSED_OP, "{refused op, -errno}"),
                Operand.of(SecondStage.START)).then(exit);
    }
}
