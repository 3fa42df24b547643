package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceId;
import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.CStrings;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Syscalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

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
        return field(child, "PPid:").equals(Long.toString(pid))
                && field(child, "NSpid:").endsWith("\t" + innerPid);
    }

    private static String field(long pid, String name) {
        try {
            Optional<String> line = Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(text -> text.startsWith(name)).findFirst();
            return line.map(text -> text.substring(name.length()).strip()).orElse("");
        } catch (IOException _) {
            return ""; // it has ended
        }
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

    private NamespaceId id(String path) throws NamespaceException {
        try (Arena arena = Arena.ofConfined(); Buffers.Lease stat = Buffers.borrow()) {
            int result = Syscalls.stat(CStrings.allocate(arena, path), stat.address());
            if (result < 0) {
                throw refused(result == -Errno.ENOENT ? Errno.ESRCH : -result); // a process that has ended has no links
            }
            return new NamespaceId(stat.getLong(Struct.Stat.DEVICE), stat.getLong(Struct.Stat.INODE));
        }
    }

    private NamespaceException refused(int errno) {
        return Refusals.exception(Step.INSPECT, Long.toString(pid), errno);
    }
}
