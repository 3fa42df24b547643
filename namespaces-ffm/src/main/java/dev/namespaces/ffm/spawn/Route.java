package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceKind;
import dev.namespaces.ffm.linux.KernelVersion;
import dev.namespaces.ffm.mount.MountOps;
import dev.namespaces.spi.NamespaceSpec;

/** Which way a command is started. */
enum Route {
    /** The child that shares the JVM's memory executes the command itself. */
    DIRECT,
    /** It executes stage 2, which executes the command. */
    LAUNCH,
    /** It executes stage 2, which is the init of a pid namespace and starts the command. */
    INIT;

    /**
     * Before Linux 5.16 a signal that dumps core ends every process that shares the memory of the one it is sent to, the JVM among them: there,
     * no child that shares memory may let signals in, as it must before the command.
     */
    private static final boolean SIGNALS_REACH_THE_JVM = !KernelVersion.running().atLeast(5, 16);

    /** What a child that shares the JVM's memory must not do, or cannot. */
    private static boolean needsMemoryOfItsOwn(Job job) {
        NamespaceSpec spec = job.spec();
        return job.holds() || job.parks() || job.forks() || job.makesNetwork() || !job.entrance().isEmpty()
                || spec.runAs() != null
                || !spec.process().capabilities().isDefault()
                || (spec.has(NamespaceKind.MOUNT)
                        && (MountOps.needOwnMemory(spec.mount()) || NamespaceOps.dependOnHostMounts(spec)))
                || (spec.has(NamespaceKind.USER)
                        && (spec.user().forbidNested() || !spec.user().mapping().isOwnIdAlone()));
    }

    static Route of(Job job) {
        NamespaceSpec spec = job.spec();
        if (spec.has(NamespaceKind.PID) && !spec.pid().asPid1()) {
            return INIT;
        }
        return SIGNALS_REACH_THE_JVM || job.terminals().isShared() || job.demands().action() || needsMemoryOfItsOwn(job)
                ? LAUNCH
                : DIRECT;
    }
}
