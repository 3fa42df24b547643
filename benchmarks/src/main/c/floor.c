/*
 * What a spawn into a root file system of its own costs without Java: the system calls that the library makes for the same sandbox, in the
 * same order, written out by hand. RootComparison compiles and runs it. For each byte on standard input it spawns once, waits for the
 * end, and writes to standard output how many nanoseconds that took, as eight bytes, the highest first.
 *
 *     floor [--unshare-net | --unshare-ipc | --unshare-cgroup | --unshare-uts | --hostname NAME
 *         | --ro-bind SRC DEST | --bind SRC DEST | --tmpfs DEST | --proc DEST | --dev DEST]... -- PROGRAM [ARG]...
 *
 * The words mean what they mean to bwrap. Every DEST is a directory at the top, such as /usr, and every SRC of a bind a directory. The program
 * becomes PID 1 and root in new user, pid and mount namespaces, and in those that are asked for.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <net/if.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_STEPS 64
#define STACK_SIZE 65536

/* Where descriptors are kept, as the library keeps them. */
enum { ROOT = 16, TARGET, FIRST_SOURCE };

enum kind { RO_BIND, BIND, TMPFS, PROC, DEVICES };

static struct step { enum kind kind; const char *source, *target; int tree; } steps[MAX_STEPS];
static int step_count, source_count;
static uint64_t namespaces = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS;
static const char *host_name;
static char **command;
static char id_map[2][32];
static int null_device;
static _Alignas(16) char stack[STACK_SIZE];

/* The child shares the parent's memory: this is how the parent learns what was refused. */
static const char *volatile refused;
static volatile int refused_errno;

static long check(long result, const char *call) {
    if (result < 0) {
        refused_errno = errno;
        refused = call;
        syscall(SYS_exit_group, 127);
    }
    return result;
}

/* Every call is the kernel's own: libc's wrappers may do more. */
#define CALL(name, ...) check(syscall(SYS_##name, ##__VA_ARGS__), #name)

