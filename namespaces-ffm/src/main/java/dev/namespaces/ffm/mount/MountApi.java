package dev.namespaces.ffm.mount;

import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.KernelVersion;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Syscalls;

/**
 * Which of the newer calls there are to mount with.
 *
 * @param trees open_tree(2) and move_mount(2), which take descriptors on both sides; without them mount(2) goes through /proc/self/fd
 * @param attributes mount_setattr(2), which changes a whole tree at once (Linux 5.12); without it each mount is remounted by itself
 */
public record MountApi(boolean trees, boolean attributes) {

    /** What this kernel has, and no seccomp filter of a container takes away. */
    public static MountApi ofThisHost() {
        int tree = Syscalls.openTree(-1, 0, Linux.O_CLOEXEC); // EBADF or EFAULT where it is known
        int attributes = Syscalls.mountSetattr(-1, 0, -1, 0, 0); // EINVAL: no such flags
        return new MountApi(isThere(tree), isThere(attributes) && KernelVersion.running().atLeast(5, 12));
    }

    private static boolean isThere(int result) {
        return result != -Errno.ENOSYS && result != -Errno.EPERM;
    }
}
