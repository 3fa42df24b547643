package dev.namespaces.ffm.handle;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceId;
import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.CStrings;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Syscalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From a descriptor to a handle. Negative descriptors are error numbers. */
final class Opened {

    /** Above those that a child is given, so that none of them can take a handle's place before it is used. */
    static final int LOWEST = 32;

    private Opened() {}

    /** Opens a path. */
    static int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return Syscalls.open(CStrings.allocate(arena, path), flags | Linux.O_CLOEXEC, 0);
        }
    }

    /** Whether it is on a namespace, to be known before anything else is done with it: an ioctl means something else to each file. */
    static boolean isNamespace(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statfs = arena.allocate(Struct.Statfs.SIZE, Long.BYTES);
            return Syscalls.fstatfs(descriptor, statfs.address()) == 0
                    && statfs.get(ValueLayout.JAVA_LONG, Struct.Statfs.TYPE) == Linux.NSFS_MAGIC;
        }
    }

    /** A handle by a duplicate of a namespace's descriptor, which is closed. */
    static Handle handle(int descriptor, String detail) throws NamespaceException {
        if (descriptor < 0) {
            throw refused(Step.OPEN_NAMESPACE, detail, -descriptor, null);
        }
        try {
            return duplicated(descriptor, detail);
        } finally {
            Syscalls.close(descriptor);
        }
    }

    /** A handle by a duplicate of a namespace's descriptor, which stays open. */
    static Handle duplicated(int descriptor, String detail) throws NamespaceException {
        int own = Syscalls.fcntl(descriptor, Linux.F_DUPFD_CLOEXEC, LOWEST);
        if (own < 0) {
            throw refused(Step.OPEN_NAMESPACE, detail, -own, null);
        }
        int type = Syscalls.ioctl(own, Linux.NS_GET_NSTYPE, 0);
        Optional<NamespaceKind> kind = Stream.of(NamespaceKind.values()).filter(each -> each.cloneFlag() == type)
                .findFirst();
        if (kind.isEmpty()) {
            Syscalls.close(own);
            throw refused(Step.OPEN_NAMESPACE, detail, type < 0 ? -type : Errno.EINVAL, null);
        }
        return new Handle(own, kind.get(), id(own));
    }

    private static NamespaceId id(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stat = arena.allocate(Struct.Stat.SIZE, Long.BYTES);
            int result = Syscalls.fstat(descriptor, stat.address());
            if (result < 0) {
                throw new AssertionError("fstat of an open descriptor: " + Errno.name(-result));
            }
            return new NamespaceId(stat.get(ValueLayout.JAVA_LONG, Struct.Stat.DEVICE),
                    stat.get(ValueLayout.JAVA_LONG, Struct.Stat.INODE));
        }
    }

    static NamespaceException refused(Step step, String detail, int errno, @Nullable String remedy) {
        return new NamespaceException(step, detail, errno, Errno.name(errno), Errno.text(errno), remedy);
    }
}
