package dev.namespaces.ffm.linux;

/** The kernel's constants under the kernel's names, alike on x86-64 and AArch64. */
@SuppressWarnings("MissingSummary") // each is explained by the man page of its call
public final class Linux {

    // clone(2)
    public static final long CLONE_VM = 0x100;
    public static final long CLONE_FILES = 0x400;
    public static final long CLONE_PIDFD = 0x1000;
    public static final long CLONE_VFORK = 0x4000;
    public static final long CLONE_PARENT = 0x8000;
    public static final long CLONE_PARENT_SETTID = 0x100000;
    public static final long CLONE_CLEAR_SIGHAND = 0x100000000L;

    // signal(7)
    public static final int SIGINT = 2;
    public static final int SIGQUIT = 3;
    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;
    public static final int SIGCHLD = 17;
    public static final int SIGSTOP = 19;
    public static final int SIGTSTP = 20;
    public static final int LAST_SIGNAL = 64;
    public static final int SIG_SETMASK = 2;
    public static final int SIG_IGN = 1;
    public static final long SA_NOCLDWAIT = 2;
    public static final int SI_KERNEL = 0x80;
    public static final int CLD_EXITED = 1;

    // wait(2)
    public static final int P_PID = 1;
    public static final int P_PIDFD = 3;
    public static final int WNOHANG = 1;
    public static final int WEXITED = 4;
    public static final int WALL = 0x40000000;

    // open(2), fcntl(2), close_range(2), tee(2)
    public static final int AT_FDCWD = -100;
    public static final int AT_REMOVEDIR = 0x200;
    public static final int AT_EMPTY_PATH = 0x1000;
    public static final int AT_RECURSIVE = 0x8000;
    public static final int F_OK = 0;
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_NOCTTY = 0x100;
    public static final int O_TRUNC = 0x200;
    public static final int O_APPEND = 0x400;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;
    public static final int O_PATH = 0x200000;
    public static final int FD_CLOEXEC = 1;
    public static final int F_GETFD = 1;
    public static final int F_SETFD = 2;
    public static final int F_SETFL = 4;
    public static final int F_DUPFD_CLOEXEC = 1030;
    public static final int F_GETPIPE_SZ = 1032;
    public static final int F_ADD_SEALS = 1033;
    public static final int SPLICE_F_NONBLOCK = 2;
    public static final long ALL_DESCRIPTORS = 0xffffffffL;
    public static final int CLOSE_RANGE_UNSHARE = 2;

    // memfd_create(2), F_ADD_SEALS(2const)
    public static final int MFD_CLOEXEC = 1;
    public static final int MFD_ALLOW_SEALING = 2;
    public static final int MFD_NOEXEC_SEAL = 8;
    public static final int MFD_EXEC = 0x10;
    public static final int F_SEAL_SEAL = 1;
    public static final int F_SEAL_SHRINK = 2;
    public static final int F_SEAL_GROW = 4;
    public static final int F_SEAL_WRITE = 8;
    public static final int F_SEAL_EXEC = 0x20;

    // mmap(2)
    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int MAP_SHARED = 1;
    public static final int MAP_PRIVATE = 2;
    public static final int MAP_FIXED = 0x10;
    public static final int MAP_ANONYMOUS = 0x20;

    // openat2(2)
    public static final int RESOLVE_NO_SYMLINKS = 4;
    public static final int RESOLVE_BENEATH = 8;
    public static final int RESOLVE_IN_ROOT = 0x10;

    // mount(2), umount(2)
    public static final long MS_RDONLY = 1;
    public static final long MS_NOSUID = 2;
    public static final long MS_NODEV = 4;
    public static final long MS_NOEXEC = 8;
    public static final long MS_REMOUNT = 0x20;
    public static final long MS_NOATIME = 0x400;
    public static final long MS_BIND = 0x1000;
    public static final long MS_REC = 0x4000;
    public static final long MS_UNBINDABLE = 0x20000;
    public static final long MS_PRIVATE = 0x40000;
    public static final long MS_SLAVE = 0x80000;
    public static final long MS_SHARED = 0x100000;
    public static final int MNT_DETACH = 2;
    public static final int UMOUNT_NOFOLLOW = 8;

    // open_tree(2), move_mount(2), mount_setattr(2)
    public static final int OPEN_TREE_CLONE = 1;
    public static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
    public static final int MOVE_MOUNT_T_EMPTY_PATH = 0x40;
    public static final long MOUNT_ATTR_RDONLY = 1;
    public static final long MOUNT_ATTR_NOSUID = 2;
    public static final long MOUNT_ATTR_NODEV = 4;
    public static final long MOUNT_ATTR_NOEXEC = 8;
    public static final long MOUNT_ATTR_NOATIME = 0x10;
    public static final long MOUNT_ATTR__ATIME = 0x70;
    public static final long MOUNT_ATTR_IDMAP = 0x100000;

    // inode(7), statfs(2)
    public static final int S_IFREG = 0x8000;
    public static final long PROC_SUPER_MAGIC = 0x9fa0;
    public static final long SYSFS_MAGIC = 0x62656572;
    public static final long NSFS_MAGIC = 0x6e736673;

