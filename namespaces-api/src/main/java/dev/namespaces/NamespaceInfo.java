package dev.namespaces;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A namespace, as a {@link NamespaceSnapshot} saw it.
 *
 * @param kind its kind
 * @param id what tells it from all others
 * @param owner the user namespace that owns it; empty where that is out of sight, and for the first user namespace, which has none
 * @param parent the namespace of the same kind in which it, a user or pid namespace, is nested; empty where that is out of sight, and for the first one
 * @param processes how many processes have at least one thread in it
 * @param oldestProcess the pid of the one of them that was started first; empty where there is none
 * @param pins the files on which it is mounted, as the calling thread sees them
 * @param creatorUid the user that has created it, a user namespace, as {@link NamespaceHandle#creatorUid()} says; empty where that is not known
 */
public record NamespaceInfo(NamespaceKind kind, NamespaceId id, Optional<NamespaceId> owner,
        Optional<NamespaceId> parent, int processes, OptionalLong oldestProcess, List<Path> pins,
        OptionalLong creatorUid) {

    /** Copies the list. */
    public NamespaceInfo {
        pins = List.copyOf(pins);
    }
}
