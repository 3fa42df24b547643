package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceKind;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.KernelVersion;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.NamespaceSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What to change on this very host, worked out from what the kernel shows of itself; null where that does not tell. It is worked out once something
 * has been refused, so it may take its time.
 */
final class Remedies {

    static final Path APPARMOR = Path.of("/proc/sys/kernel/apparmor_restrict_unprivileged_userns");
    private static final Path DEBIAN = Path.of("/proc/sys/kernel/unprivileged_userns_clone");
    private static final Path LIMITS = Path.of("/proc/sys/user");
    private static final long CAP_SETGID = 1L << 6;
    private static final long CAP_SETUID = 1L << 7;
    private static final long CAP_SETPCAP = 1L << 8;
    static final long CAP_SYS_ADMIN = 1L << 21;
    private static final long CAP_SETFCAP = 1L << 31;
    private static final long UNLIMITED = -1;

    private Remedies() {}

    /** For whatever needs descriptors or processes. */
    static @Nullable String ofLimits(int errno) {
        return switch (errno) {
            case Errno.EMFILE -> "this process has as many descriptors open as it may (" + limit(Linux.RLIMIT_NOFILE)
                    + "): close some, or raise the limit (ulimit -n)";
            case Errno.EAGAIN -> "no further process may be created: the user's limit is " + limit(Linux.RLIMIT_NPROC)
                    + " (ulimit -u), the control group's pids.max may be lower, and so may kernel.pid_max";
            case Errno.ENFILE -> "the host has as many files open as it may: raise the sysctl fs.file-max";
            default -> null;
        };
    }

    static @Nullable String ofFilter(int errno) {
        return errno == Errno.EPROTONOSUPPORT
                ? "this kernel lacks the module nf_tables, or it is not loaded: as the host's root, run modprobe nf_tables"
                : ofLimits(errno);
    }

    static @Nullable String ofSysctl(int errno) {
        return switch (errno) {
            case Errno.ENOENT ->
                "a network namespace has no such sysctl here: it may be the host's alone, belong to a module that is not loaded, or to an interface"
                        + " that is not there";
            case Errno.EROFS ->
                "/proc/sys is read-only here, as in containers: mount /proc anew, or start this JVM elsewhere";
            case Errno.EACCES, Errno.EPERM -> "the kernel lets it be changed only by the host's root, or not at all";
            case Errno.EINVAL, Errno.ERANGE -> "it does not take this value";
            default -> null;
        };
    }

    static @Nullable String ofClone(int errno, NamespaceSpec spec) {
        return switch (errno) {
            case Errno.EPERM -> ofCloneNotPermitted(spec);
            case Errno.ENOSPC, Errno.EUSERS -> ofNamespaceLimits(spec);
            case Errno.ENOSYS -> filtered()
                    ? "a seccomp filter (of a container runtime?) refuses clone3, which a time namespace needs:"
                            + " allow it, or leave out .time()"
                    : null;
            case Errno.EINVAL -> "this kernel may have been built without one of these kinds: "
                    + missingKinds(spec).orElse("all of them are in /proc/self/ns, though");
            default -> ofLimits(errno);
        };
    }

    private static @Nullable String ofCloneNotPermitted(NamespaceSpec spec) {
        boolean user = spec.has(NamespaceKind.USER);
        if (!user && !capable(CAP_SYS_ADMIN)) {
            String needed = "without a user namespace these kinds need CAP_SYS_ADMIN, which this process lacks: ";
            Optional<String> obstacle = obstacleToUserNamespaces();
            return needed + obstacle.map(o -> "grant it (.user() would not do: " + o + ")").orElse("add .user()");
        }
        if (user) {
            Optional<String> obstacle = obstacleToUserNamespaces();
            if (obstacle.isPresent()) {
                return obstacle.get();
            }
        }
        return filtered()
                ? "a seccomp filter is in force on this process, as container runtimes install it: allow clone3 and clone with CLONE_NEW flags"
                : null;
    }

    /** The capability may be missing from what this process has; from what a user namespace gives, none is. */
    static String ofAddedCapability() {
        return "without a user namespace a command can be given no more than this process has" + otherwiseUser();
    }

