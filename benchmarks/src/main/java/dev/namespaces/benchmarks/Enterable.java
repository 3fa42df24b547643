package dev.namespaces.benchmarks;

import dev.namespaces.NamespaceKind;
import java.util.List;
import java.util.Set;

/** What a thread may enter: each kind alone, and all of them in one call. */
public enum Enterable {
    CGROUP(NamespaceKind.CGROUP), //
    IPC(NamespaceKind.IPC), //
    NET(NamespaceKind.NET), //
    UTS(NamespaceKind.UTS), //
    ALL(NamespaceKind.CGROUP, NamespaceKind.IPC, NamespaceKind.NET, NamespaceKind.UTS);

    @SuppressWarnings("ImmutableEnumChecker") // it is a List.of
    private final List<NamespaceKind> kinds;

    Enterable(NamespaceKind... kinds) {
        this.kinds = List.of(kinds);
    }

    Set<NamespaceKind> kinds() {
        return Set.copyOf(kinds);
    }
}
