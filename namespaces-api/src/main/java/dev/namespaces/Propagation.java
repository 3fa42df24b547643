package dev.namespaces;

/** Whether mounts made later on one side are seen on the other; see mount_namespaces(7). */
public enum Propagation {
    /** Neither way. */
    PRIVATE,
    /** What the host mounts or unmounts happens inside too, never the other way round. */
    SLAVE,
    /** Among namespaces that are later copied from this one, both ways. Never towards the host. */
    SHARED,
    /** Neither way, and the mounts cannot be bind-mounted again. */
    UNBINDABLE
}