    static @Nullable String ofDroppedCapability(int errno, NamespaceSpec spec) {
        return errno == Errno.EPERM && !spec.has(NamespaceKind.USER) && !capable(CAP_SETPCAP)
                ? "without a user namespace this takes CAP_SETPCAP, which this process lacks" + otherwiseUser()
                : null;
    }

    private static String otherwiseUser() {
        return obstacleToUserNamespaces().map(o -> " (.user() would not do: " + o + ")").orElse(": add .user()");
    }

    private static Optional<String> obstacleToUserNamespaces() {
        if (number(DEBIAN) == 0) {
            return Optional.of(
                    "user namespaces are switched off for ordinary users: set the sysctl kernel.unprivileged_userns_clone to 1");
        }
        if (number(LIMITS.resolve("max_user_namespaces")) == 0) {
            return Optional.of("user namespaces are switched off: raise the sysctl user.max_user_namespaces");
        }
        if (Ids.current().user() == 0 && !capable(CAP_SETFCAP) && KernelVersion.running().atLeast(5, 12)) {
            return Optional.of("a root process without CAP_SETFCAP may not map the host's root");
        }
        return Optional.empty();
    }

    private static String ofNamespaceLimits(NamespaceSpec spec) {
        List<String> exhausted = spec.kinds().stream().map(Remedies::limitOf).filter(file -> number(file) == 0)
                .map(file -> "user." + file.getFileName()).sorted().toList();
        return exhausted.isEmpty()
                ? "a limit on the number of namespaces is reached, or 32 are nested: raise the sysctl "
                        + spec.kinds().stream()
                                .map(kind -> "user." + limitOf(kind).getFileName() + "=" + number(limitOf(kind)))
                                .sorted()
                                .collect(Collectors.joining(" or "))
                : "no such namespace may be created here: raise the sysctl " + String.join(" and ", exhausted);
    }

    private static Path limitOf(NamespaceKind kind) {
        return LIMITS.resolve("max_" + kind.procName() + "_namespaces");
    }

    private static Optional<String> missingKinds(NamespaceSpec spec) {
        String missing = spec.kinds().stream().filter(kind -> !Files.exists(Path.of("/proc/self/ns", kind.procName())))
                .map(kind -> kind.name().toLowerCase(Locale.ROOT)).sorted().collect(Collectors.joining(", "));
        return missing.isEmpty() ? Optional.empty() : Optional.of(missing + " (not in /proc/self/ns)");
    }

    static @Nullable String ofMaps(int errno) {
        if (number(APPARMOR) == 1 && !capable(CAP_SYS_ADMIN)) {
            return "AppArmor takes the rights out of user namespaces here: set the sysctl kernel.apparmor_restrict_unprivileged_userns to 0,"
                    + " or give the java program an AppArmor profile with the rule 'userns,'";
        }
        return errno == Errno.EPERM
                ? "to map the host's root, a root process needs CAP_SETFCAP (since Linux 5.12); to map another user,"
                        + " it must be the one that this process runs as"
                : null;
    }

    static @Nullable String ofClock(int errno, NamespaceSpec spec) {
        if (errno == Errno.EACCES && !spec.join().isEmpty()) {
            return "in a user namespace that is joined only root moves clocks: anybody else's process would have to let itself be traced from"
                    + " inside for it";
        }
        if (errno != Errno.ERANGE) {
            return null;
        }
        boolean back = Stream.of(spec.time().monotonic(), spec.time().boottime())
                .anyMatch(offset -> offset != null && offset.isNegative());
        return back
                ? "no clock may start below zero, and this host has been up for "
                        + lines(Path.of("/proc/uptime")).stream().map(line -> line.split(" ", 2)[0]).findFirst()
                                .orElse("fewer")
                        + " seconds"
                : null;
    }

    /** For looking at somebody else's process. */
    static @Nullable String ofForeign(int errno) {
        return errno == Errno.EACCES || errno == Errno.EPERM
                ? "another user's process, and one that is more privileged, is looked into with CAP_SYS_PTRACE, as root has it"
                : null;
    }

