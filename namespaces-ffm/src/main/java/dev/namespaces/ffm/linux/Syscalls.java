package dev.namespaces.ffm.linux;

/**
 * The system calls that Java code makes itself. A negative result is a negative error number; nothing throws. Addresses are longs.
 */
public final class Syscalls {

    private Syscalls() {}

    /** openat(2), relative to the working directory. */
    public static int open(long path, int flags, int mode) {
        return (int) Native.call(Sys.OPENAT, Linux.AT_FDCWD, path, flags, mode, 0, 0);
    }

    /** close(2). */
    public static int close(int fd) {
        return (int) Native.call(Sys.CLOSE, fd, 0, 0, 0, 0, 0);
    }

    /** stat(2). */
    public static int stat(long path, long stat) {
        return (int) Native.call(Sys.NEWFSTATAT, Linux.AT_FDCWD, path, stat, 0, 0, 0);
    }

    /** fstat(2). */
    public static int fstat(int fd, long stat) {
        return (int) Native.call(Sys.FSTAT, fd, stat, 0, 0, 0, 0);
    }

    /** fstatfs(2). */
    public static int fstatfs(int fd, long statfs) {
        return (int) Native.call(Sys.FSTATFS, fd, statfs, 0, 0, 0, 0);
    }

    /** read(2). */
    public static long read(int fd, long buffer, long length) {
        return Native.call(Sys.READ, fd, buffer, length, 0, 0, 0);
    }

    /** write(2). */
    public static long write(int fd, long buffer, long length) {
        return Native.call(Sys.WRITE, fd, buffer, length, 0, 0, 0);
    }

    /** pwrite(2). */
    public static long pwrite(int fd, long buffer, long length, long offset) {
        return Native.call(Sys.PWRITE64, fd, buffer, length, offset, 0, 0);
    }

    /** pipe2(2): the reading end, then the writing end, as two ints. */
    public static int pipe2(long ends, int flags) {
        return (int) Native.call(Sys.PIPE2, ends, flags, 0, 0, 0, 0);
    }

    /** tee(2). */
    public static long tee(int from, int to, long length, int flags) {
        return Native.call(Sys.TEE, from, to, length, flags, 0, 0);
    }

    /** fcntl(2). */
    public static int fcntl(int fd, int command, long argument) {
        return (int) Native.call(Sys.FCNTL, fd, command, argument, 0, 0, 0);
    }

    /** ioctl(2). */
    public static int ioctl(int fd, long request, long argument) {
        return (int) Native.call(Sys.IOCTL, fd, request, argument, 0, 0, 0);
    }

    /** dup3(2). */
    public static int dup3(int from, int to, int flags) {
        return (int) Native.call(Sys.DUP3, from, to, flags, 0, 0, 0);
    }

    /** socketpair(2): the two ends, as two ints. */
    public static int socketpair(int family, int type, long ends) {
        return (int) Native.call(Sys.SOCKETPAIR, family, type, 0, ends, 0, 0);
    }

    /** setsockopt(2) at the level of sockets. */
    public static int setsockopt(int fd, int option, long value, int length) {
        return (int) Native.call(Sys.SETSOCKOPT, fd, Linux.SOL_SOCKET, option, value, length, 0);
    }

    /** setsockopt(2) at any level. */
    public static int setsockopt(int fd, int level, int option, long value, int length) {
        return (int) Native.call(Sys.SETSOCKOPT, fd, level, option, value, length, 0);
    }

    /** getsockopt(2) at any level. The length is the address of an int. */
    public static int getsockopt(int fd, int level, int option, long value, long length) {
        return (int) Native.call(Sys.GETSOCKOPT, fd, level, option, value, length, 0);
    }

    /** socket(2). */
    public static int socket(int family, int type, int protocol) {
        return (int) Native.call(Sys.SOCKET, family, type, protocol, 0, 0, 0);
    }

    /** bind(2). */
    public static int bind(int fd, long address, int length) {
        return (int) Native.call(Sys.BIND, fd, address, length, 0, 0, 0);
    }

    /** connect(2). */
    public static int connect(int fd, long address, int length) {
        return (int) Native.call(Sys.CONNECT, fd, address, length, 0, 0, 0);
    }

    /** send(2). */
    public static long send(int fd, long buffer, long length, int flags) {
        return Native.call(Sys.SENDTO, fd, buffer, length, flags, 0, 0);
    }

    /** recv(2). */
    public static long receive(int fd, long buffer, long length, int flags) {
        return Native.call(Sys.RECVFROM, fd, buffer, length, flags, 0, 0);
    }

    /** sendmsg(2). */
    public static int sendmsg(int fd, long header, int flags) {
        return (int) Native.call(Sys.SENDMSG, fd, header, flags, 0, 0, 0);
    }

    /** recvmsg(2). */
    public static int recvmsg(int fd, long header, int flags) {
        return (int) Native.call(Sys.RECVMSG, fd, header, flags, 0, 0, 0);
    }

    /** mmap(2) of a descriptor from its beginning: the address. */
    public static long mmap(long length, int protection, int flags, int fd) {
        return Native.call(Sys.MMAP, 0, length, protection, flags, fd, 0);
    }

    /** munmap(2). */
    public static int munmap(long address, long length) {
        return (int) Native.call(Sys.MUNMAP, address, length, 0, 0, 0, 0);
    }

