package dev.namespaces;

/**
 * What tells a namespace from all others that exist at the same time: two processes are in the same one if these are equal. When a namespace has
 * ended, its id may be given to another.
 *
 * @param device the device of the kernel's file system of namespaces, as stat(2) numbers it
 * @param inode the number of its file there, as readlink(1) of {@code /proc/PID/ns/KIND} shows it
 * @see <a href="https://man7.org/linux/man-pages/man7/namespaces.7.html">namespaces(7)</a>
 */
public record NamespaceId(long device, long inode) {}
