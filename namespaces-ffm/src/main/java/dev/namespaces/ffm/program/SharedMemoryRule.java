package dev.namespaces.ffm.program;

import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a child may do while it shares the JVM's memory: id maps, mounts without file content, host name, loopback, standard streams, session,
 * limits, {@code no_new_privs}, capabilities, closing descriptors in a table of its own, its signal mask, a pidfd of itself, a message that stands in the program, and exec.
 *
 * <p>
 * Everything else belongs into a program with memory of its own, because here it would act on the JVM. A change of ids clears the JVM's
 * dumpable flag, and restoring that flag lets any process of the new id write the JVM's memory; several {@code prctl}s and
 * {@code oom_score_adj} belong to the address space; file content is charged to the JVM's control group; and a file of an unknown kind (a FIFO,
 * autofs, FUSE) may hold the spawning thread for ever when it is opened. {@code O_PATH} opens nothing: it names.
 */
final class SharedMemoryRule {

    private static final Set<Sys> ALLOWED = EnumSet.of(Sys.CAPSET, Sys.CHDIR, Sys.CLOSE, Sys.CLOSE_RANGE, Sys.DUP3,
            Sys.EXECVE, Sys.EXECVEAT, Sys.EXIT_GROUP, Sys.FACCESSAT, Sys.FCHDIR, Sys.FCHMODAT, Sys.FCNTL, Sys.FSTATFS,
            Sys.GETPID, Sys.IOCTL, Sys.MKDIRAT, Sys.MKNODAT, Sys.MOUNT, Sys.MOUNT_SETATTR, Sys.MOVE_MOUNT,
            Sys.NEWFSTATAT, Sys.OPENAT, Sys.OPENAT2, Sys.OPEN_TREE, Sys.PIDFD_OPEN, Sys.PIVOT_ROOT, Sys.PRCTL,
            Sys.PRLIMIT64, Sys.RT_SIGACTION, Sys.RT_SIGPROCMASK, Sys.SENDMSG, Sys.SETDOMAINNAME, Sys.SETHOSTNAME,
            Sys.SETSID, Sys.SOCKET, Sys.SYMLINKAT, Sys.UMASK, Sys.UMOUNT2, Sys.UNLINKAT, Sys.WRITE);

    /** The files that may be opened: their kind is known, and opening them cannot block. */
    private static final Set<String> FILES = Set.of("/proc/self/uid_map", "/proc/self/gid_map", "/proc/self/setgroups");
    private static final long S_IFMT = 0xf000;

    private SharedMemoryRule() {}

    /**
     * Checks an op.
     *
     * @param call its system call
     * @param arguments its arguments
     * @param path the string that its second argument points to, if it does
     * @param openFlags the flags in the {@code struct open_how} that its third argument points to, or 0
     * @throws IllegalArgumentException if a child that shares the JVM's memory must not do this
     */
    static void check(Sys call, Operand[] arguments, @Nullable String path, long openFlags) {
        boolean allowed = ALLOWED.contains(call) && switch (call) {
            case PRCTL -> isNumber(arguments[0], Linux.PR_SET_NO_NEW_PRIVS)
                    || isNumber(arguments[0], Linux.PR_CAP_AMBIENT); // of the child alone, and it takes no dumpable flag away
            case OPENAT -> (path != null && FILES.contains(path)) || has(arguments[2], Linux.O_PATH, Linux.O_PATH);
            case OPENAT2 -> (openFlags & Linux.O_PATH) != 0;
            case MKNODAT -> has(arguments[2], S_IFMT, Linux.S_IFREG);
            case IOCTL -> isNumber(arguments[1], Linux.SIOCSIFFLAGS)
                    || isNumber(arguments[1], Linux.TIOCNOTTY) || isNumber(arguments[1], Linux.TIOCSCTTY); // of the child's session alone
            case SENDMSG -> // to a socket that this process made, and nothing of its memory but what stands in the program
                arguments[0] instanceof Operand.Constant && arguments[1] instanceof Operand.Data;
            case CLOSE_RANGE -> isNumber(arguments[2], 0);
            default -> true;
        };
        if (!allowed) {
            throw new IllegalArgumentException("a child that shares the JVM's memory must not call " + call.text()
                    + (path == null ? "" : " on " + path) + ": it belongs into stage 2");
        }
    }

    /**
     * Checks an op of a child that still shares the JVM's table of descriptors as well: signal actions are its own, all else waits.
     *
     * @param call its system call
     * @param arguments its arguments
     * @throws IllegalArgumentException if the op may change that table, or use what somebody else closes
     */
    static void checkSharingDescriptors(Sys call, Operand[] arguments) {
        if (call != Sys.RT_SIGACTION && !isUnsharing(call, arguments)) {
            throw new IllegalArgumentException("a child that shares the JVM's descriptors must not call " + call.text()
                    + " before it has a table of its own");
        }
    }

    /** Whether the child has a table of its own from here on. */
    static boolean isUnsharing(Sys call, Operand[] arguments) {
        return call == Sys.CLOSE_RANGE && isNumber(arguments[2], Linux.CLOSE_RANGE_UNSHARE);
    }

    private static boolean isNumber(Operand operand, long value) {
        return has(operand, -1, value);
    }

    private static boolean has(Operand operand, long mask, long value) {
        return operand instanceof Operand.Constant number && (number.value() & mask) == value;
    }
}
