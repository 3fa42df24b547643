package dev.namespaces.ffm.handle;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Abi;
import dev.namespaces.ffm.linux.CStrings;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.linux.Syscalls;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Namespaces on files. Mounts are made and taken back by descriptor, so that it is the file that was looked at, whatever becomes of its path. */
final class Pin {

    private static final String RIGHT = "it takes CAP_SYS_ADMIN over this mount namespace, which this process lacks";

    private Pin() {}

    /** Mounts a namespace on a new file. */
    static void make(Handle handle, int descriptor, Path path) throws NamespaceException {
        String detail = handle + " on " + path;
        try (Arena arena = Arena.ofConfined()) {
            long name = CStrings.allocate(arena, path.toString());
            int file = Syscalls.open(name, Linux.O_RDONLY | Linux.O_CREAT | Linux.O_EXCL | Linux.O_CLOEXEC, 0);
            if (file < 0) {
                throw Opened.refused(Step.PIN, detail, -file, null);
            }
            int result = Syscalls.mount(CStrings.allocate(arena, link(descriptor)),
                    CStrings.allocate(arena, link(file)), Linux.MS_BIND);
            Syscalls.close(file);
            if (result < 0) {
                Syscalls.unlink(name);
                throw Opened.refused(Step.PIN, detail, -result, remedy(-result, handle.kind()));
            }
        }
    }

    private static @Nullable String remedy(int errno, NamespaceKind kind) {
        return switch (errno) {
            case Errno.EPERM -> RIGHT;
            case Errno.EINVAL -> kind == NamespaceKind.MOUNT
                    ? "a mount namespace is only accepted where mounts are not shared (mount --make-private), and never inside itself or a younger one"
                    : null;
            default -> null;
        };
    }

    /** Takes a namespace off its file, and removes that. */
    static void remove(Path path) throws NamespaceException {
        String detail = path.toString();
        try (Arena arena = Arena.ofConfined()) {
            Abi abi = Native.abi();
            int file = Opened.open(detail, Linux.O_PATH | abi.noFollowFlag());
            if (file < 0) {
                throw Opened.refused(Step.UNPIN, detail, -file, null);
            }
            int result;
            try {
                if (!Opened.isNamespace(file)) {
                    throw Opened.refused(Step.UNPIN, detail, Errno.EINVAL, "no namespace is mounted there");
                }
                result = Syscalls.umount(CStrings.allocate(arena, link(file)), Linux.MNT_DETACH);
            } finally {
                Syscalls.close(file);
            }
            if (result == 0) {
                result = Syscalls.unlink(CStrings.allocate(arena, detail));
            }
            if (result < 0) {
                throw Opened.refused(Step.UNPIN, detail, -result, result == -Errno.EPERM ? RIGHT : null);
            }
        }
    }

    private static String link(int descriptor) {
        return "/proc/self/fd/" + descriptor;
    }
}