    // ioctl_ns(2)
    public static final int NS_GET_USERNS = 0xb701;
    public static final int NS_GET_PARENT = 0xb702;
    public static final int NS_GET_NSTYPE = 0xb703;
    public static final int NS_GET_OWNER_UID = 0xb704;
    public static final int PIDFD_GET_MNT_NAMESPACE = 0xff03;

    // unix(7), sendmsg(2), socket(7)
    public static final int AF_UNIX = 1;
    public static final int SOCK_SEQPACKET = 5;
    public static final int SOL_SOCKET = 1;
    public static final int SO_RCVTIMEO = 20;
    public static final int SO_SNDTIMEO = 21;
    public static final int SO_ATTACH_FILTER = 26;
    public static final int SCM_RIGHTS = 1;
    public static final int MSG_TRUNC = 0x20;
    public static final int MSG_DONTWAIT = 0x40;
    public static final int MSG_NOSIGNAL = 0x4000;
    public static final int MSG_CMSG_CLOEXEC = 0x40000000;

    // socket(2), netdevice(7), ioctl(2)
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_RAW = 3;
    public static final int SOCK_CLOEXEC = 0x80000;
    public static final int SIOCSIFFLAGS = 0x8914;
    /** Opens the network namespace of a socket; include/uapi/linux/sockios.h. */
    public static final int SIOCGSKNS = 0x894c;
    public static final int IFF_UP = 1;
    public static final int FIONREAD = 0x541b;

    // packet(7)
    public static final int AF_PACKET = 17;
    public static final int SOL_PACKET = 263;
    public static final int PACKET_RX_RING = 5;
    public static final int PACKET_STATISTICS = 6;
    public static final int PACKET_VERSION = 10;
    public static final int TPACKET_V3 = 2;
    public static final int TP_STATUS_KERNEL = 0;
    public static final int TP_STATUS_USER = 1;
    public static final int PACKET_OUTGOING = 4;
    public static final int ETH_P_ALL = 3;
    public static final int ARPHRD_LOOPBACK = 772;
    public static final int SKF_AD_OFF = -0x1000;
    public static final int SKF_AD_PKTTYPE = 4;
    public static final int SKF_AD_HATYPE = 28;

    // ioctl_tty(2), pty(7)
    public static final int TCGETS = 0x5401;
    public static final int TIOCSCTTY = 0x540e;
    public static final int TIOCSTI = 0x5412;
    public static final int TIOCSWINSZ = 0x5414;
    public static final int TIOCLINUX = 0x541c;
    public static final int TIOCNOTTY = 0x5422;
    public static final int TIOCSPTLCK = 0x40045431;
    public static final int TIOCGPTPEER = 0x5441;

    // seccomp(2)
    public static final int SECCOMP_SET_MODE_FILTER = 1;
    public static final int SECCOMP_MODE_FILTER = 2;
    public static final int SECCOMP_RET_ERRNO = 0x50000;
    public static final int SECCOMP_RET_ALLOW = 0x7fff0000;
    public static final int BPF_LD_W_ABS = 0x20;
    public static final int BPF_ALU_AND_K = 0x54;
    public static final int BPF_JEQ_K = 0x15;
    public static final int BPF_RET_K = 0x06;

    // epoll(7), poll(2)
    public static final int EPOLL_CTL_ADD = 1;
    public static final int EPOLL_CTL_DEL = 2;
    public static final int EPOLL_CTL_MOD = 3;
    public static final int EPOLLIN = 1;
    public static final int EPOLLOUT = 4;
    public static final int EPOLLONESHOT = 0x40000000;
    public static final int POLLIN = 1;
    public static final int POLLHUP = 0x10;

    // getrlimit(2)
    public static final int RLIMIT_STACK = 3;
    public static final int RLIMIT_NPROC = 6;
    public static final int RLIMIT_NOFILE = 7;

    // prctl(2)
    public static final int PR_SET_DUMPABLE = 4;
    public static final int PR_SET_KEEPCAPS = 8;
    public static final int PR_SET_NAME = 15;
    public static final int PR_CAPBSET_READ = 23;
    public static final int PR_CAPBSET_DROP = 24;
    public static final int PR_SET_NO_NEW_PRIVS = 38;
    public static final int PR_CAP_AMBIENT = 47;
    public static final int PR_CAP_AMBIENT_RAISE = 2;

    // capset(2), capabilities(7)
    public static final int LINUX_CAPABILITY_VERSION_3 = 0x20080522;
    public static final int CAP_CHOWN = 0;
    public static final int CAP_DAC_OVERRIDE = 1;
    public static final int CAP_FOWNER = 3;
    public static final int CAP_KILL = 5;
    public static final int CAP_SETGID = 6;
    public static final int CAP_SETUID = 7;
    public static final int CAP_SETPCAP = 8;
    public static final int CAP_NET_ADMIN = 12;
    public static final int CAP_NET_RAW = 13;
    public static final int CAP_SYS_CHROOT = 18;
    public static final int CAP_SYS_PTRACE = 19;
    public static final int CAP_SYS_ADMIN = 21;
    public static final int CAP_SYS_RESOURCE = 24;
    public static final int CAP_SYS_TIME = 25;
    public static final int CAP_SETFCAP = 31;

    private Linux() {}
}
