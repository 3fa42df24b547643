package dev.namespaces;

/**
 * What root may do, cut into pieces that a process can have one by one; see capabilities(7). In a user namespace they hold for what belongs to that
 * namespace. Every kernel that this library runs on knows all of these; {@link CapabilityConfig} says how a command gets or loses them.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 */
public enum Capability {
    /** Change the owner and the group of any file. */
    CHOWN(0),
    /** Pass over permissions to read, write and execute files. */
    DAC_OVERRIDE(1),
    /** Pass over permissions to read files, and to read and search directories. */
    DAC_READ_SEARCH(2),
    /** Do to any file what only its owner may, such as chmod(2). */
    FOWNER(3),
    /** Keep the set-user-ID and set-group-ID bits of a file that is changed. */
    FSETID(4),
    /** Send signals to any process. */
    KILL(5),
    /** Change group ids and supplementary groups, and map group ids. */
    SETGID(6),
    /** Change user ids, and map user ids. */
    SETUID(7),
    /** Drop capabilities from the bounding set, and change securebits. */
    SETPCAP(8),
    /** Set the append-only and immutable flags of files. */
    LINUX_IMMUTABLE(9),
    /** Bind sockets to the ports of well-known services, those below 1024. */
    NET_BIND_SERVICE(10),
    /** Send broadcasts and listen to multicasts; not used by the kernel. */
    NET_BROADCAST(11),
    /** Set up interfaces, routes, firewalls and whatever else belongs to a network. */
    NET_ADMIN(12),
    /** Use raw and packet sockets, and bind to any address for transparent proxying. */
    NET_RAW(13),
    /** Lock memory, and use huge pages. */
    IPC_LOCK(14),
    /** Pass over the permissions of System V IPC objects. */
    IPC_OWNER(15),
    /** Load and unload kernel modules. */
    SYS_MODULE(16),
    /** Use I/O ports and other raw access to hardware. */
    SYS_RAWIO(17),
    /** Change the root directory with chroot(2), and enter mount namespaces. */
    SYS_CHROOT(18),
    /** Trace any process, and read and write its memory. */
    SYS_PTRACE(19),
    /** Switch process accounting on and off. */
    SYS_PACCT(20),
    /** Administer the system: mount file systems, create namespaces, and much else. */
    SYS_ADMIN(21),
    /** Reboot, and load a new kernel. */
    SYS_BOOT(22),
    /** Raise priorities, and set the scheduling of any process. */
    SYS_NICE(23),
    /** Pass over and raise resource limits and quotas. */
    SYS_RESOURCE(24),
    /** Set the system's clocks. */
    SYS_TIME(25),
    /** Hang up and set up terminals. */
    SYS_TTY_CONFIG(26),
    /** Make device files. */
    MKNOD(27),
    /** Take leases on any file. */
    LEASE(28),
    /** Write to the kernel's audit log. */
    AUDIT_WRITE(29),
    /** Switch auditing on and off, and change its rules. */
    AUDIT_CONTROL(30),
    /** Give capabilities to files, and map the user 0 of the parent user namespace. */
    SETFCAP(31),
    /** Pass over mandatory access control, where it is Smack's. */
    MAC_OVERRIDE(32),
    /** Configure mandatory access control, where it is Smack's. */
    MAC_ADMIN(33),
    /** Read the kernel's log and see its addresses. */
    SYSLOG(34),
    /** Set timers that wake the system up. */
    WAKE_ALARM(35),
    /** Keep the system from being suspended. */
    BLOCK_SUSPEND(36),
    /** Read the kernel's audit log. */
    AUDIT_READ(37),
    /** Monitor performance, with perf_event_open(2) and programs in the kernel; since Linux 5.8. */
    PERFMON(38),
    /** Load programs into the kernel, bpf(2); since Linux 5.8. */
    BPF(39),
    /** Save and restore processes, with given process ids; since Linux 5.9. */
    CHECKPOINT_RESTORE(40);

    private final int number;

    Capability(int number) {
        this.number = number;
    }

    /**
     * The kernel's number of it, a bit of the sets in {@code /proc/PID/status}.
     *
     * @return the number
     */
    public int number() {
        return number;
    }

    /**
     * What the kernel calls it.
     *
     * @return the name, such as {@code "CAP_NET_ADMIN"}
     */
    public String kernelName() {
        return "CAP_" + name();
    }
}
