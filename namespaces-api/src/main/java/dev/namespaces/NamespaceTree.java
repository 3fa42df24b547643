package dev.namespaces;

import java.util.List;

/**
 * A user or pid namespace, and those that are nested in it.
 *
 * @param namespace the namespace
 * @param children the trees of those whose parent it is
 */
public record NamespaceTree(NamespaceInfo namespace, List<NamespaceTree> children) {

    /** Copies the list. */
    public NamespaceTree {
        children = List.copyOf(children);
    }
}
