package dev.namespaces.ffm.linux;

/**
 * The layouts of the kernel's structures, as far as they are used: sizes and offsets in bytes, alike on x86-64 and AArch64 (where they are not,
 * {@link Abi} says so). A test compares each with what the C compiler says.
 */
public final class Struct {

    private Struct() {}

    /** {@code struct clone_args} in its first version; clone(2). */
    public static final class CloneArgs {
        /** The size. */
        public static final int SIZE = 64;
        /** {@code flags}. */
        public static final int FLAGS = 0;
        /** {@code pidfd}, an address. */
        public static final int PIDFD = 8;
        /** {@code parent_tid}, an address. */
        public static final int PARENT_TID = 24;
        /** {@code exit_signal}. */
        public static final int EXIT_SIGNAL = 32;

        private CloneArgs() {}
    }

    /** {@code siginfo_t}; sigaction(2). */
    public static final class SigInfo {
        /** The size. */
        public static final int SIZE = 128;
        /** {@code si_signo}. */
        public static final int SIGNO = 0;
        /** {@code si_code}. */
        public static final int CODE = 8;
        /** {@code si_pid}, of SIGCHLD and waitid(2). */
        public static final int PID = 16;
        /** {@code si_status}, of SIGCHLD and waitid(2). */
        public static final int STATUS = 24;

        private SigInfo() {}
    }

    /** {@code struct rusage}; getrusage(2). */
    public static final class Rusage {
        /** The size. */
        public static final int SIZE = 144;
        /** {@code ru_utime}, seconds and microseconds. */
        public static final int USER_TIME = 0;
        /** {@code ru_stime}, seconds and microseconds. */
        public static final int SYSTEM_TIME = 16;
        /** {@code ru_maxrss}, in kibibytes. */
        public static final int MAX_RSS = 32;

        private Rusage() {}
    }

    /** {@code struct sigaction} as the kernel has it, not the C library. */
    public static final class Sigaction {
        /** The size, with a mask of 64 signals. */
        public static final int SIZE = 32;
        /** {@code sa_handler}. */
        public static final int HANDLER = 0;
        /** {@code sa_flags}. */
        public static final int FLAGS = 8;

        private Sigaction() {}
    }

    /** {@code struct pollfd}; poll(2). */
    public static final class PollFd {
        /** The size. */
        public static final int SIZE = 8;
        /** {@code fd}. */
        public static final int FD = 0;
        /** {@code events}. */
        public static final int EVENTS = 4;
        /** {@code revents}. */
        public static final int REVENTS = 6;

        private PollFd() {}
    }

    /** {@code struct ifreq}; netdevice(7). */
    public static final class Ifreq {
        /** The size. */
        public static final int SIZE = 40;
        /** {@code ifr_name}. */
        public static final int NAME = 0;
        /** {@code ifr_flags}. */
        public static final int FLAGS = 16;

        private Ifreq() {}
    }

    /** {@code struct msghdr}; sendmsg(2). */
    public static final class Msghdr {
        /** The size. */
        public static final int SIZE = 56;
        /** {@code msg_iov}, an address. */
        public static final int IOV = 16;
        /** {@code msg_iovlen}. */
        public static final int IOV_LENGTH = 24;
        /** {@code msg_control}, an address. */
        public static final int CONTROL = 32;
        /** {@code msg_controllen}. */
        public static final int CONTROL_LENGTH = 40;

        private Msghdr() {}
    }

    /** {@code struct cmsghdr} with the one descriptor that SCM_RIGHTS passes; cmsg(3), unix(7). */
    public static final class Cmsg {
        /** The size with room for alignment, {@code CMSG_SPACE}. */
        public static final int SPACE = 24;
        /** The size without, {@code CMSG_LEN}. */
        public static final int LENGTH = 20;
        /** {@code cmsg_level}; {@code cmsg_type} is behind it. */
        public static final int LEVEL = 8;
        /** Where the descriptor is. */
        public static final int DATA = 16;

        private Cmsg() {}

        /** {@code CMSG_LEN} of several descriptors. */
        public static int length(int descriptors) {
            return DATA + descriptors * Integer.BYTES;
        }

        /** {@code CMSG_SPACE} of several descriptors. */
        public static int space(int descriptors) {
            return (length(descriptors) + Long.BYTES - 1) & -Long.BYTES;
        }
    }

    /** {@code struct iovec}; readv(2). */
    public static final class Iovec {
        /** The size. */
        public static final int SIZE = 16;
        /** {@code iov_base}, an address. */
        public static final int BASE = 0;
        /** {@code iov_len}. */
        public static final int LENGTH = 8;

        private Iovec() {}
    }

    /** {@code struct winsize}; TIOCSWINSZ(2const). */
    public static final class Winsize {
        /** The size. */
        public static final int SIZE = 8;
        /** {@code ws_row}. */
        public static final int ROWS = 0;
        /** {@code ws_col}. */
        public static final int COLUMNS = 2;

        private Winsize() {}
    }

    /** {@code struct seccomp_data}, which a filter looks at; seccomp(2). */
    public static final class SeccompData {
        /** {@code nr}. */
        public static final int NUMBER = 0;
        /** {@code arch}. */
        public static final int ARCHITECTURE = 4;
        /** {@code args}, of eight bytes each. */
        public static final int ARGUMENTS = 16;

        private SeccompData() {}
    }

    /** {@code struct sock_fprog} of {@code struct sock_filter}s; seccomp(2). */
    public static final class SockFprog {
        /** The size. */
        public static final int SIZE = 16;
        /** {@code len}, how many instructions. */
        public static final int LENGTH = 0;
        /** {@code filter}, their address. */
        public static final int FILTER = 8;

        private SockFprog() {}
    }

    /** {@code struct open_how}; openat2(2). */
    public static final class OpenHow {
        /** The size. */
        public static final int SIZE = 24;
        /** {@code flags}. */
        public static final int FLAGS = 0;
        /** {@code resolve}. */
        public static final int RESOLVE = 16;

        private OpenHow() {}
    }

    /** {@code struct mount_attr}; mount_setattr(2). */
    public static final class MountAttr {
        /** The size. */
        public static final int SIZE = 32;
        /** {@code attr_set}. */
        public static final int SET = 0;
        /** {@code attr_clr}. */
        public static final int CLEAR = 8;
        /** {@code userns_fd}. */
        public static final int USERNS_FD = 24;

        private MountAttr() {}
    }

    /** The two arguments of capset(2), the header and twice the data. */
    public static final class Capability {
        /** The size of {@code struct __user_cap_header_struct}. */
        public static final int HEADER_SIZE = 8;
        /** The size of one {@code struct __user_cap_data_struct}: effective, permitted, inheritable. */
        public static final int DATA_SIZE = 12;

        private Capability() {}
    }

    /** {@code struct statfs}; statfs(2). */
    public static final class Statfs {
        /** The size. */
        public static final int SIZE = 120;
        /** {@code f_type}. */
        public static final int TYPE = 0;

        private Statfs() {}
    }

    /** {@code struct stat}, as fstat(2) fills it. */
    public static final class Stat {
        /** The size on x86-64; AArch64's is smaller. */
        public static final int SIZE = 144;
        /** {@code st_dev}. */
        public static final int DEVICE = 0;
        /** {@code st_ino}. */
        public static final int INODE = 8;
        /** {@code st_size}. */
        public static final int LENGTH = 48;

        private Stat() {}
    }
}
