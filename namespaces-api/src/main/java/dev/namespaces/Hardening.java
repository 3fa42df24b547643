package dev.namespaces;

/**
 * What keeps a process from doing harm, and is taken over by a command that enters its namespaces; see {@link NamespaceBuilder#joinAll(ProcessHandle,
 * Hardening...)}.
 */
public enum Hardening {
    /** Its user and group ids, and its supplementary groups; see credentials(7). */
    IDENTITY,
    /** The limits of its capabilities: the bounding, inheritable and ambient sets; see capabilities(7). */
    CAPABILITIES,
    /** That no exec gives it further privileges; see PR_SET_NO_NEW_PRIVS(2const). */
    NO_NEW_PRIVILEGES,
    /** Its seccomp filters, which cannot be taken over: unless they are left out, a process that has any is not joined. See seccomp(2). */
    SECCOMP
}
