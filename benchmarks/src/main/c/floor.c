/*
 * What a spawn costs without Java: the system calls that the library makes for the same namespaces and mounts, in the same order, written out by
 * hand; or what libc has for it. Requests and answers are those of side.h:
 *
 *     TIMES      spawns, each waited for; the last number is where to stop the clock, an endpoint
 *     THROUGHPUT as many spawns as so many threads make in so many nanoseconds; answers their number, and the nanoseconds that it took
 *     OPEN_LOOP  so many arrivals, a fixed time apart, served by so many threads; answers how long after its arrival each had been served
 *
 *     floor [--posix-spawn | --vfork | --watch] [--stdout FILE]
 *         [--unshare-user | --unshare-pid | --unshare-mount | --unshare-net | --unshare-ipc | --unshare-cgroup | --unshare-uts | --unshare-time
 *         | --hostname NAME | --no-new-privs | --ro-bind SRC DEST | --bind SRC DEST | --tmpfs DEST | --proc DEST | --dev DEST]... -- PROGRAM [ARG]...
 *
 * The words mean what they mean to bwrap, if it has them. Every DEST is a directory at the top, such as /usr, and every SRC of a bind a directory. The first
 * mount asks for an empty root. With new pid and mount namespaces, but no mounts, /proc is mounted anew. The program is PID 1 of a new pid namespace, and
 * root in a new user namespace. Standard streams are the null device, but standard output may be appended to a file, which is opened for each spawn.
 */
#include "side.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define MAX_STEPS 64
#define MAX_THREADS 64
#define STACK_SIZE 65536

enum { THROUGHPUT = TIMES + 1, OPEN_LOOP };

enum endpoint { EXEC_DONE, FIRST_INSTRUCTION, EXIT_SEEN };

/* Where descriptors are kept, as the library keeps them. */
enum { ROOT = 16, TARGET, FIRST_SOURCE, WORKING_DIRECTORY = FIRST_SOURCE };

enum kind { RO_BIND, BIND, TMPFS, PROC, DEVICES };

static struct step { enum kind kind; const char *source, *target; int tree; } steps[MAX_STEPS];
static int step_count, source_count;
static uint64_t namespaces;
static const char *host_name, *output_file;
static int no_new_privileges;
static char **command;
static char id_map[2][32];
static int null_device;
static _Thread_local int output;
static _Thread_local _Alignas(16) char stack[STACK_SIZE];

/* The child shares the parent's memory: this is how the parent learns what was refused. */
static _Thread_local const char *volatile refused;
static _Thread_local volatile int refused_errno;

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

