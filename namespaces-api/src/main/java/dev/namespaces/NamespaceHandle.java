package dev.namespaces;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A namespace that exists, held by a descriptor: it cannot end, nor its {@link #id()} be given to another, until the handle is closed.
 *
 * <p>
 * A handle belongs to whoever made it, who {@linkplain #close() closes} it; those that a handle returns are new ones. Two handles are equal if they hold
 * the same namespace, whatever way they came by it. Thread-safe.
 *
 * <p>
 * To open another user's namespaces takes CAP_SYS_PTRACE; see ptrace(2), PTRACE_MODE_READ_FSCREDS. All factories throw
 * {@link UnsupportedOperationException} if this JVM cannot hold namespaces, with the reason.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/namespaces.7.html">namespaces(7)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/ioctl_ns.2.html">ioctl_ns(2)</a>
 */
public interface NamespaceHandle extends AutoCloseable {

    /**
     * Opens the namespace that a file stands for, such as {@code /proc/PID/ns/net}, or {@code /run/netns/NAME} as ip-netns(8) makes it. Symbolic links are
     * followed.
     *
     * @param path the file, of the host
     * @return a new handle
     * @throws NamespaceException if it cannot be opened, or is no namespace; nothing else is opened, whatever it is
     * @throws IllegalArgumentException if it is empty, or not a path of the default file system
     */
    static NamespaceHandle of(Path path) throws NamespaceException {
        return Provider.get().opener().of(MountArguments.host("path", path));
    }

    /**
     * Opens a namespace of a process. If another has been given its number, that is an error and never a stranger's namespace.
     *
     * @param kind the kind
     * @param process the process
     * @return a new handle
     * @throws NamespaceException if the process has ended, its namespaces may not be opened, or this kernel does not have the kind
     */
    static NamespaceHandle of(NamespaceKind kind, ProcessHandle process) throws NamespaceException {
        return Provider.get().opener().of(Objects.requireNonNull(kind, "kind"),
                Objects.requireNonNull(process, "process"));
    }

    /**
     * Opens a namespace of a process, as {@link #of(NamespaceKind, ProcessHandle)} does. Of a {@link NamespaceProcess} it is the command's, whether or not an
     * init runs it.
     *
     * @param kind the kind
     * @param process the process
     * @return a new handle
     * @throws NamespaceException if the process has ended, its namespaces may not be opened, or this kernel does not have the kind
     * @throws UnsupportedOperationException if it has no {@link Process#toHandle()}
     */
    static NamespaceHandle of(NamespaceKind kind, Process process) throws NamespaceException {
        return Provider.get().opener().of(Objects.requireNonNull(kind, "kind"),
                Objects.requireNonNull(process, "process"));
    }

    /**
     * Opens a namespace of the process that has this number now. A {@link ProcessHandle} also tells whether it is still the one that was meant.
     *
     * @param kind the kind
     * @param pid the process's number, as the JVM sees it
     * @return a new handle
     * @throws NamespaceException if there is no such process, its namespaces may not be opened, or this kernel does not have the kind
     * @throws IllegalArgumentException if it is not positive, or larger than any process's number
     */
    static NamespaceHandle of(NamespaceKind kind, long pid) throws NamespaceException {
        Objects.requireNonNull(kind, "kind");
        if (pid < 1 || pid > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a process's number is positive and no larger than 2147483647: " + pid);
        }
        return Provider.get().opener().of(kind, (int) pid);
    }

    /**
     * Opens a namespace of the calling thread, or, if it is virtual, of its carrier.
     *
     * @param kind the kind
     * @return a new handle
     * @throws NamespaceException if it cannot be opened, or this kernel does not have the kind
     */
    static NamespaceHandle ofCurrentThread(NamespaceKind kind) throws NamespaceException {
        return Provider.get().opener().ofCurrentThread(Objects.requireNonNull(kind, "kind"));
    }

    /**
     * Duplicates a descriptor of this process, which stays the caller's to close.
     *
     * @param descriptor the number of an open descriptor
     * @return a new handle
     * @throws NamespaceException if it is not open, or on something else than a namespace
     */
    static NamespaceHandle ofDescriptor(int descriptor) throws NamespaceException {
        return Provider.get().opener().ofDescriptor(descriptor);
    }

    /**
     * Undoes {@link #pin}, whoever did that: takes a namespace off the file that it is mounted on, and removes the file. The namespace lives on as long as
     * anything else holds it. Needs CAP_SYS_ADMIN over the mount namespace of the calling thread.
     *
     * @param path the file, not a link to it
     * @throws NamespaceException if no namespace is mounted there, and then nothing is touched; or if the kernel refuses
     * @throws IllegalArgumentException if it is empty, or not a path of the default file system
     */
    static void unpin(Path path) throws NamespaceException {
        Provider.get().opener().unpin(MountArguments.host("path", path));
    }

    /**
     * The kind. Known even when the handle is closed.
     *
     * @return the kind
     */
    NamespaceKind kind();

    /**
     * What tells the namespace from all others, as stat(2) of its file does.
     *
     * @return the id
     * @throws IllegalStateException if the handle is closed: the id may be another's by then
     */
    NamespaceId id();

    /**
     * Opens the user namespace that owns this one: its capabilities decide over it. A user namespace is owned by its parent.
     *
     * @return a new handle, or empty if there is none, or only one that is neither the caller's user namespace nor below it
     * @throws NamespaceException if the kernel refuses
     * @throws IllegalStateException if the handle is closed
     */
    Optional<NamespaceHandle> owner() throws NamespaceException;

    /**
     * Opens the namespace of the same kind in which this one, a user or pid namespace, is nested.
     *
     * @return a new handle, or empty if there is none, or only one that is neither the caller's namespace of that kind nor below it
     * @throws NamespaceException if the kernel refuses
     * @throws IllegalStateException if the handle is closed, or the namespace of another kind
     */
    Optional<NamespaceHandle> parent() throws NamespaceException;

    /**
     * The user that has created this user namespace, and has all capabilities in it.
     *
     * @return the user's id as it is in the caller's user namespace; 65534, the overflow id, if it is not mapped there
     * @throws NamespaceException if the kernel refuses
     * @throws IllegalStateException if the handle is closed, or the namespace of another kind
     */
    long creatorUid() throws NamespaceException;

    /**
     * Mounts the namespace on a new file, by which it lives on without any process or handle, and other programs find it: {@code nsenter --net=FILE}, or,
     * in {@code /run/netns}, {@code ip netns}. Needs CAP_SYS_ADMIN over the mount namespace of the calling thread; a mount namespace is only accepted where mounts
     * are not shared, and never inside itself or a younger one. (Linux 6.18 tells the age by a number that each processor counts for itself, and so may
     * refuse one that was made on another processor.)
     *
     * @param path the file, which must not exist, in a directory that does
     * @throws NamespaceException if there is something already, or the kernel refuses; then there is no file
     * @throws IllegalArgumentException if it is empty, or not a path of the default file system
     * @throws IllegalStateException if the handle is closed
     * @see #unpin
     */
    void pin(Path path) throws NamespaceException;

    /** Whether the other is a handle of the same namespace. Handles that are closed are equal as they were before. */
    @Override
    boolean equals(Object other);

    /** As {@link #equals} wants it. */
    @Override
    int hashCode();

    /** Such as {@code net:[4026531840]}, as readlink(1) shows the namespace. */
    @Override
    String toString();

    /** Lets go of the namespace, which ends if nothing else holds it. Does nothing the second time. */
    @Override
    void close();
}
