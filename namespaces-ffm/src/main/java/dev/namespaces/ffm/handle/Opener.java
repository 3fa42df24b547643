package dev.namespaces.ffm.handle;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.spi.NamespaceOpener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The ways to a handle. */
public final class Opener implements NamespaceOpener {

    static final String NO_NAMESPACE = "this is no namespace, as /proc/PID/ns/net is, or a file that ip-netns(8), unshare(1) or pin(…) has made";

    /** For the provider. */
    public Opener() {}

    @Override
    public NamespaceHandle of(Path path) throws NamespaceException {
        return open(path.toString(), path.toString());
    }

    /** Opens nothing but a namespace: a FIFO would block, and a device may do anything. */
    private static Handle open(String path, String detail) throws NamespaceException {
        int place = Opened.open(path, Linux.O_PATH);
        if (place < 0) {
            throw refused(detail, -place, ofPath(-place, path));
        }
        try {
            if (!Opened.isNamespace(place)) {
                throw refused(detail, Errno.EINVAL, NO_NAMESPACE);
            }
            return Opened.handle(Opened.open("/proc/self/fd/" + place, Linux.O_RDONLY), detail);
        } finally {
            Syscalls.close(place);
        }
    }

    @Override
    public NamespaceHandle of(NamespaceKind kind, int pid) throws NamespaceException {
        return ofProcess(kind, pid, () -> true);
    }

    @Override
    public NamespaceHandle of(NamespaceKind kind, ProcessHandle process) throws NamespaceException {
        return ofProcess(kind, process.pid(), process::isAlive);
    }

    @Override
    public NamespaceHandle of(NamespaceKind kind, Process process) throws NamespaceException {
        return process instanceof NamespaceProcess ours ? ofCommand(kind, ours) : of(kind, process.toHandle());
    }

    /**
     * Another may have got the command's number if an init has reaped it. It is the command's namespace nevertheless if that is what the command itself says
     * while the handle keeps the namespace's id from being given to another.
     */
    private static Handle ofCommand(NamespaceKind kind, NamespaceProcess process) throws NamespaceException {
        long pid = process.commandPid();
        Handle handle = ofProcess(kind, pid, process::isAlive);
        try {
            if (!handle.id().equals(process.namespaces().get(kind))) {
                throw refused(detail(kind, pid), Errno.ESRCH, null);
            }
            return handle;
        } catch (NamespaceException e) {
            handle.close();
            throw e;
        }
    }

    /**
     * Between the opening of the pidfd and a signal to it that finds its process, the number is that process's and no other's. What is done by the number
     * meanwhile, the question whether it is the right one included, is done to that process.
     */
    private static Handle ofProcess(NamespaceKind kind, long pid, BooleanSupplier isRight) throws NamespaceException {
        String detail = detail(kind, pid);
        int pidfd = Syscalls.pidfdOpen(pid);
        if (pidfd < 0) { // of a thread's number it is EINVAL, or, on newer kernels, ENOENT
            throw refused(detail, pidfd == -Errno.EINVAL || pidfd == -Errno.ENOENT ? Errno.ESRCH : -pidfd, null);
        }
        try {
            Handle handle = open("/proc/" + pid + "/ns/" + kind.procName(), detail);
            if (!isRight.getAsBoolean() || Syscalls.pidfdSendSignal(pidfd, 0) == -Errno.ESRCH) {
                handle.close();
                throw refused(detail, Errno.ESRCH, null);
            }
            return handle;
        } catch (NamespaceException e) {
            boolean hasEnded = e.errno() == Errno.ENOENT && has(kind); // one that nobody has reaped yet has no links
            throw hasEnded ? refused(detail, Errno.ESRCH, null) : e;
        } finally {
            Syscalls.close(pidfd);
        }
    }

    @Override
    public NamespaceHandle ofCurrentThread(NamespaceKind kind) throws NamespaceException {
        return open("/proc/thread-self/ns/" + kind.procName(), kind.procName() + " of this thread");
    }

    @Override
    public NamespaceHandle ofDescriptor(int descriptor) throws NamespaceException {
        String detail = "of descriptor " + descriptor;
        if (Syscalls.fcntl(descriptor, Linux.F_GETFD, 0) < 0) {
            throw refused(detail, Errno.EBADF, null);
        }
        if (!Opened.isNamespace(descriptor)) {
            throw refused(detail, Errno.EINVAL, NO_NAMESPACE);
        }
        return Opened.duplicated(descriptor, detail);
    }

    @Override
    public void unpin(Path path) throws NamespaceException {
        Pin.remove(path);
    }

    private static String detail(NamespaceKind kind, long pid) {
        return kind.procName() + " of process " + pid;
    }

    private static boolean has(NamespaceKind kind) {
        return Files.exists(Path.of("/proc/self/ns", kind.procName()));
    }

    private static @Nullable String ofPath(int errno, String path) {
        if (errno == Errno.EACCES && path.startsWith("/proc/")) {
            return "to look into a process of another user, or of more privileges, takes CAP_SYS_PTRACE";
        }
        if (errno == Errno.ENOENT && path.startsWith("/proc/")) {
            for (NamespaceKind kind : NamespaceKind.values()) {
                if (path.endsWith("/ns/" + kind.procName()) && !has(kind)) {
                    return "this kernel has no " + kind.procName() + " namespaces";
                }
            }
        }
        return null;
    }

    private static NamespaceException refused(String detail, int errno, @Nullable String remedy) {
        return Opened.refused(Step.OPEN_NAMESPACE, detail, errno, remedy);
    }
}
