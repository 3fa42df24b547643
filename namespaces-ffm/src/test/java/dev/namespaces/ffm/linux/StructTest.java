package dev.namespaces.ffm.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StructTest {

    private static final String HEADERS = """
            #include <stddef.h>
            #include <linux/capability.h>
            #include <linux/mount.h>
            #include <linux/openat2.h>
            #include <linux/filter.h>
            #include <linux/sched.h>
            #include <linux/seccomp.h>
            #include <net/if.h>
            #include <poll.h>
            #include <signal.h>
            #include <sys/epoll.h>
            #include <sys/ioctl.h>
            #include <sys/resource.h>
            #include <sys/socket.h>
            #include <sys/stat.h>
            #include <sys/statfs.h>
            """;

    private static final Map<String, String> EXPRESSIONS = table("""
            CloneArgs.SIZE         CLONE_ARGS_SIZE_VER0
            CloneArgs.FLAGS        offsetof(struct clone_args, flags)
            CloneArgs.PIDFD        offsetof(struct clone_args, pidfd)
            CloneArgs.PARENT_TID   offsetof(struct clone_args, parent_tid)
            CloneArgs.EXIT_SIGNAL  offsetof(struct clone_args, exit_signal)
            SigInfo.SIZE           sizeof(siginfo_t)
            SigInfo.SIGNO          offsetof(siginfo_t, si_signo)
            SigInfo.CODE           offsetof(siginfo_t, si_code)
            SigInfo.PID            offsetof(siginfo_t, si_pid)
            SigInfo.STATUS         offsetof(siginfo_t, si_status)
            Rusage.SIZE            sizeof(struct rusage)
            Rusage.USER_TIME       offsetof(struct rusage, ru_utime)
            Rusage.SYSTEM_TIME     offsetof(struct rusage, ru_stime)
            Rusage.MAX_RSS         offsetof(struct rusage, ru_maxrss)
            PollFd.SIZE            sizeof(struct pollfd)
            PollFd.FD              offsetof(struct pollfd, fd)
            PollFd.EVENTS          offsetof(struct pollfd, events)
            PollFd.REVENTS         offsetof(struct pollfd, revents)
            Ifreq.SIZE             sizeof(struct ifreq)
            Ifreq.NAME             offsetof(struct ifreq, ifr_name)
            Ifreq.FLAGS            offsetof(struct ifreq, ifr_flags)
            Msghdr.SIZE            sizeof(struct msghdr)
            Msghdr.IOV             offsetof(struct msghdr, msg_iov)
            Msghdr.IOV_LENGTH      offsetof(struct msghdr, msg_iovlen)
            Msghdr.CONTROL         offsetof(struct msghdr, msg_control)
            Msghdr.CONTROL_LENGTH  offsetof(struct msghdr, msg_controllen)
            Cmsg.SPACE             CMSG_SPACE(sizeof(int))
            Cmsg.LENGTH            CMSG_LEN(sizeof(int))
            Cmsg.LEVEL             offsetof(struct cmsghdr, cmsg_level)
            Cmsg.DATA              CMSG_LEN(0)
            Iovec.SIZE             sizeof(struct iovec)
            Iovec.BASE             offsetof(struct iovec, iov_base)
            Iovec.LENGTH           offsetof(struct iovec, iov_len)
            Winsize.SIZE           sizeof(struct winsize)
            Winsize.ROWS           offsetof(struct winsize, ws_row)
            Winsize.COLUMNS        offsetof(struct winsize, ws_col)
            SeccompData.NUMBER     offsetof(struct seccomp_data, nr)
            SeccompData.ARCHITECTURE offsetof(struct seccomp_data, arch)
            SeccompData.ARGUMENTS  offsetof(struct seccomp_data, args)
            SockFprog.SIZE         sizeof(struct sock_fprog)
            SockFprog.LENGTH       offsetof(struct sock_fprog, len)
            SockFprog.FILTER       offsetof(struct sock_fprog, filter)
            OpenHow.SIZE           sizeof(struct open_how)
            OpenHow.FLAGS          offsetof(struct open_how, flags)
            OpenHow.RESOLVE        offsetof(struct open_how, resolve)
            MountAttr.SIZE         sizeof(struct mount_attr)
            MountAttr.SET          offsetof(struct mount_attr, attr_set)
            MountAttr.CLEAR        offsetof(struct mount_attr, attr_clr)
            MountAttr.USERNS_FD    offsetof(struct mount_attr, userns_fd)
            Capability.HEADER_SIZE sizeof(struct __user_cap_header_struct)
            Capability.DATA_SIZE   sizeof(struct __user_cap_data_struct)
            Statfs.SIZE            sizeof(struct statfs)
            Statfs.TYPE            offsetof(struct statfs, f_type)
            Stat.DEVICE            offsetof(struct stat, st_dev)
            Stat.INODE             offsetof(struct stat, st_ino)
            Stat.LENGTH            offsetof(struct stat, st_size)
            """);

    /** The kernel's own, which has to do without the C library's headers. */
    private static final String KERNEL_HEADERS = "#include <stddef.h>\n#include <asm/signal.h>\n";

    private static final Map<String, String> KERNEL_EXPRESSIONS = table("""
            Sigaction.SIZE         sizeof(struct sigaction)
            Sigaction.HANDLER      offsetof(struct sigaction, sa_handler)
            Sigaction.FLAGS        offsetof(struct sigaction, sa_flags)
            """);

    @TempDir
    Path directory;

    @Test
    void everyFieldIsCompared() {
        Map<String, String> all = new TreeMap<>(EXPRESSIONS);
        all.putAll(KERNEL_EXPRESSIONS);
        all.put("Stat.SIZE", "see below");

        assertThat(ours()).containsOnlyKeys(all.keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "aarch64"})
    void everyStructureIsLaidOutAsTheCompilerSays(String architecture) throws IOException {
        CCompiler compiler = new CCompiler(Abi.of(architecture).orElseThrow());

        assertThat(ours()).containsAllEntriesOf(compiler.values(directory, HEADERS, EXPRESSIONS));
        assertThat(ours()).containsAllEntriesOf(compiler.values(directory, KERNEL_HEADERS, KERNEL_EXPRESSIONS));
    }

    @ParameterizedTest
    @CsvSource({"amd64, 0", "aarch64, 16"})
    void theRoomForAFilesStatusIsThatOfTheLargerArchitecture(String architecture, int unused) throws IOException {
        CCompiler compiler = new CCompiler(Abi.of(architecture).orElseThrow());

        assertThat(compiler.values(directory, HEADERS, Map.of("size", "sizeof(struct stat)")))
                .containsExactly(entry("size", (long) Struct.Stat.SIZE - unused));
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "aarch64"})
    void anEpollEventIsPackedOnOneArchitectureOnly(String architecture) throws IOException {
        Abi abi = Abi.of(architecture).orElseThrow();

        assertThat(new CCompiler(abi).values(directory, HEADERS,
                Map.of("size", "sizeof(struct epoll_event)", "data", "offsetof(struct epoll_event, data)")))
                .containsOnly(entry("size", (long) abi.epollEventSize()), entry("data", (long) abi.epollDataOffset()));
    }

    private static Map<String, Long> ours() {
        Map<String, Long> fields = new TreeMap<>();
        for (Class<?> struct : Struct.class.getDeclaredClasses()) {
            Constants.of(struct).forEach((name, value) -> fields.put(struct.getSimpleName() + "." + name, value));
        }
        return fields;
    }

    private static Map<String, String> table(String lines) {
        return lines.lines().map(line -> line.split(" +", 2))
                .collect(Collectors.toMap(row -> row[0], row -> row[1], (_, _) -> {
                    throw new AssertionError("two rows for one field");
                }, TreeMap::new));
    }
}
