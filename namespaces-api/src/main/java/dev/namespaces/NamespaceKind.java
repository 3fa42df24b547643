package dev.namespaces;

/**
 * The eight kinds of Linux namespace.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/namespaces.7.html">namespaces(7)</a>
 */
public enum NamespaceKind {
    /** The root directory of the control group hierarchy; see cgroup_namespaces(7). */
    CGROUP("cgroup", 0x02000000L),
    /** System V IPC objects and POSIX message queues; see ipc_namespaces(7). */
    IPC("ipc", 0x08000000L),
    /** Mount points; see mount_namespaces(7). */
    MOUNT("mnt", 0x00020000L),
    /** Network devices, addresses, ports and routing; see network_namespaces(7). */
    NET("net", 0x40000000L),
    /** Process ids; see pid_namespaces(7). */
    PID("pid", 0x20000000L),
    /** The boot-time and monotonic clocks; see time_namespaces(7). */
    TIME("time", 0x00000080L),
    /** User and group ids and capabilities; see user_namespaces(7). */
    USER("user", 0x10000000L),
    /** Host name and NIS domain name; see uts_namespaces(7). */
    UTS("uts", 0x04000000L);

    private final String procName;
    private final long cloneFlag;

    NamespaceKind(String procName, long cloneFlag) {
        this.procName = procName;
        this.cloneFlag = cloneFlag;
    }

    /**
     * The file name under {@code /proc/PID/ns} that shows a namespace of this kind.
     *
     * @return the name, such as {@code "mnt"}
     */
    public String procName() {
        return procName;
    }

    /**
     * The {@code CLONE_NEW…} flag of this kind, as clone(2), unshare(2) and setns(2) take it.
     *
     * @return the flag
     */
    public long cloneFlag() {
        return cloneFlag;
    }
}
