package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Syscalls;

/**
 * SIGCHLD as this process has inherited it. Where it is ignored the kernel throws exit statuses away (wait(2)), and a library has no business
 * changing a disposition of the whole process.
 */
public final class ChildSignal {

    private static volatile boolean usable;

    private ChildSignal() {}

    /**
     * Why exit statuses would be lost.
     *
     * @return a sentence with the remedy, or the empty string where they would not
     */
    public static String whyUnusable() {
        if (!usable) {
            try (Buffers.Lease action = Buffers.borrow()) {
                Syscalls.sigaction(Linux.SIGCHLD, 0, action.address());
                boolean ignored = action.getLong(Struct.Sigaction.HANDLER) == Linux.SIG_IGN;
                if (ignored || (action.getLong(Struct.Sigaction.FLAGS) & Linux.SA_NOCLDWAIT) != 0) {
                    return "this JVM was started with SIGCHLD ignored, so exit statuses would be lost:"
                            + " start it with the default disposition (in a shell, trap - CHLD before java; with env(1), --default-signal=CHLD)";
                }
            }
            usable = true;
        }
        return "";
    }
}
