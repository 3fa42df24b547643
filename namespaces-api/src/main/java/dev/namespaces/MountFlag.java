package dev.namespaces;

/** What a mount forbids, or saves; see mount(2). Flags are added to those that the source's mount has already. */
public enum MountFlag {
    /** Nothing can be written through this mount. */
    READ_ONLY,
    /** Set-user-ID bits and file capabilities have no effect. */
    NOSUID,
    /** Device files cannot be opened. */
    NODEV,
    /** No program can be executed. */
    NOEXEC,
    /** Reading changes no access time. */
    NOATIME
}
