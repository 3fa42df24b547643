package dev.namespaces;

/** The namespaces of this host, as far as they can be seen. */
public final class Namespaces {

    private Namespaces() {}

    /**
     * Looks at every namespace that can be seen from here: those that a thread of a process in {@code /proc} is in, those that are pinned to a file in the
     * mount namespace of the calling thread, and those that own one of them or in which one of them is nested. What nothing but a descriptor or a socket
     * holds is not found.
     *
     * <p>
     * The host goes on meanwhile: what has ended while it was looked at is left out, and two entries may be from slightly different moments. Another user's
     * processes take CAP_SYS_PTRACE to look at (see ptrace(2), PTRACE_MODE_READ_FSCREDS); they are listed as {@linkplain NamespaceSnapshot#unreadable()
     * unreadable}. Where {@code /proc} is mounted with {@code hidepid}, not even that is known of them.
     *
     * @return what was seen
     * @throws NamespaceException if {@code /proc} cannot be read
     * @throws UnsupportedOperationException if this JVM cannot do it, with the reason
     * @see <a href="https://man7.org/linux/man-pages/man8/lsns.8.html">lsns(8)</a>
     */
    public static NamespaceSnapshot snapshot() throws NamespaceException {
        return Provider.get().snapshot();
    }
}
