package dev.namespaces.examples;

import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Some of the namespaces of a process: those that {@code ns} is not in already. */
final class ProcessNamespaces implements AutoCloseable {

    private final List<NamespaceHandle> handles = new ArrayList<>();

    private ProcessNamespaces() {}

    /**
     * Opens those of some kinds; for whoever is not root, the user namespace that owns them too, as only there may they be entered.
     *
     * @param process whose
     * @param kinds which
     */
    static ProcessNamespaces open(ProcessHandle process, Set<NamespaceKind> kinds) throws NamespaceException {
        ProcessNamespaces opened = new ProcessNamespaces();
        try {
            for (NamespaceKind kind : kinds) {
                opened.add(NamespaceHandle.of(kind, process));
            }
            if (!kinds.contains(NamespaceKind.USER) && !Caller.isRoot()) {
                opened.addOwners();
            }
            return opened;
        } catch (NamespaceException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void addOwners() throws NamespaceException {
        for (NamespaceHandle handle : List.copyOf(handles)) {
            Optional<NamespaceHandle> owner = handle.owner();
            if (owner.isPresent()) {
                add(owner.get());
            }
        }
    }

    private void add(NamespaceHandle handle) throws NamespaceException {
        try (NamespaceHandle own = NamespaceHandle.ofCurrentThread(handle.kind())) {
            if (handle.equals(own) || handles.contains(handle)) {
                handle.close();
            } else {
                handles.add(handle);
            }
        }
    }

    /** Has commands enter them; it is to stay open until they are started. */
    void joinedBy(NamespaceBuilder builder) {
        handles.forEach(builder::join);
    }

    @Override
    public void close() {
        handles.forEach(NamespaceHandle::close);
    }
}
