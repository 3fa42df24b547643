package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceId;
import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.CStrings;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Syscalls;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What the kernel says of a command in {@code /proc}. Nobody reaps its process meanwhile, so that process's pid is not given to another; that
 * of a command under an init may be, so its parent is looked at again behind everything else.
 */
final class Inspection {

    private static final int UNKNOWN = -1;

    private final long pid;
    private final long innerPid;
    private final boolean underInit;
    private long commandPid;

    Inspection(long pid, long innerPid, boolean underInit) {
        this.pid = pid;
        this.innerPid = innerPid;
        this.underInit = underInit;
        this.commandPid = underInit ? UNKNOWN : pid;
    }

    /** Of a command in a pid namespace that others made: it has a number there too. */
    static Inspection inJoinedNamespace(long pid) {
        List<Long> numbers = ProcessStatus.of(Long.toString(pid)).numbers("NSpid");
        return new Inspection(pid, numbers.isEmpty() ? pid : numbers.getLast(), false);
    }

    long innerPid() {
        return innerPid;
    }

    /** The command's pid, here. */
    long commandPid(boolean running) throws NamespaceException {
        if (commandPid == UNKNOWN) {
            commandPid = running ? find() : UNKNOWN;
            if (commandPid == UNKNOWN) {
                throw refused(Errno.ESRCH);
            }
        }
        return commandPid;
    }

    /** Among the children of the init, orphans that it has adopted included, the one with the right number inside. */
    private long find() {
        return ProcessHandle.of(pid).stream().flatMap(ProcessHandle::children).mapToLong(ProcessHandle::pid)
                .filter(this::isCommand).findFirst().orElse(UNKNOWN);
    }

    private boolean isCommand(long child) {
        ProcessStatus status = ProcessStatus.of(Long.toString(child));
        return status.field("PPid").equals(Long.toString(pid)) && status.field("NSpid").endsWith("\t" + innerPid);
    }

    Map<NamespaceKind, NamespaceId> namespaces(boolean running) throws NamespaceException {
        if (!running) {
            throw refused(Errno.ESRCH);
        }
        long command = commandPid(true);
        Map<NamespaceKind, NamespaceId> ids = new EnumMap<>(NamespaceKind.class);
        for (NamespaceKind kind : NamespaceKind.values()) {
            if (Files.exists(Path.of("/proc/self/ns", kind.procName()))) {
                ids.put(kind, id("/proc/" + command + "/ns/" + kind.procName()));
            }
        }
        if (underInit && !isCommand(command)) {
            throw refused(Errno.ESRCH);
        }
        return Collections.unmodifiableMap(ids);
    }

    /** The namespace that the calling thread is in. */
    static NamespaceId ofThisThread(NamespaceKind kind) throws NamespaceException {
        return id("/proc/thread-self/ns/" + kind.procName());
    }

    /** The namespace that a file below {@code /proc/PID/ns} stands for. */
    static NamespaceId id(String path) throws NamespaceException {
        try (Arena arena = Arena.ofConfined(); Buffers.Lease stat = Buffers.borrow()) {
            int result = Syscalls.stat(CStrings.allocate(arena, path), stat.address());
            if (result < 0) { // a process that has ended has no links
                throw Refusals.exception(Step.INSPECT, path, result == -Errno.ENOENT ? Errno.ESRCH : -result);
            }
            return new NamespaceId(stat.getLong(Struct.Stat.DEVICE), stat.getLong(Struct.Stat.INODE));
        }
    }

    private NamespaceException refused(int errno) {
        return Refusals.exception(Step.INSPECT, Long.toString(pid), errno);
    }
}