/* Starts a child on a stack of its own, which runs a function that does not return. */
static long spawn(struct clone_args *arguments, void (*function)(void)) {
#if defined(__x86_64__)
    long result;
    __asm__ volatile("syscall\n\ttest %%rax, %%rax\n\tjnz 1f\n\tcall *%[function]\n\tud2\n1:"
        : "=a"(result)
        : "a"(SYS_clone3), "D"(arguments), "S"(sizeof *arguments), [function] "r"(function)
        : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x0 __asm__("x0") = (long) arguments;
    register long x1 __asm__("x1") = sizeof *arguments;
    register long x8 __asm__("x8") = SYS_clone3;
    __asm__ volatile("svc #0\n\tcbnz x0, 1f\n\tblr %[function]\n\tudf #0\n1:"
        : "+r"(x0)
        : "r"(x1), "r"(x8), [function] "r"(function)
        : "x30", "memory");
    return x0;
#else
#error "written for x86-64 and AArch64"
#endif
}

static void keep(int opened, int number) {
    CALL(dup3, opened, number, O_CLOEXEC);
    CALL(close, opened);
}

static void write_file(const char *path, const char *text) {
    int file = CALL(openat, AT_FDCWD, path, O_WRONLY | O_CLOEXEC);
    CALL(write, file, text, strlen(text));
}

static void open_and_keep(const char *path, int number) {
    keep(CALL(openat, AT_FDCWD, path, O_PATH | O_CLOEXEC), number);
}

/* Looks a directory up in the new root, where no link leads out of it. */
static int look_up(const char *target, int flags) {
    struct open_how how = {.flags = O_PATH | O_CLOEXEC | flags, .resolve = RESOLVE_IN_ROOT};
    return syscall(SYS_openat2, ROOT, target + 1, &how, sizeof how);
}

static void bind_tree(const struct step *step) {
    int target = look_up(step->target, 0);
    if (target < 0) {
        CALL(faccessat, step->tree, ".", F_OK);
        CALL(mkdirat, ROOT, step->target + 1, 0755);
        target = check(look_up(step->target, 0), "openat2");
    }
    keep(target, TARGET);
    struct mount_attr attributes = {
        .attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | (step->kind == RO_BIND ? MOUNT_ATTR_RDONLY : 0)};
    CALL(mount_setattr, step->tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof attributes);
    CALL(move_mount, step->tree, "", TARGET, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

static void mount_new(const char *type, const char *at, unsigned long flags, const char *options) {
    int target = look_up(at, O_DIRECTORY);
    if (target < 0) {
        CALL(mkdirat, ROOT, at + 1, 0755);
        target = check(look_up(at, O_DIRECTORY), "openat2");
    }
    keep(target, TARGET);
    CALL(fchdir, TARGET);
    CALL(mount, type, ".", type, flags, options);
}

static void make_devices(const char *at) {
    static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"};
    static const char *const links[][2] = {{"/proc/kcore", "core"}, {"/proc/self/fd", "fd"}, {"pts/ptmx", "ptmx"},
        {"/proc/self/fd/2", "stderr"}, {"/proc/self/fd/0", "stdin"}, {"/proc/self/fd/1", "stdout"}};
    mount_new("tmpfs", at, MS_NOSUID, "mode=0755");
    keep(check(look_up(at, O_DIRECTORY), "openat2"), FIRST_SOURCE + source_count);
    CALL(fchdir, FIRST_SOURCE + source_count);
    for (unsigned i = 0; i < sizeof devices / sizeof *devices; i++) {
        const char *name = devices[i] + strlen("/dev/");
        CALL(mknodat, AT_FDCWD, name, S_IFREG | 0444, 0);
        CALL(mount, devices[i], name, NULL, MS_BIND, NULL);
    }
    for (unsigned i = 0; i < sizeof links / sizeof *links; i++) {
        CALL(symlinkat, links[i][0], AT_FDCWD, links[i][1]);
    }
    CALL(mkdirat, AT_FDCWD, "shm", 01777);
    CALL(mkdirat, AT_FDCWD, "pts", 0755);
    CALL(mount, "devpts", "pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620");
}

static void make_root(void) {
    CALL(mount, NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
    int umask = CALL(umask, 0);
    for (int i = 0; i < step_count; i++) {
        if (steps[i].source != NULL) {
            keep(CALL(open_tree, AT_FDCWD, steps[i].source, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE), steps[i].tree);
        }
    }
    CALL(mount, "tmpfs", "/", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755");
    open_and_keep("/..", ROOT);
    for (const struct step *step = steps; step < steps + step_count; step++) {
        switch (step->kind) {
        case RO_BIND: case BIND: bind_tree(step); break;
        case TMPFS: mount_new("tmpfs", step->target, MS_NOSUID | MS_NODEV, "mode=0755"); break;
        case PROC: mount_new("proc", step->target, MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL); break;
        case DEVICES: make_devices(step->target); break;
        }
    }
    int old_root = FIRST_SOURCE + source_count + 1;
    open_and_keep("/", old_root);
    CALL(fchdir, ROOT);
    CALL(pivot_root, ".", ".");
    CALL(fchdir, old_root);
    CALL(umount2, ".", MNT_DETACH);
    CALL(chdir, "/");
    CALL(umask, umask);
}

static void child(void) {
    for (int stream = 0; stream < 3; stream++) {
        CALL(dup3, null_device, stream, 0);
    }
    CALL(close_range, 3, ~0U, 0);
    write_file("/proc/self/setgroups", "deny");
    write_file("/proc/self/uid_map", id_map[0]);
    write_file("/proc/self/gid_map", id_map[1]);
    make_root();
    if (host_name != NULL) {
        CALL(sethostname, host_name, strlen(host_name));
    }
    if (namespaces & CLONE_NEWNET) {
        int socket = CALL(socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP};
        CALL(ioctl, socket, SIOCSIFFLAGS, &loopback);
        CALL(close, socket);
    }
    CALL(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    uint64_t no_signals = 0;
    CALL(rt_sigprocmask, SIG_SETMASK, &no_signals, NULL, sizeof no_signals);
    CALL(execve, command[0], command, environ);
}

static void fail(const char *what) {
    fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void spawn_and_wait(void) {
    uint64_t all_signals = ~0ULL, mask;
    pid_t pid;
    int pidfd;
    struct clone_args arguments = {
        .flags = namespaces | CLONE_VM | CLONE_VFORK | CLONE_PIDFD | CLONE_PARENT_SETTID | CLONE_CLEAR_SIGHAND,
        .pidfd = (uintptr_t) &pidfd,
        .parent_tid = (uintptr_t) &pid,
        .exit_signal = SIGCHLD,
        .stack = (uintptr_t) stack,
        .stack_size = sizeof stack};
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all_signals, &mask, sizeof mask);
    long spawned = spawn(&arguments, child);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
    if (spawned < 0) {
        errno = -spawned;
        fail("clone3");
    }
    siginfo_t end;
    if (waitid(P_PIDFD, pidfd, &end, WEXITED) < 0) {
        fail("waitid");
    }
    close(pidfd);
    if (refused != NULL) {
        errno = refused_errno;
        fail(refused);
    }
    if (end.si_code != CLD_EXITED || end.si_status != 0) {
        fprintf(stderr, "floor: %s ended with %d\n", command[0], end.si_status);
        exit(1);
    }
}

static void fail_to_take(const char *word) {
    fprintf(stderr, "floor: cannot take %s\n", word);
    exit(2);
}

static int find(const char *word, const char *const *words) {
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(word, words[i]) == 0) {
            return i;
        }
    }
    return -1;
}

/* Whether a word asks for a namespace. */
static int take_namespace(const char *word) {
    static const char *const words[] = {"--unshare-net", "--unshare-ipc", "--unshare-cgroup", "--unshare-uts", NULL};
    static const uint64_t flags[] = {CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWCGROUP, CLONE_NEWUTS};
    int found = find(word, words);
    if (found >= 0) {
        namespaces |= flags[found];
    }
    return found >= 0;
}

/* Takes a word that asks for a mount, and those that belong to it; returns the last. */
static char **take_mount(char **word) {
    static const char *const words[] = {"--ro-bind", "--bind", "--tmpfs", "--proc", "--dev", NULL};
    int kind = find(*word, words);
    if (kind < 0 || step_count == MAX_STEPS || word[1] == NULL || (kind <= BIND && word[2] == NULL)) {
        fail_to_take(*word);
    }
    struct step *step = &steps[step_count++];
    step->kind = kind;
    if (kind <= BIND) {
        step->source = *++word;
        step->tree = FIRST_SOURCE + source_count++;
    }
    step->target = *++word;
    return word;
}

static void parse(char **word) {
    for (; *word != NULL && strcmp(*word, "--") != 0; word++) {
        if (strcmp(*word, "--hostname") == 0 && word[1] != NULL) {
            host_name = *++word;
        } else if (!take_namespace(*word)) {
            word = take_mount(word);
        }
    }
    if (*word == NULL || word[1] == NULL) {
        fail_to_take("no program");
    }
    command = word + 1;
}

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

int main(int count, char **words) {
    (void) count;
    parse(words + 1);
    snprintf(id_map[0], sizeof id_map[0], "0 %u 1", (unsigned) geteuid());
    snprintf(id_map[1], sizeof id_map[1], "0 %u 1", (unsigned) getegid());
    null_device = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null_device < 0) {
        fail("/dev/null");
    }
    char told;
    while (read(STDIN_FILENO, &told, 1) == 1) {
        uint64_t start = now();
        spawn_and_wait();
        uint64_t nanos = now() - start;
        unsigned char answer[8];
        for (int i = 0; i < 8; i++) {
            answer[i] = nanos >> (56 - 8 * i);
        }
        if (write(STDOUT_FILENO, answer, sizeof answer) != sizeof answer) {
            fail("standard output");
        }
    }
    return 0;
}
