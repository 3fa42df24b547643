package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Syscalls;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/**
 * Descriptors of mount namespaces, each of which keeps one alive beyond the last process in it. That one would have to take all mounts off before anybody sees its end,
 * and wait until no processor looks at them any more. All other kinds the kernel frees in the background, or in no time.
 *
 * <p>
 * Not thread-safe: guarded by its owner.
 */
final class Holds {

    /** Where there are more, the processes take their mounts off themselves. */
    private final int most;
    private final Set<Integer> held = new HashSet<>();
    private final ArrayDeque<Integer> over = new ArrayDeque<>();

    Holds(int most) {
        this.most = most;
    }

    boolean hasRoom() {
        return held.size() + over.size() < most;
    }

    /**
     * Opens the mount namespace of a process; the result is negative where that is not allowed. Not by way of {@code /proc}, if the kernel has another (6.11): whoever
     * waits for the process would have to take the files away that were looked up there.
     */
    static int open(Newborn process) {
        int fd = Syscalls.ioctl(process.pidfd(), Linux.PIDFD_GET_MNT_NAMESPACE, 0);
        return fd >= 0 ? fd : Descriptors.tryOpen("/proc/" + process.pid() + "/ns/mnt", 0);
    }

    void add(int fd) {
        held.add(fd);
    }

    /** Says that a process has ended. By then its descriptor may have been closed with all, and its number be somebody else's. */
    void release(int fd) {
        if (held.remove(fd)) {
            over.add(fd);
        }
    }

    /** Whether the processes of some have ended. */
    boolean hasOver() {
        return !over.isEmpty();
    }

    /** Whether those stand in the way of others. */
    boolean isCrowded() {
        return over.size() > most / 2;
    }

    /** One whose process has ended, for the caller to close. */
    int takeOver() {
        return over.remove();
    }

    /** Closes them all. */
    void close() {
        held.forEach(Syscalls::close);
        over.forEach(Syscalls::close);
        held.clear();
        over.clear();
    }
}
