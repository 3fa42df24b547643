package dev.namespaces.ffm.live;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.ffm.handle.Opener;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Syscalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The processes in namespaces that a holder stands for, beside the holder, as far as {@code /proc} shows them to this JVM. */
final class Residents implements AutoCloseable {

    private static final Path PROC = Path.of("/proc");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String SELF = Long.toString(ProcessHandle.current().pid());

    private final String holder;
    /** As long as they are open, what a link in /proc says means these namespaces and no others. */
    private final List<NamespaceHandle> handles;

    private Residents(String holder, List<NamespaceHandle> handles) {
        this.holder = holder;
        this.handles = handles;
    }

    /** Those in a namespace of one of these kinds, which their holder is in. */
    static Residents of(NamespaceProcess holder, Set<NamespaceKind> kinds) throws NamespaceException {
        List<NamespaceHandle> handles = new ArrayList<>();
        Residents residents = new Residents(Long.toString(holder.pid()), handles);
        try {
            for (NamespaceKind kind : kinds) {
                handles.add(new Opener().of(kind, holder));
            }
            return residents;
        } catch (NamespaceException e) {
            residents.close();
            throw e;
        }
    }

    @Override
    public void close() {
        handles.forEach(NamespaceHandle::close);
    }

    /** Kills them until there are none: each may have started another before it was. One that the kernel does not let die soon is left to it. */
    void kill() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<Integer> killed = killOnce();
        while (!killed.isEmpty() && System.nanoTime() < deadline) {
            killed.forEach(Residents::awaitEnd);
            killed = killOnce();
        }
        killed.forEach(Syscalls::close);
    }

    private List<Integer> killOnce() {
        List<Integer> pidfds = new ArrayList<>();
        for (String pid : pids()) {
            if (isInside(pid)) {
                int pidfd = Syscalls.pidfdOpen(Long.parseLong(pid));
                // Is it still the one that was looked at? If it is inside now, it is one to be killed in any case.
                if (pidfd >= 0 && isInside(pid) && Syscalls.pidfdSendSignal(pidfd, Linux.SIGKILL) == 0) {
                    pidfds.add(pidfd);
                } else if (pidfd >= 0) {
                    Syscalls.close(pidfd);
                }
            }
        }
        return pidfds;
    }

    private static void awaitEnd(int pidfd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment poll = arena.allocate(Struct.PollFd.SIZE + 2 * Long.BYTES, Long.BYTES);
            poll.set(ValueLayout.JAVA_LONG, 0, pidfd | (long) Linux.POLLIN << Integer.SIZE);
            poll.set(ValueLayout.JAVA_LONG, Struct.PollFd.SIZE, 1); // second
            Syscalls.ppoll(poll.address(), 1, poll.address() + Struct.PollFd.SIZE);
        }
        Syscalls.close(pidfd);
    }

    private boolean isInside(String pid) {
        return !pid.equals(holder) && !pid.equals(SELF)
                && handles.stream().anyMatch(handle -> link(pid, handle.kind().procName()).equals(handle.toString()));
    }

    private static List<String> pids() {
        List<String> pids = new ArrayList<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(PROC, "[1-9]*")) {
            directories.forEach(directory -> pids.add(directory.getFileName().toString()));
        } catch (IOException e) {
            throw new IllegalStateException("/proc cannot be read", e);
        }
        return pids;
    }

    /** What a link of a process leads to, such as {@code net:[4026531840]}; empty if that is not to be seen. */
    private static String link(String pid, String name) {
        try {
            return Files.readSymbolicLink(PROC.resolve(pid).resolve("ns").resolve(name)).toString();
        } catch (IOException _) {
            return "";
        }
    }
}
