package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.ffm.net.MovedLinks;
import dev.namespaces.ffm.net.NetlinkSocket;
import org.jspecify.annotations.Nullable;

/** A child of the JVM that has not come to run its command yet. */
final class Newborn {

    private int pid;
    private int pidfd;
    private @Nullable NetlinkSocket network;
    private @Nullable ChildProcess outbound;
    private @Nullable MovedLinks moved;
    private Runnable afterwards = () -> {};

    Newborn(int pid, int pidfd) {
        this.pid = pid;
        this.pidfd = pidfd;
    }

    int pid() {
        return pid;
    }

    int pidfd() {
        return pidfd;
    }

    /** A socket of its network namespace that is kept as long as it is. */
    @Nullable
    NetlinkSocket network() {
        return network;
    }

    void keep(NetlinkSocket socket) {
        network = socket;
    }

    /** The program that leads out of its network namespace, ended when it is. */
    @Nullable
    ChildProcess outbound() {
        return outbound;
    }

    void keep(ChildProcess program) {
        outbound = program;
    }

    /** The interfaces that have been moved into its network namespace, moved back when it ends. */
    @Nullable
    MovedLinks moved() {
        return moved;
    }

    void keep(@Nullable MovedLinks links) {
        moved = links;
    }

    /** What is to be done, in no time, when it has ended. */
    Runnable afterwards() {
        return afterwards;
    }

    void keep(Runnable last) {
        afterwards = last;
    }

    /** Goes on as another child, while the one that it has been until now ends. */
    void replaceWith(long sibling) throws NamespaceException {
        ChildProcess.discard(pidfd); // first, as it gives a descriptor back
        pid = (int) sibling;
        pidfd = Syscalls.pidfdOpen(sibling); // nobody else's: a child keeps its pid until the JVM has waited for it
        if (pidfd < 0) {
            throw Refusals.exception(Step.CLONE, "", -pidfd);
        }
    }

    /** Ends it and waits for it. */
    void discard() {
        if (network != null) {
            network.close();
        }
        if (outbound != null) {
            outbound.close();
        }
        if (moved != null) {
            moved.close();
        }
        if (pidfd >= 0) {
            Syscalls.pidfdSendSignal(pidfd, Linux.SIGKILL);
            ChildProcess.discard(pidfd);
        } else {
            Syscalls.kill(pid, Linux.SIGKILL);
            try (Buffers.Lease buffer = Buffers.borrow()) {
                Syscalls.waitPid(pid, buffer.address(), Linux.WEXITED);
            }
        }
        afterwards.run();
    }
}
