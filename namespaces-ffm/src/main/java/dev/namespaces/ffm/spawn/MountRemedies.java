package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceKind;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.program.Program;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.MountRoot;
import dev.namespaces.spi.NamespaceSpec;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What to change when a mount is refused, as {@link Remedies} says it of everything else. */
final class MountRemedies {

    private MountRemedies() {}

    /** Whether the command sees other files than the JVM under the same paths. */
    static boolean hasOwnRoot(NamespaceSpec spec) {
        return spec.has(NamespaceKind.MOUNT) && !(spec.mount().root() instanceof MountRoot.Host);
    }

    static @Nullable String of(Program.Refusal refusal, int errno, NamespaceSpec spec) {
        return switch (refusal.step()) {
            case MOUNT_SOURCE -> ofSource(errno);
            case MOUNT_POINT -> ofMountPoint(errno, spec);
            case MOUNT_FLAGS -> ofFlags(errno, spec);
            case MAKE_FILE -> errno == Errno.EEXIST ? "something of this name is there already" : ofCreation(errno);
            case PROTECT -> null;
            case CHANGE_ROOT -> errno == Errno.EINVAL
                    ? "this JVM's root directory is no mount point: it runs in a chroot, or from an initial RAM disk"
                    : Remedies.ofLimits(errno);
            default -> ofMount(errno, refusal.detail(), spec);
        };
    }

    private static @Nullable String ofSource(int errno) {
        return switch (errno) {
            case Errno.ESTALE -> "another file has come to this path since its descriptor was opened";
            case Errno.EINVAL -> "its mount is unbindable, or not one of the host's";
            default -> Remedies.ofLimits(errno);
        };
    }

    private static @Nullable String ofMountPoint(int errno, NamespaceSpec spec) {
        return switch (errno) {
            case Errno.ENOENT -> hasOwnRoot(spec)
                    ? "a symbolic link there leads to what is not there"
                    : "with the host's root nothing is made on the host: make it there yourself, or mount a tmpfs above it first";
            case Errno.ENOTDIR -> "a file is where a directory should be";
            default -> ofCreation(errno);
        };
    }

    private static @Nullable String ofCreation(int errno) {
        return switch (errno) {
            case Errno.EROFS ->
                "it would lie in what is mounted read-only by then: put it first, or make it in the source";
            case Errno.EACCES -> "the directory in which it would lie may not be written to";
            default -> Remedies.ofLimits(errno);
        };
    }

    private static @Nullable String ofFlags(int errno, NamespaceSpec spec) {
        return switch (errno) {
            case Errno.EINVAL -> "there is no mount point";
            case Errno.EPERM -> spec.has(NamespaceKind.USER)
                    ? "in a user namespace, the flags of the host's mounts cannot be taken off or exchanged"
                    : null;
            default -> Remedies.ofLimits(errno);
        };
    }

    private static @Nullable String ofMount(int errno, String what, NamespaceSpec spec) {
        if (errno == Errno.EPERM || errno == Errno.EACCES) {
            if (Remedies.number(Remedies.APPARMOR) == 1) {
                return Remedies.ofMaps(errno);
            }
            if (what.startsWith("proc") && isMasked("/proc/") || what.startsWith("sysfs") && isMasked("/sys/")) {
                return "parts of it are covered by other mounts here, as in a container; the kernel then allows no new one:"
                        + " uncover them (docker: --security-opt systempaths=unconfined), or leave it out";
            }
        }
        return switch (errno) {
            case Errno.EINVAL -> what.startsWith("overlay")
                    ? "a layer may have mounts below it that a user namespace must not uncover, or its file system may not do"
                            + " for an overlay: the kernel's log says which"
                    : null;
            case Errno.ENODEV -> "this kernel does not have this file system, or not loaded it: modprobe";
            case Errno.ENOTDIR -> "one is a file, and the other a directory";
            case Errno.ENOSPC -> "there are as many mounts as there may be: raise the sysctl fs.mount-max";
            default -> Remedies.ofLimits(errno);
        };
    }

    private static boolean isMasked(String folder) {
        return Remedies.lines(Path.of("/proc/self/mountinfo")).stream()
                .anyMatch(line -> line.split(" ", 6)[4].startsWith(folder));
    }

    static @Nullable String ofIdmap(int errno) {
        return switch (errno) {
            case Errno.EPERM -> "it takes CAP_SYS_ADMIN over the file system's own user namespace, which is the host's";
            case Errno.EINVAL ->
                "this file system may know no idmapped mounts on this kernel, or is mounted so already";
            default -> Remedies.ofLimits(errno);
        };
    }

    /** The host's files tell nothing of what is inside. */
    static @Nullable String ofExecution(int errno, String program, CommandSpec command) {
        boolean path = program.indexOf('/') >= 0;
        return switch (errno) {
            case Errno.ENOENT, Errno.ENOTDIR -> path
                    ? "it is not in the new root, or what it needs to run is not: the interpreter in its first line, or its ELF"
                            + " loader, which usually is /lib64/ld-linux-x86-64.so.2 or /lib/ld-linux-aarch64.so.1"
                    : "the new root has no such program in PATH=" + Environment.of(command).pathText()
                            + ", or not what it needs to run: its interpreter, or its ELF loader (in /lib or /lib64)";
            case Errno.EACCES -> "in the new root it may not be executed: not a program, or mounted with noexec";
            default -> Remedies.ofExecution(errno, program, command);
        };
    }
}
