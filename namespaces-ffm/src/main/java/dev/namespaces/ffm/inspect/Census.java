package dev.namespaces.ffm.inspect;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceId;
import dev.namespaces.NamespaceInfo;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceSnapshot;
import dev.namespaces.Step;
import dev.namespaces.ffm.handle.Opener;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.mount.MountTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A look at all namespaces.
 *
 * <p>
 * First the links of all processes and the mounts tell which there are. Then each is opened, once, and asked for those that it is related to, which may
 * lead to more.
 */
public final class Census implements Links.Reader {

    private static final Comparator<NamespaceInfo> ORDER = Comparator.comparing(NamespaceInfo::kind)
            .thenComparingLong(info -> info.id().inode());
    /** What it is when a place no longer leads to a namespace, or not to one of the caller's. */
    private static final Set<Integer> GONE = Set.of(Errno.ENOENT, Errno.ESRCH, Errno.EACCES, Errno.EINVAL,
            Errno.ENOTDIR);

    private final Opener opener = new Opener();
    private final long device;
    private final Map<NamespaceId, Found> all = new HashMap<>();
    private final Map<NamespaceId, NamespaceInfo> known = new HashMap<>();
    private final List<Long> unreadable = new ArrayList<>();

    private Census(long device) {
        this.device = device;
    }

    /**
     * Takes it.
     *
     * @return what was seen
     * @throws NamespaceException if {@code /proc} cannot be read, or there are too few descriptors
     */
    public static NamespaceSnapshot take() throws NamespaceException {
        try (NamespaceHandle any = new Opener().ofCurrentThread(NamespaceKind.USER)) {
            Census census = new Census(any.id().device());
            Links.read(census);
            census.readMounts();
            for (Found found : List.copyOf(census.all.values())) {
                census.visit(found);
            }
            return new NamespaceSnapshot(census.known.values().stream().sorted(ORDER).toList(), census.unreadable);
        }
    }

    @Override
    public void link(NamespaceKind kind, long inode, long pid, long started, Path link) {
        found(kind, new NamespaceId(device, inode)).add(pid, started, link);
    }

    @Override
    public void unreadable(long pid) {
        unreadable.add(pid);
    }

    private Found found(NamespaceKind kind, NamespaceId id) {
        return all.computeIfAbsent(id, _ -> new Found(kind, id));
    }

    private void readMounts() throws NamespaceException {
        try {
            for (MountTable.Entry mount : MountTable.of("thread-self").entries()) {
                Links.Name.of(mount.root()).ifPresent(name -> found(name.kind(), new NamespaceId(device, name.inode()))
                        .add(Path.of(mount.point())));
            }
        } catch (IOException _) {
            throw new NamespaceException(Step.INSPECT, "/proc/thread-self/mountinfo", Errno.EIO,
                    Errno.name(Errno.EIO), Errno.text(Errno.EIO), null);
        }
    }

    /** If no place leads to it any more, it has ended; unless it is only that something is mounted over its pin. */
    private void visit(Found found) throws NamespaceException {
        for (Path place : found.places().toList()) {
            try (NamespaceHandle handle = opener.of(place)) {
                if (handle.kind() == found.kind() && handle.id().equals(found.id())) {
                    visit(found, handle);
                    return;
                }
            } catch (NamespaceException e) {
                if (!GONE.contains(e.errno())) {
                    throw e;
                }
            }
        }
        if (found.isPinned()) {
            known.put(found.id(), found.info());
        }
    }

    private void visit(Found found, NamespaceHandle handle) throws NamespaceException {
        if (known.containsKey(found.id())) {
            return;
        }
        boolean isUser = found.kind() == NamespaceKind.USER;
        Optional<NamespaceId> owner = visit(handle.owner());
        Optional<NamespaceId> parent = isUser
                ? owner
                : found.kind() == NamespaceKind.PID ? visit(handle.parent()) : Optional.empty();
        found.isRelated(owner, parent, isUser ? OptionalLong.of(handle.creatorUid()) : OptionalLong.empty());
        known.put(found.id(), found.info());
    }

    private Optional<NamespaceId> visit(Optional<NamespaceHandle> relative) throws NamespaceException {
        if (relative.isEmpty()) {
            return Optional.empty();
        }
        try (NamespaceHandle handle = relative.get()) {
            visit(found(handle.kind(), handle.id()), handle);
            return Optional.of(handle.id());
        }
    }
}
