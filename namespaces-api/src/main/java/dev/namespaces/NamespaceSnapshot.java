package dev.namespaces;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What {@link Namespaces#snapshot()} saw.
 *
 * @param namespaces the namespaces, by kind, and those of a kind by inode
 * @param unreadable the pids of the processes whose namespaces may not be looked at, in ascending order: they may be in any of these, or in others
 */
public record NamespaceSnapshot(List<NamespaceInfo> namespaces, List<Long> unreadable) {

    /** Copies the lists. */
    public NamespaceSnapshot {
        namespaces = List.copyOf(namespaces);
        unreadable = List.copyOf(unreadable);
    }

    /**
     * The namespace with an id.
     *
     * @param id the id
     * @return the namespace, or empty if it was not seen
     */
    public Optional<NamespaceInfo> find(NamespaceId id) {
        return namespaces.stream().filter(each -> each.id().equals(id)).findFirst();
    }

    /**
     * Those of a kind.
     *
     * @param kind the kind
     * @return the namespaces, by inode
     */
    public List<NamespaceInfo> ofKind(NamespaceKind kind) {
        return namespaces.stream().filter(each -> each.kind() == kind).toList();
    }

    /**
     * The namespaces of a kind, nested as they are. More than one tree means that what they have in common is out of sight.
     *
     * @param kind {@link NamespaceKind#USER} or {@link NamespaceKind#PID}
     * @return the trees of those whose parent was not seen
     * @throws IllegalArgumentException if namespaces of this kind are not nested
     */
    public List<NamespaceTree> trees(NamespaceKind kind) {
        if (kind != NamespaceKind.USER && kind != NamespaceKind.PID) {
            throw new IllegalArgumentException("only user and pid namespaces are nested, not those of kind " + kind);
        }
        Map<NamespaceId, List<NamespaceInfo>> children = ofKind(kind).stream().filter(this::hasParent)
                .collect(Collectors.groupingBy(each -> each.parent().orElseThrow()));
        return ofKind(kind).stream().filter(each -> !hasParent(each)).map(root -> tree(root, children)).toList();
    }

    private boolean hasParent(NamespaceInfo namespace) {
        return namespace.parent().flatMap(this::find).isPresent();
    }

    private static NamespaceTree tree(NamespaceInfo namespace, Map<NamespaceId, List<NamespaceInfo>> children) {
        return new NamespaceTree(namespace, children.getOrDefault(namespace.id(), List.of()).stream()
                .map(child -> tree(child, children)).toList());
    }
}
