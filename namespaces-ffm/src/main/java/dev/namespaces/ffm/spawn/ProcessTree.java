package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Syscalls;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The descendants of a process without a pid namespace, each held by a pidfd, and stopped: a stopped process starts no other.
 *
 * <p>
 * The best that can be done: a descendant whose parent has ended belongs to somebody else by now and is not found.
 */
final class ProcessTree implements AutoCloseable {

    private final Map<Long, Integer> pidfds = new HashMap<>();

    private ProcessTree() {}

    /** Stops a process and all its descendants, until no further one turns up. */
    static ProcessTree stopped(ProcessHandle root) {
        ProcessTree tree = new ProcessTree();
        tree.stop(root);
        while (true) {
            List<ProcessHandle> found = root.descendants().filter(process -> !tree.pidfds.containsKey(process.pid()))
                    .toList();
            if (found.isEmpty()) {
                return tree;
            }
            found.forEach(tree::stop);
        }
    }

    private void stop(ProcessHandle process) {
        int pidfd = Syscalls.pidfdOpen(process.pid());
        // Still the one that was found? Its start time is part of the handle's identity. If not, the pid was recycled before it was opened.
        if (pidfd >= 0 && !process.isAlive()) {
            Syscalls.close(pidfd);
            pidfd = -1;
        }
        pidfds.put(process.pid(), pidfd);
        if (pidfd >= 0) {
            Syscalls.pidfdSendSignal(pidfd, Linux.SIGSTOP);
        }
    }

    void kill() {
        pidfds.values().stream().filter(pidfd -> pidfd >= 0)
                .forEach(pidfd -> Syscalls.pidfdSendSignal(pidfd, Linux.SIGKILL));
    }

    @Override
    public void close() {
        pidfds.values().stream().filter(pidfd -> pidfd >= 0).forEach(Syscalls::close);
    }
}
