package dev.namespaces.spi;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import java.nio.file.Path;

/** The implementation behind the factories of {@link NamespaceHandle}, whose javadoc says what each does. */
public interface NamespaceOpener {

    /**
     * Opens what a path leads to.
     *
     * @param path an absolute path of the host
     * @return a new handle
     * @throws NamespaceException if it cannot be opened, or is no namespace
     */
    NamespaceHandle of(Path path) throws NamespaceException;

    /**
     * Opens one of a process that is known by its number alone.
     *
     * @param kind the kind
     * @param pid a positive number
     * @return a new handle
     * @throws NamespaceException if it cannot be opened
     */
    NamespaceHandle of(NamespaceKind kind, int pid) throws NamespaceException;

    /**
     * Opens one of a process.
     *
     * @param kind the kind
     * @param process the process
     * @return a new handle
     * @throws NamespaceException if it cannot be opened
     */
    NamespaceHandle of(NamespaceKind kind, ProcessHandle process) throws NamespaceException;

    /**
     * Opens one of a process, or of the command that runs below it.
     *
     * @param kind the kind
     * @param process the process
     * @return a new handle
     * @throws NamespaceException if it cannot be opened
     */
    NamespaceHandle of(NamespaceKind kind, Process process) throws NamespaceException;

    /**
     * Opens one of the calling thread.
     *
     * @param kind the kind
     * @return a new handle
     * @throws NamespaceException if it cannot be opened
     */
    NamespaceHandle ofCurrentThread(NamespaceKind kind) throws NamespaceException;

    /**
     * Duplicates a descriptor.
     *
     * @param descriptor its number
     * @return a new handle
     * @throws NamespaceException if it is not open, or on no namespace
     */
    NamespaceHandle ofDescriptor(int descriptor) throws NamespaceException;

    /**
     * Takes a namespace off the file that it is mounted on, and removes the file.
     *
     * @param path an absolute path of the host
     * @throws NamespaceException if no namespace is mounted there, or the kernel refuses
     */
    void unpin(Path path) throws NamespaceException;
}