/* As the library does where nothing else is asked for. */
static void keep_root(void) {
    CALL(mount, NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
    if (namespaces & CLONE_NEWPID) {
        int umask = CALL(umask, 0);
        open_and_keep(".", WORKING_DIRECTORY);
        open_and_keep("/", ROOT);
        mount_new("proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
        CALL(fchdir, WORKING_DIRECTORY);
        CALL(umask, umask);
    }
}

static void child(void) {
    CALL(close_range, (null_device > output ? null_device : output) + 1, ~0U, CLOSE_RANGE_UNSHARE);
    CALL(dup3, null_device, STDIN_FILENO, 0);
    CALL(dup3, output, STDOUT_FILENO, 0);
    CALL(dup3, null_device, STDERR_FILENO, 0);
    CALL(close_range, 3, ~0U, 0);
    if (namespaces & CLONE_NEWUSER) {
        write_file("/proc/self/setgroups", "deny");
        write_file("/proc/self/uid_map", id_map[0]);
        write_file("/proc/self/gid_map", id_map[1]);
    }
    if (step_count > 0) {
        make_root();
    } else if (namespaces & CLONE_NEWNS) {
        keep_root();
    }
    if (host_name != NULL) {
        CALL(sethostname, host_name, strlen(host_name));
    }
    if (namespaces & CLONE_NEWNET) {
        int socket = CALL(socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP};
        CALL(ioctl, socket, SIOCSIFFLAGS, &loopback);
        CALL(close, socket);
    }
    if (no_new_privileges) {
        CALL(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    }
    uint64_t no_signals = 0;
    CALL(rt_sigprocmask, SIG_SETMASK, &no_signals, NULL, sizeof no_signals);
    CALL(execve, command[0], command, environ);
}

static void fail(const char *what) {
    fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
    exit(1);
}

static siginfo_t wait_for(idtype_t kind, id_t id, int options) {
    siginfo_t end = {0};
    must(waitid(kind, id, &end, options), "waitid");
    return end;
}

static int watches, watcher;

/* As the library waits, whose calls for that are these: a child is watched by an epoll, and taken out of it by who waits for it, who may be interrupted. */
static siginfo_t wait_watching(int pidfd) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.fd = pidfd};
    siginfo_t end;
    do {
        must(epoll_ctl(watcher, EPOLL_CTL_ADD, pidfd, &event), "epoll_ctl");
        must(epoll_ctl(watcher, EPOLL_CTL_DEL, pidfd, NULL), "epoll_ctl");
        must(ppoll(&(struct pollfd) {.fd = pidfd, .events = POLLIN}, 1, &(struct timespec) {.tv_nsec = 2000000}, NULL), "ppoll");
        end = wait_for(P_PIDFD, pidfd, WEXITED | WNOHANG);
    } while (end.si_pid == 0);
    return end;
}

/* A way to spawn: starts a child, says when its exec was done, and waits for its end. */
static siginfo_t spawn_by_clone3(int64_t *exec_done) {
    uint64_t all_signals = ~0ULL, mask;
    pid_t pid;
    int pidfd;
    struct clone_args arguments = {
        .flags = namespaces | CLONE_VM | CLONE_FILES | CLONE_VFORK | CLONE_PIDFD | CLONE_PARENT_SETTID | CLONE_CLEAR_SIGHAND,
        .pidfd = (uintptr_t) &pidfd,
        .parent_tid = (uintptr_t) &pid,
        .exit_signal = SIGCHLD,
        .stack = (uintptr_t) stack,
        .stack_size = sizeof stack};
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all_signals, &mask, sizeof mask);
    long spawned = spawn(&arguments, child);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
    *exec_done = now();
    if (spawned < 0) {
        errno = -spawned;
        fail("clone3");
    }
    siginfo_t end = watches ? wait_watching(pidfd) : wait_for(P_PIDFD, pidfd, WEXITED);
    close(pidfd);
    return end;
}

static siginfo_t spawn_by_libc(int64_t *exec_done) {
    pid_t pid;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, null_device, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, null_device, STDERR_FILENO);
    errno = posix_spawn(&pid, command[0], &actions, NULL, command, environ);
    *exec_done = now();
    must(-errno, "posix_spawn");
    posix_spawn_file_actions_destroy(&actions);
    return wait_for(P_PID, pid, WEXITED);
}

/* The least that there is: not even the streams are changed. */
static siginfo_t spawn_by_vfork(int64_t *exec_done) {
    pid_t pid = vfork();
    if (pid == 0) {
        execve(command[0], command, environ);
        _exit(127);
    }
    *exec_done = now();
    must(pid, "vfork");
    return wait_for(P_PID, pid, WEXITED);
}

static siginfo_t (*way)(int64_t *) = spawn_by_clone3;

static int64_t spawn_and_wait(enum endpoint endpoint) {
    int64_t start = now(), at;
    output = output_file == NULL ? null_device : must(open(output_file, O_WRONLY | O_APPEND | O_CLOEXEC), output_file);
    siginfo_t end = way(&at);
    if (output != null_device) {
        close(output);
    }
    if (endpoint == EXIT_SEEN) {
        at = now();
    }
    if (refused != NULL) {
        errno = refused_errno;
        fail(refused);
    }
    if (end.si_code != CLD_EXITED || end.si_status != 0) {
        fprintf(stderr, "floor: %s ended with %d\n", command[0], end.si_status);
        exit(1);
    }
    if (endpoint == FIRST_INSTRUCTION) {
        int file = must(open(output_file, O_RDWR | O_CLOEXEC), output_file);
        if (must(read(file, &at, sizeof at), output_file) != sizeof at) {
            fprintf(stderr, "floor: %s has written no time\n", command[0]);
            exit(1);
        }
        must(ftruncate(file, 0), output_file);
        close(file);
    }
    return at - start;
}

