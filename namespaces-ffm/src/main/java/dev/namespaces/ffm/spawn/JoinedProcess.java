package dev.namespaces.ffm.spawn;

import dev.namespaces.Hardening;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.spi.JoinSpec;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.RunAsSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A process whose namespaces a command enters, held by its pidfd, and what its likeness takes. Everything is read from {@code /proc} while the pidfd is held,
 * and the process is asked for at the end: if it lives then, its number has not gone to another in between.
 */
final class JoinedProcess implements AutoCloseable {

    private static final int NONE = -1;

    private final ProcessHandle process;
    private final Path directory;
    private final NamespaceSpec spec;
    private final Set<NamespaceKind> kinds = EnumSet.noneOf(NamespaceKind.class);
    private final int pidfd;
    private int root = NONE;
    private int working = NONE;

    private JoinedProcess(ProcessHandle process, NamespaceSpec spec, int pidfd) {
        this.process = process;
        this.directory = Path.of("/proc", Long.toString(process.pid()));
        this.spec = spec;
        this.pidfd = pidfd;
    }

    /** Opens what a specification names, for a spawn. */
    static JoinedProcess open(NamespaceSpec spec, ProcessHandle process) throws NamespaceException {
        int pidfd = Syscalls.pidfdOpen(process.pid());
        if (pidfd < 0 || !process.isAlive()) {
            Syscalls.close(pidfd);
            throw ended(process);
        }
        JoinedProcess joined = new JoinedProcess(process, spec, pidfd);
        try {
            joined.findKinds();
            joined.openDirectories();
            return joined;
        } catch (NamespaceException e) {
            joined.close();
            throw joined.isAlive() ? e : ended(process);
        } catch (RuntimeException e) {
            joined.close();
            throw e;
        }
    }

    private static NamespaceException ended(ProcessHandle process) {
        return Refusals.exception(Step.JOIN, "the namespaces of process " + process.pid(), Errno.ESRCH,
                "it has ended");
    }

    private boolean isAlive() {
        return process.isAlive();
    }

    private void findKinds() throws NamespaceException {
        for (NamespaceKind kind : NamespaceKind.values()) {
            if (Files.exists(Path.of("/proc/self/ns", kind.procName())) && !spec.has(kind)) {
                String file = directory + "/ns/" + kind.procName();
                try {
                    if (!Inspection.id(file).equals(Inspection.ofThisThread(kind))) {
                        kinds.add(kind);
                    }
                } catch (NamespaceException e) {
                    throw Refusals.exception(Step.JOIN, file, e.errno(), Remedies.ofForeign(e.errno()));
                }
            }
        }
    }

    private void openDirectories() throws NamespaceException {
        root = Descriptors.open(directory + "/root", Linux.O_PATH, Step.JOIN, directory + "/root");
        working = Descriptors.open(directory + "/cwd", Linux.O_PATH, Step.JOIN, directory + "/cwd");
    }

    /** What has to be done to be in the same place and no more powerful. */
    Job job(Job.Purpose purpose) throws NamespaceException {
        ProcessStatus status = ProcessStatus.of(Long.toString(process.pid()));
        if (!status.isKnown()) {
            throw ended(process);
        }
        Entrance entrance = entrance(status);
        NamespaceSpec likeness = likeness(status);
        if (!isAlive()) {
            throw ended(process);
        }
        return new Job(likeness, Demands.NONE, entrance, purpose);
    }

    private Entrance entrance(ProcessStatus status) {
        List<Entrance.Door> doors = new ArrayList<>();
        Set<NamespaceKind> others = EnumSet.copyOf(kinds);
        // In one call where that is possible: an owner of them all that is not the user namespace of the process can be passed only there.
        boolean separate = spec.has(NamespaceKind.TIME) && others.remove(NamespaceKind.MOUNT);
        if (!others.isEmpty()) {
            doors.add(namespaces(others, false));
        }
        if (separate) {
            doors.add(namespaces(EnumSet.of(NamespaceKind.MOUNT), true));
        }
        String of = " of process " + process.pid();
        doors.add(new Entrance.Door(Entrance.Way.ROOT, 0, true, "the root directory" + of, copies(root)));
        doors.add(new Entrance.Door(Entrance.Way.DIRECTORY, 0, true, "the working directory" + of, copies(working)));
        return new Entrance(doors, null, null, groups(status));
    }

    /** Its supplementary groups, which may be out of sight behind the user namespace, and impossible to set. */
    private @Nullable List<Integer> groups(ProcessStatus status) {
        if (!kinds.contains(NamespaceKind.USER)) {
            return null;
        }
        return spec.runAs() != null || spec.join().without().contains(Hardening.IDENTITY)
                ? List.of()
                : status.numbers("Groups").stream().map(Long::intValue)
                        .toList();
    }

    private Entrance.Door namespaces(Set<NamespaceKind> some, boolean changesFiles) {
        return new Entrance.Door(Entrance.Way.NAMESPACES, Kinds.flags(some), changesFiles,
                Kinds.names(some) + " of process " + process.pid(), copies(pidfd));
    }

    private static Entrance.Source copies(int descriptor) {
        return lowest -> Descriptors.copy(descriptor, lowest, Step.JOIN, "");
    }

    /** The specification with what the process has against it. */
    private NamespaceSpec likeness(ProcessStatus status) throws NamespaceException {
        Set<Hardening> without = spec.join().without();
        if (!without.contains(Hardening.SECCOMP)) {
            checkFilters(status);
        }
        NamespaceSpec like = spec;
        if (like.runAs() == null && !without.contains(Hardening.IDENTITY)) {
            like = like.with(new Likeness(directory, status, kinds.contains(NamespaceKind.USER)).runAs());
        }
        if (!without.contains(Hardening.CAPABILITIES)) {
            like = bounded(like, status);
        }
        if (status.number("NoNewPrivs") == 1 && !without.contains(Hardening.NO_NEW_PRIVILEGES)) {
            like = like.with(like.process().withNoNewPrivileges());
        }
        return like;
    }

    /** With a bounding set that has nothing which the process could not come to have. A user namespace that is entered gives a full one. */
    private NamespaceSpec bounded(NamespaceSpec like, ProcessStatus status) {
        long attainable = status.capabilities("CapBnd")
                & (status.number("NoNewPrivs") == 1 ? status.capabilities("CapPrm") : -1);
        ProcessStatus own = ProcessStatus.ofThisThread();
        long otherwise = kinds.contains(NamespaceKind.USER) || !own.isKnown()
                ? Capabilities.known()
                : own.capabilities("CapBnd");
        long more = otherwise & ~attainable;
        return more == 0
                ? like
                : like.with(like.process().with(like.process().capabilities().only(~more)));
    }

    private void checkFilters(ProcessStatus status) throws NamespaceException {
        ProcessStatus own = ProcessStatus.ofThisThread();
        boolean more = status.number("Seccomp_filters") > own.number("Seccomp_filters");
        if (status.number("Seccomp") != 0 && (status.number("Seccomp") != ProcessStatus.FILTERED || more)) {
            throw Refusals.exception(Step.JOIN, "process " + process.pid(), Errno.EPERM,
                    "it has a seccomp filter, which nobody can take over from another process: give the command one of its own, and say that"
                            + " it goes without this one (Hardening.SECCOMP)");
        }
    }

    @Override
    public void close() {
        Syscalls.close(pidfd);
        if (root != NONE) {
            Syscalls.close(root);
        }
        if (working != NONE) {
            Syscalls.close(working);
        }
    }
}
