package dev.namespaces.ffm.spawn;

import dev.namespaces.Capability;
import dev.namespaces.Spawner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The five sets of a process, as the kernel shows them; capabilities(7).
 *
 * @param inheritable CapInh
 * @param permitted CapPrm
 * @param effective CapEff
 * @param bounding CapBnd
 * @param ambient CapAmb
 */
record CapabilitySets(long inheritable, long permitted, long effective, long bounding, long ambient) {

    /** Of a command. */
    static CapabilitySets of(Spawner spawner) throws IOException, InterruptedException {
        return of(Child.says(spawner, "cat", "/proc/self/status"));
    }

    /** Of a process that is running. */
    static CapabilitySets of(long pid) throws IOException {
        return of(Proc.text(pid, "status"));
    }

    private static CapabilitySets of(String status) {
        return new CapabilitySets(Proc.statusBits(status, "CapInh"), Proc.statusBits(status, "CapPrm"),
                Proc.statusBits(status, "CapEff"), Proc.statusBits(status, "CapBnd"),
                Proc.statusBits(status, "CapAmb"));
    }

    /** Of root, who has whatever the bounding set allows. */
    static CapabilitySets root(long bounding, long added) {
        return new CapabilitySets(added, bounding, bounding, bounding, added);
    }

    /** Of anybody else. */
    static CapabilitySets other(long bounding, long added) {
        return new CapabilitySets(added, added, added, bounding, added);
    }

    static long set(Capability... capabilities) {
        long set = 0;
        for (Capability capability : capabilities) {
            set |= 1L << capability.number();
        }
        return set;
    }

    /** Every capability of this kernel. */
    static long all() throws IOException {
        int last = Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/kernel/cap_last_cap")).getFirst());
        return (1L << (last + 1)) - 1;
    }

    @Override
    public String toString() {
        return "inheritable %x, permitted %x, effective %x, bounding %x, ambient %x".formatted(inheritable, permitted,
                effective, bounding, ambient);
    }
}
