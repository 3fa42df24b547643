package dev.namespaces.ffm.spawn;

import dev.namespaces.Capability;
import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.UserSpec;

/**
 * What stage 2 keeps over its exec. Whoever is not root loses every capability there, but for the ambient ones; capabilities(7). Those that
 * setting up namespaces takes are made ambient before it, and so are those that the command gets.
 *
 * @param all what the child has until then, as a set of bits
 * @param ambient what is made ambient; nothing where it is root and keeps everything anyway
 * @param held what the process has that sets up the namespaces
 */
record Capabilities(long all, long ambient, long held) {

    private static final int[] NEEDED = {Linux.CAP_CHOWN, Linux.CAP_DAC_OVERRIDE, Linux.CAP_FOWNER, Linux.CAP_KILL,
            Linux.CAP_SETGID, Linux.CAP_SETUID, Linux.CAP_SETPCAP, Linux.CAP_NET_ADMIN, Linux.CAP_SYS_ADMIN};
    private static final int DATA = 2 * Struct.Capability.DATA_SIZE;
    private static final int EFFECTIVE = 0;
    private static final int PERMITTED = 4;
    private static final int INHERITABLE = 8;

    static Capabilities of(Job job, Ids ids) {
        NamespaceSpec spec = job.spec();
        boolean user = job.kindsOfFirstProcess().contains(NamespaceKind.USER);
        long all = user ? known() : ofThisThread(PERMITTED);
        boolean mapped = !user || spec.user().mapping().isOwnIdAlone(); // when it executes stage 2; otherwise nobody is root then
        if (mapped && (ids.user() == 0 || (user && spec.user().mapping() == UserSpec.Mapping.ROOT))) {
            return new Capabilities(all, 0, all);
        }
        long ambient = all;
        if (mapped) { // otherwise it may become root, who must not have less: under no_new_privs an exec gives nothing back
            ambient &= needed(job) | spec.process().capabilities().added();
        }
        return new Capabilities(all, ambient, ambient);
    }

    private static long needed(Job job) {
        long needed = set(NEEDED);
        if (job.unsharesTime()) {
            needed |= set(Linux.CAP_SYS_TIME);
        }
        if (!job.entrance().isEmpty()) {
            needed |= set(Linux.CAP_SYS_CHROOT, Linux.CAP_SYS_PTRACE, Linux.CAP_NET_RAW);
        }
        if (NestedOps.isWanted(job.spec())) {
            needed |= set(Linux.CAP_SYS_RESOURCE, Linux.CAP_SETFCAP);
        }
        return needed;
    }

    static long set(int... capabilities) {
        long set = 0;
        for (int capability : capabilities) {
            set |= 1L << capability;
        }
        return set;
    }

    /** Every capability that this kernel knows: a newer one may know more than there are names for here. */
    static long known() {
        int count = Capability.values().length;
        while (Syscalls.prctl(Linux.PR_CAPBSET_READ, count, 0, 0, 0) >= 0) {
            count++;
        }
        return (1L << count) - 1;
    }

    /** What the calling thread may do. */
    static long effective() {
        return ofThisThread(EFFECTIVE);
    }

    /** What programs that it executes may get from it. */
    static long inheritable() {
        return ofThisThread(INHERITABLE);
    }

    /** Whether the calling thread may change its supplementary groups. */
    static boolean maySetGroups() {
        return (effective() & IdMap.Kind.GROUP.capability) != 0 && !IdMaps.isSetgroupsDeniedHere();
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
        if (ambient == 0) {
            return;
        }
        capset(b, all, all, ambient).step(Step.START_INIT, "");
        for (int capability = 0; capability < Long.SIZE; capability++) {
            if ((ambient & 1L << capability) != 0) {
                raise(b, capability).step(Step.START_INIT, "");
            }
        }
    }

    /** Makes one ambient that is permitted and inheritable. */
    static Op raise(ProgramBuilder b, int capability) {
        return b.call(Sys.PRCTL, Operand.of(Linux.PR_CAP_AMBIENT, "PR_CAP_AMBIENT"),
                Operand.of(Linux.PR_CAP_AMBIENT_RAISE, "PR_CAP_AMBIENT_RAISE"), Operand.of(capability));
    }

    /** Sets three of the five sets; what is not inheritable is no longer ambient then. */
    static Op capset(ProgramBuilder b, long effective, long permitted, long inheritable) {
        Operand.Data header = b.space("{_LINUX_CAPABILITY_VERSION_3}", Struct.Capability.HEADER_SIZE);
        b.word(header, Linux.LINUX_CAPABILITY_VERSION_3);
        Operand.Data data = b.space("{effective %x, permitted %x, inheritable %x}".formatted(effective, permitted,
                inheritable), DATA);
        b.word(data, low(effective) | permitted << Integer.SIZE);
        b.word(data.plus(Long.BYTES), low(inheritable) | high(effective) << Integer.SIZE);
        b.word(data.plus(2 * Long.BYTES), high(permitted) | high(inheritable) << Integer.SIZE);
        return b.call(Sys.CAPSET, header, data);
    }

    private static long low(long set) {
        return set & 0xffffffffL;
    }

    private static long high(long set) {
        return set >>> Integer.SIZE;
    }
}
