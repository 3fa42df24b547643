package dev.namespaces.ffm.confine;

import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Abi;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Branches;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A seccomp filter that keeps a command from pushing input into a terminal that it shares with the JVM, where a shell would read it later with
 * the rights of whoever sits there: TIOCSTI, and TIOCLINUX, which pastes on a virtual console.
 *
 * <p>
 * The kernel looks at the low 32 bits of an ioctl(2)'s request and throws the others away, so only these are compared. Every way in which the
 * machine takes system calls is covered, each with its own number for ioctl(2); whatever comes another way is refused as a whole.
 */
public final class TerminalFilter {

    private static final int INSTRUCTION = 8;
    private static final int REFUSE = Linux.SECCOMP_RET_ERRNO | Errno.EPERM;
    /** The request, the second argument; its low half comes first. */
    private static final int REQUEST = Struct.SeccompData.ARGUMENTS + Long.BYTES;

    private TerminalFilter() {}

    /**
     * The filter's instructions.
     *
     * @param abi the architecture
     * @return an array of {@code struct sock_filter}
     */
    public static byte[] instructions(Abi abi) {
        int check = 2 + abi.conventions().stream().mapToInt(TerminalFilter::length).sum();
        ByteBuffer filter = ByteBuffer.allocate((check + 5) * INSTRUCTION).order(ByteOrder.LITTLE_ENDIAN);
        add(filter, Linux.BPF_LD_W_ABS, 0, 0, Struct.SeccompData.ARCHITECTURE);
        for (Abi.Convention convention : abi.conventions()) {
            add(filter, Linux.BPF_JEQ_K, 0, length(convention) - 1, convention.audit());
            add(filter, Linux.BPF_LD_W_ABS, 0, 0, Struct.SeccompData.NUMBER);
            add(filter, Linux.BPF_ALU_AND_K, 0, 0, convention.mask());
            for (int number : convention.ioctls()) {
                add(filter, Linux.BPF_JEQ_K, check - next(filter), 0, number);
            }
            add(filter, Linux.BPF_RET_K, 0, 0, Linux.SECCOMP_RET_ALLOW);
        }
        add(filter, Linux.BPF_RET_K, 0, 0, REFUSE);
        add(filter, Linux.BPF_LD_W_ABS, 0, 0, REQUEST);
        add(filter, Linux.BPF_JEQ_K, 2, 0, Linux.TIOCSTI);
        add(filter, Linux.BPF_JEQ_K, 1, 0, Linux.TIOCLINUX);
        add(filter, Linux.BPF_RET_K, 0, 0, Linux.SECCOMP_RET_ALLOW);
        add(filter, Linux.BPF_RET_K, 0, 0, REFUSE);
        return filter.array();
    }

    /** How many instructions look after a convention. */
    private static int length(Abi.Convention convention) {
        return 4 + convention.ioctls().size();
    }

    /** The index behind the instruction that is about to be added, from which its jumps count. */
    private static int next(ByteBuffer filter) {
        return filter.position() / INSTRUCTION + 1;
    }

    private static void add(ByteBuffer filter, int code, int ifTrue, int ifFalse, int k) {
        filter.putShort((short) code).put((byte) ifTrue).put((byte) ifFalse).putInt(k);
    }

    /**
     * Adds the installation, for good and for all descendants. It takes CAP_SYS_ADMIN in the process's user namespace or {@code no_new_privs},
     * which is set where the first is missing.
     *
     * @param b the program, of a process with memory of its own
     * @param abi the architecture
     * @param failed where it goes when the filter is refused
     */
    public static void add(ProgramBuilder b, Abi abi, Label failed) {
        byte[] instructions = instructions(abi);
        Operand.Data program = b.space("{terminal filter}", Struct.SockFprog.SIZE);
        b.word(program, instructions.length / INSTRUCTION);
        b.address(program.plus(Struct.SockFprog.FILTER), b.bytes("[terminal filter]", instructions));
        Label unprivileged = b.label("unprivileged");
        Label installed = b.label("filter installed");
        Op install = install(b, program).onZero(installed);
        Branches.onErrno(b, install, new int[]{Errno.EACCES}, unprivileged, failed);
        b.place(unprivileged);
        b.call(Sys.PRCTL, Operand.of(Linux.PR_SET_NO_NEW_PRIVS, "PR_SET_NO_NEW_PRIVS"), Operand.of(1))
                .onNegative(failed).step(Step.NO_NEW_PRIVILEGES, "");
        install(b, program).onNegative(failed);
        b.place(installed);
    }

    private static Op install(ProgramBuilder b, Operand program) {
        return b.call(Sys.SECCOMP, Operand.of(Linux.SECCOMP_SET_MODE_FILTER, "SECCOMP_SET_MODE_FILTER"), Operand.of(0),
                program).step(Step.PROTECT_TERMINAL, "");
    }
}
