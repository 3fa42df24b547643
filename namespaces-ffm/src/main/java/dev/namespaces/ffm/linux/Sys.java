package dev.namespaces.ffm.linux;

/**
 * The system calls that are made, with their numbers on x86-64 and on AArch64 (the generic table of {@code asm-generic/unistd.h}).
 */
public enum Sys {
    BIND(49, 200), //
    CAPGET(125, 90), //
    CAPSET(126, 91), //
    CHDIR(80, 49), //
    CHROOT(161, 51), //
    CLONE(56, 220), //
    CLONE3(435, 435), //
    CLOSE(3, 57), //
    CLOSE_RANGE(436, 436), //
    CONNECT(42, 203), //
    DUP3(292, 24), //
    EPOLL_CREATE1(291, 20), //
    EPOLL_CTL(233, 21), //
    EPOLL_PWAIT(281, 22), //
    EXECVE(59, 221), //
    EXECVEAT(322, 281), //
    EXIT_GROUP(231, 94), //
    FACCESSAT(269, 48), //
    FCHDIR(81, 50), //
    FCHMOD(91, 52), //
    FCHMODAT(268, 53), //
    FCNTL(72, 25), //
    FSTAT(5, 80), //
    FSTATFS(138, 44), //
    FTRUNCATE(77, 46), //
    GETEGID(108, 177), //
    GETEUID(107, 175), //
    GETPID(39, 172), //
    GETPPID(110, 173), //
    GETSOCKOPT(55, 209), //
    GETXATTR(191, 8), //
    IOCTL(16, 29), //
    KILL(62, 129), //
    MEMFD_CREATE(319, 279), //
    MKDIRAT(258, 34), //
    MKNODAT(259, 33), //
    MMAP(9, 222), //
    MOUNT(165, 40), //
    MOUNT_SETATTR(442, 442), //
    MOVE_MOUNT(429, 429), //
    MPROTECT(10, 226), //
    MUNMAP(11, 215), //
    NEWFSTATAT(262, 79), //
    OPENAT(257, 56), //
    OPENAT2(437, 437), //
    OPEN_TREE(428, 428), //
    PIDFD_GETFD(438, 438), //
    PIDFD_OPEN(434, 434), //
    PIDFD_SEND_SIGNAL(424, 424), //
    PIPE2(293, 59), //
    PIVOT_ROOT(155, 41), //
    PPOLL(271, 73), //
    PRCTL(157, 167), //
    PREAD64(17, 67), //
    PRLIMIT64(302, 261), //
    PWRITE64(18, 68), //
    READ(0, 63), //
    RECVFROM(45, 207), //
    RECVMSG(47, 212), //
    RT_SIGACTION(13, 134), //
    RT_SIGPROCMASK(14, 135), //
    RT_SIGTIMEDWAIT(128, 137), //
    SECCOMP(317, 277), //
    SENDMSG(46, 211), //
    SENDTO(44, 206), //
    SETDOMAINNAME(171, 162), //
    SETGROUPS(116, 159), //
    SETHOSTNAME(170, 161), //
    SETNS(308, 268), //
    SETRESGID(119, 149), //
    SETRESUID(117, 147), //
    SETSID(112, 157), //
    SETSOCKOPT(54, 208), //
    SOCKET(41, 198), //
    SOCKETPAIR(53, 199), //
    SYMLINKAT(266, 36), //
    TEE(276, 77), //
    UMASK(95, 166), //
    UMOUNT2(166, 39), //
    UNLINKAT(263, 35), //
    UNSHARE(272, 97), //
    WAIT4(61, 260), //
    WAITID(247, 95), //
    WRITE(1, 64);

    private final int x86;
    private final int arm;

    Sys(int x86, int arm) {
        this.x86 = x86;
        this.arm = arm;
    }

    int x86() {
        return x86;
    }

    int arm() {
        return arm;
    }

    /**
     * The name as man pages write it.
     *
     * @return such as {@code "clone3"}
     */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
