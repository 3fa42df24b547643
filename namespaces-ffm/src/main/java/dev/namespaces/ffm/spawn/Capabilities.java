package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.UserSpec;

/**
 * What stage 2 keeps over its exec. Whoever is not root loses every capability there, but for the ambient ones; capabilities(7). Those that
 * setting up namespaces takes are made ambient before it, and taken back before the command.
 *
 * @param all what the child has until then, as a set of bits
 * @param kept what it keeps; nothing where it is root and keeps everything anyway
 */
record Capabilities(long all, long kept) {

    private static final int[] NEEDED = {Linux.CAP_CHOWN, Linux.CAP_DAC_OVERRIDE, Linux.CAP_FOWNER, Linux.CAP_KILL,
            Linux.CAP_SETGID, Linux.CAP_SETUID, Linux.CAP_SETPCAP, Linux.CAP_NET_ADMIN, Linux.CAP_SYS_ADMIN};
    private static final int DATA = 2 * Struct.Capability.DATA_SIZE;
    private static final int EFFECTIVE = 0;
    private static final int PERMITTED = 4;

    static Capabilities of(Job job, Ids ids) {
        NamespaceSpec spec = job.spec();
        boolean user = job.kindsOfFirstProcess().contains(NamespaceKind.USER);
        boolean mapped = !user || spec.user().mapping().isOwnIdAlone(); // when it executes stage 2; otherwise nobody is root then
        if (mapped && (ids.user() == 0 || (user && spec.user().mapping() == UserSpec.Mapping.ROOT))) {
            return new Capabilities(0, 0);
        }
        long all = user ? -1 : permitted();
        long needed = 0;
        for (int capability : NEEDED) {
            needed |= 1L << capability;
        }
        if (job.unsharesTime()) {
            needed |= 1L << Linux.CAP_SYS_TIME;
        }
        if (!job.entrance().isEmpty()) {
            needed |= 1L << Linux.CAP_SYS_CHROOT | 1L << Linux.CAP_SYS_PTRACE;
        }
        if (NestedOps.isWanted(spec)) {
            needed |= 1L << Linux.CAP_SYS_RESOURCE | 1L << Linux.CAP_SETFCAP;
        }
        return new Capabilities(all, all & needed);
    }

    private static long permitted() {
        return ofThisThread(PERMITTED);
    }

    /** What the calling thread may do. */
    static long effective() {
        return ofThisThread(EFFECTIVE);
    }

    private static long ofThisThread(int set) {
        try (Buffers.Lease buffer = Buffers.borrow()) {
            buffer.setLong(0, Linux.LINUX_CAPABILITY_VERSION_3);
            long data = Struct.Capability.HEADER_SIZE;
            Syscalls.capget(buffer.address(), buffer.address() + data);
            long low = Integer.toUnsignedLong(buffer.getInt(data + set));
            return low | (long) buffer.getInt(data + Struct.Capability.DATA_SIZE + set) << Integer.SIZE;
        }
    }

    /** Makes those that are kept ambient. */
    void raise(ProgramBuilder b) {
        if (kept == 0) {
            return;
        }
        set(b, all, kept);
        for (int capability = 0; capability < Long.SIZE; capability++) {
            if ((kept & 1L << capability) != 0) {
                b.call(Sys.PRCTL, Operand.of(Linux.PR_CAP_AMBIENT, "PR_CAP_AMBIENT"),
                        Operand.of(Linux.PR_CAP_AMBIENT_RAISE, "PR_CAP_AMBIENT_RAISE"), Operand.of(capability))
                        .step(Step.START_INIT, "");
            }
        }
    }

    /** Leaves none that an exec would hand on. */
    void drop(ProgramBuilder b) {
        if (kept == 0) {
            return;
        }
        b.call(Sys.PRCTL, Operand.of(Linux.PR_CAP_AMBIENT, "PR_CAP_AMBIENT"),
                Operand.of(Linux.PR_CAP_AMBIENT_CLEAR_ALL, "PR_CAP_AMBIENT_CLEAR_ALL")).step(Step.START_INIT, "");
        set(b, kept, 0);
    }

    private static void set(ProgramBuilder b, long permitted, long inheritable) {
        Operand.Data header = header(b);
        Operand.Data data = b.space("{inheritable " + Long.toHexString(inheritable) + "}", DATA);
        long low = permitted & 0xffffffffL;
        long high = permitted >>> Integer.SIZE;
        b.word(data, low | low << Integer.SIZE); // effective, permitted; then inheritable; and the same of the upper halves
        b.word(data.plus(Long.BYTES), (inheritable & 0xffffffffL) | high << Integer.SIZE);
        b.word(data.plus(2 * Long.BYTES), high | inheritable >>> Integer.SIZE << Integer.SIZE);
        b.call(Sys.CAPSET, header, data).step(Step.START_INIT, "");
    }

    /** The first argument of capget(2) and capset(2), for the calling thread. */
    static Operand.Data header(ProgramBuilder b) {
        Operand.Data header = b.space("{_LINUX_CAPABILITY_VERSION_3}", Struct.Capability.HEADER_SIZE);
        b.word(header, Linux.LINUX_CAPABILITY_VERSION_3);
        return header;
    }
}