static enum endpoint endpoint_of_times;

static int64_t once(void) {
    return spawn_and_wait(endpoint_of_times);
}

/* What several threads do at once. */
static struct {
    int64_t start, end, interval, arrivals, *nanos;
    atomic_int_fast64_t count;
} work;

static void *spawn_until_the_end(void *nothing) {
    while (now() < work.end) {
        spawn_and_wait(EXIT_SEEN);
        work.count++;
    }
    return nothing;
}

static void *serve_arrivals(void *nothing) {
    for (int64_t number; (number = work.count++) < work.arrivals;) {
        int64_t arrival = work.start + number * work.interval;
        if (now() < arrival) {
            sleep_until(arrival);
        }
        spawn_and_wait(EXIT_SEEN);
        work.nanos[number] = now() - arrival;
    }
    return nothing;
}

static void in_threads(int count, void *(*function)(void *)) {
    pthread_t threads[MAX_THREADS];
    for (int i = 0; i < count; i++) {
        must(-pthread_create(&threads[i], NULL, function, NULL), "pthread_create");
    }
    for (int i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
}

static void measure_throughput(int threads, int64_t nanos) {
    work.start = now();
    work.end = work.start + nanos;
    work.count = 0;
    in_threads(threads, spawn_until_the_end);
    answer((int64_t[]) {work.count, now() - work.start}, 2);
}

static void serve_open_loop(int64_t arrivals, int64_t interval, int threads) {
    work.nanos = calloc(arrivals, sizeof *work.nanos);
    work.arrivals = arrivals;
    work.interval = interval;
    work.count = 0;
    work.start = now() + interval;
    in_threads(threads, serve_arrivals);
    answer(work.nanos, arrivals);
    free(work.nanos);
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
    static const char *const words[] = {"--unshare-user", "--unshare-pid", "--unshare-mount", "--unshare-net", "--unshare-ipc", "--unshare-cgroup",
        "--unshare-uts", "--unshare-time", NULL};
    static const uint64_t flags[] = {CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNS, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWTIME};
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
    namespaces |= CLONE_NEWNS;
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
        } else if (strcmp(*word, "--stdout") == 0 && word[1] != NULL) {
            output_file = *++word;
        } else if (strcmp(*word, "--no-new-privs") == 0) {
            no_new_privileges = 1;
        } else if (strcmp(*word, "--watch") == 0) {
            watches = 1;
            watcher = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
        } else if (strcmp(*word, "--posix-spawn") == 0) {
            way = spawn_by_libc;
        } else if (strcmp(*word, "--vfork") == 0) {
            way = spawn_by_vfork;
        } else if (!take_namespace(*word)) {
            word = take_mount(word);
        }
    }
    if (*word == NULL || word[1] == NULL) {
        fail_to_take("no program");
    }
    command = word + 1;
}

int main(int count, char **words) {
    (void) count;
    parse(words + 1);
    snprintf(id_map[0], sizeof id_map[0], "0 %u 1", (unsigned) geteuid());
    snprintf(id_map[1], sizeof id_map[1], "0 %u 1", (unsigned) getegid());
    null_device = must(open("/dev/null", O_RDWR | O_CLOEXEC), "/dev/null");
    for (struct request request; next_request(&request);) {
        switch (request.what) {
        case TIMES:
            endpoint_of_times = request.c;
            answer_times(&request, once);
            break;
        case THROUGHPUT: measure_throughput(request.a, request.b); break;
        case OPEN_LOOP: serve_open_loop(request.a, request.b, request.c); break;
        }
    }
    return 0;
}