    static @Nullable String ofJoin(int errno, NamespaceSpec spec) {
        if (errno != Errno.EPERM) {
            return ofLimits(errno);
        }
        boolean joinsUser = spec.join().process() != null
                || spec.join().handles().stream().anyMatch(handle -> handle.kind() == NamespaceKind.USER);
        return joinsUser || capable(CAP_SYS_ADMIN)
                ? "it takes CAP_SYS_ADMIN in the user namespace that it belongs to: whoever made that has it, and root has it there"
                : "it takes CAP_SYS_ADMIN, which this process lacks here: join the user namespace that owns it as well, NamespaceHandle.owner(),"
                        + " if that is your own";
    }

    static @Nullable String ofNested(int errno, String what) {
        return errno == Errno.EROFS && what.contains("/proc/sys")
                ? "/proc/sys is mounted read-only here, as in a container: make it writable"
                        + " (docker: --security-opt systempaths=unconfined), or leave out forbidNestedUserNamespaces()"
                : null;
    }

    static @Nullable String ofChangedIds(int errno, NamespaceSpec spec) {
        return errno == Errno.EPERM && !spec.has(NamespaceKind.USER) && !(capable(CAP_SETUID) && capable(CAP_SETGID))
                ? "without a user namespace this needs CAP_SETUID and CAP_SETGID, which this process lacks"
                : null;
    }

    /** Whether setuid programs have no effect. */
    static boolean hasNoNewPrivileges() {
        return ProcessStatus.ofThisThread().number("NoNewPrivs") == 1;
    }

    static @Nullable String ofExecution(int errno, String program, CommandSpec command) {
        boolean path = program.indexOf('/') >= 0;
        return switch (errno) {
            case Errno.ENOENT, Errno.ENOTDIR -> !path
                    ? "no such program in PATH=" + Environment.of(command).pathText()
                    : existing(program, command).isPresent()
                            ? "the file is there, but not what it needs to run: the interpreter in its first line, or its ELF loader"
                            : null;
            case Errno.EACCES -> !path
                    ? "in PATH=" + Environment.of(command).pathText()
                            + " a file of this name may not be executed, or a folder may not be searched"
                    : existing(program, command).map(Remedies::ofUnexecutable).orElse(null);
            case Errno.ENOEXEC ->
                "the file has no format that this kernel knows: a script needs a first line such as #!/bin/sh,"
                        + " and a program must be built for this architecture";
            case Errno.E2BIG ->
                "arguments and environment are larger than the kernel takes: an argument may have 128 KiB, all together a quarter"
                        + " of the stack limit (" + limit(Linux.RLIMIT_STACK) + ")";
            default -> null;
        };
    }

    private static @Nullable String ofUnexecutable(Path file) {
        if (Files.isDirectory(file)) {
            return "it is a directory";
        }
        return Files.isExecutable(file) ? null : "the file is not executable: chmod +x";
    }

    /** The program's file, unless there is none, or its name is none in this JVM's encoding. */
    private static Optional<Path> existing(String program, CommandSpec command) {
        try {
            return Optional.of(Path.of(command.directory() == null ? "" : command.directory()).resolve(program))
                    .filter(Files::exists);
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    static boolean capable(long capability) {
        return (ProcessStatus.ofThisThread().capabilities("CapEff") & capability) != 0;
    }

    private static boolean filtered() {
        return ProcessStatus.ofThisThread().number("Seccomp") == ProcessStatus.FILTERED;
    }

    /** A soft limit; by a system call, as no file can be opened where descriptors have run out. */
    private static String limit(int resource) {
        try (Buffers.Lease limits = Buffers.borrow()) {
            limits.setLong(0, 0);
            Syscalls.limit(resource, limits.address());
            return limits.getLong(0) == UNLIMITED ? "unlimited" : Long.toString(limits.getLong(0));
        }
    }

    /** The number in a file, or -1. */
    static long number(Path file) {
        List<String> lines = lines(file);
        return lines.isEmpty() ? -1 : Long.parseLong(lines.getFirst().strip());
    }

    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1); // nobody promises text
        } catch (IOException _) {
            return List.of(); // not every kernel has it, and then it explains nothing
        }
    }
}