    /** memfd_create(2). */
    public static int memfdCreate(long name, int flags) {
        return (int) Native.call(Sys.MEMFD_CREATE, name, flags, 0, 0, 0, 0);
    }

    /** fchmod(2). */
    public static int fchmod(int fd, int mode) {
        return (int) Native.call(Sys.FCHMOD, fd, mode, 0, 0, 0, 0);
    }

    /** unlinkat(2), relative to the working directory. */
    public static int unlink(long path) {
        return (int) Native.call(Sys.UNLINKAT, Linux.AT_FDCWD, path, 0, 0, 0, 0);
    }

    /** epoll_create1(2) with EPOLL_CLOEXEC. */
    public static int epollCreate() {
        return (int) Native.call(Sys.EPOLL_CREATE1, Linux.O_CLOEXEC, 0, 0, 0, 0, 0);
    }

    /** epoll_ctl(2). */
    public static int epollCtl(int epoll, int operation, int fd, long event) {
        return (int) Native.call(Sys.EPOLL_CTL, epoll, operation, fd, event, 0, 0);
    }

    /** epoll_wait(2), without a time limit. */
    public static int epollWait(int epoll, long events, int most) {
        return (int) Native.call(Sys.EPOLL_PWAIT, epoll, events, most, -1, 0, 8);
    }

    /** ppoll(2). The timeout is the address of a {@code struct timespec}. */
    public static int ppoll(long descriptors, int count, long timeout) {
        return (int) Native.call(Sys.PPOLL, descriptors, count, timeout, 0, 8, 0);
    }

    /** waitid(2) for a pidfd. */
    public static int waitid(int pidfd, long info, int options, long usage) {
        return (int) Native.call(Sys.WAITID, Linux.P_PIDFD, pidfd, info, options, usage, 0);
    }

    /** waitid(2) for a child by its pid. */
    public static int waitPid(long pid, long info, int options) {
        return (int) Native.call(Sys.WAITID, Linux.P_PID, pid, info, options, 0, 0);
    }

    /** pidfd_open(2). */
    public static int pidfdOpen(long pid) {
        return (int) Native.call(Sys.PIDFD_OPEN, pid, 0, 0, 0, 0, 0);
    }

    /** pidfd_getfd(2). */
    public static int pidfdGetfd(int pidfd, int descriptor) {
        return (int) Native.call(Sys.PIDFD_GETFD, pidfd, descriptor, 0, 0, 0, 0);
    }

    /** pidfd_send_signal(2). */
    public static int pidfdSendSignal(int pidfd, int signal) {
        return (int) Native.call(Sys.PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0, 0, 0);
    }

    /** setns(2). */
    public static int setns(int fd, long kinds) {
        return (int) Native.call(Sys.SETNS, fd, kinds, 0, 0, 0, 0);
    }

    /** kill(2). */
    public static int kill(long pid, int signal) {
        return (int) Native.call(Sys.KILL, pid, signal, 0, 0, 0, 0);
    }

    /** getxattr(2): the length of an extended attribute. */
    public static long xattrLength(long path, long name) {
        return Native.call(Sys.GETXATTR, path, name, 0, 0, 0, 0);
    }

    /** capget(2). */
    public static int capget(long header, long data) {
        return (int) Native.call(Sys.CAPGET, header, data, 0, 0, 0, 0);
    }

    /** mount(2) of what needs neither a file system nor data. */
    public static int mount(long source, long target, long flags) {
        return (int) Native.call(Sys.MOUNT, source, target, 0, flags, 0, 0);
    }

    /** umount2(2). */
    public static int umount(long target, int flags) {
        return (int) Native.call(Sys.UMOUNT2, target, flags, 0, 0, 0, 0);
    }

    /** open_tree(2). */
    public static int openTree(int directory, long path, int flags) {
        return (int) Native.call(Sys.OPEN_TREE, directory, path, flags, 0, 0, 0);
    }

    /** mount_setattr(2). */
    public static int mountSetattr(int directory, long path, int flags, long attributes, int size) {
        return (int) Native.call(Sys.MOUNT_SETATTR, directory, path, flags, attributes, size, 0);
    }

    /** getpid(2). */
    public static int getpid() {
        return (int) Native.call(Sys.GETPID, 0, 0, 0, 0, 0, 0);
    }

    /** geteuid(2). */
    public static int geteuid() {
        return (int) Native.call(Sys.GETEUID, 0, 0, 0, 0, 0, 0);
    }

    /** getegid(2). */
    public static int getegid() {
        return (int) Native.call(Sys.GETEGID, 0, 0, 0, 0, 0, 0);
    }

    /** rt_sigaction(2). */
    public static int sigaction(int signal, long action, long previous) {
        return (int) Native.call(Sys.RT_SIGACTION, signal, action, previous, 8, 0, 0);
    }

    /** prlimit(2) of this process, to read: the soft limit, then the hard one. */
    public static int limit(int resource, long limits) {
        return (int) Native.call(Sys.PRLIMIT64, 0, resource, 0, limits, 0, 0);
    }

    /** prctl(2). */
    public static int prctl(int option, long a1, long a2, long a3, long a4) {
        return (int) Native.call(Sys.PRCTL, option, a1, a2, a3, a4, 0);
    }

    /** seccomp(2). */
    public static int seccomp(int operation, int flags, long arguments) {
        return (int) Native.call(Sys.SECCOMP, operation, flags, arguments, 0, 0, 0);
    }
}
