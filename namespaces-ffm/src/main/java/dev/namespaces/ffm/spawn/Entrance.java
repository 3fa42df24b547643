package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceId;
import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.handle.Handle;
import dev.namespaces.spi.NamespaceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Existing namespaces that stage 2 enters before it creates any.
 *
 * @param doors one after the other
 * @param directory the working directory inside, if it can be entered, or null to leave that to the doors
 * @param identity who the processes are inside, or null where nobody has told
 * @param groups the supplementary groups, as the JVM sees them, to have before anything is entered, or null to keep the JVM's
 */
record Entrance(List<Door> doors, @Nullable String directory, @Nullable Identity identity,
        @Nullable List<Integer> groups) {

    /** Nothing is entered. */
    static final Entrance NONE = new Entrance(List.of(), null, null, null);

    Entrance {
        doors = List.copyOf(doors);
    }

    /**
     * What is entered with one descriptor.
     *
     * @param way how
     * @param kinds the kinds of namespace, as flags of setns(2); nothing where it is a directory
     * @param changesFiles whether it leads to other files, the host's /proc being gone behind it
     * @param text what it is called
     * @param source where the descriptor comes from
     */
    record Door(Way way, long kinds, boolean changesFiles, String text, Source source) {}

    /** How something is entered. */
    enum Way {
        /** By setns(2), of a namespace or of a process. */
        NAMESPACES,
        /** As root directory. */
        ROOT,
        /** As working directory. */
        DIRECTORY
    }

    /** Makes a descriptor for a spawn. */
    interface Source {

        /**
         * Makes one.
         *
         * @param lowest the lowest number that it may have
         * @return the descriptor, close-on-exec, the caller's to close
         * @throws NamespaceException if it cannot be made
         */
        int open(int lowest) throws NamespaceException;
    }

    /** The namespaces that a specification names one by one. */
    static Entrance of(NamespaceSpec spec) throws NamespaceException {
        List<NamespaceHandle> handles = spec.join().handles();
        if (handles.isEmpty()) {
            return NONE;
        }
        NamespaceId here = Inspection.ofThisThread(NamespaceKind.USER);
        NamespaceHandle user = handles.stream()
                .filter(handle -> handle.kind() == NamespaceKind.USER && !handle.id().equals(here)).findFirst()
                .orElse(null);
        List<Door> before = new ArrayList<>();
        List<Door> behind = new ArrayList<>();
        for (NamespaceHandle handle : handles) {
            if (handle.kind() != NamespaceKind.USER) {
                boolean ownedInside = user != null && isWithin(handle, user);
                (user != null && !ownedInside ? before : behind).add(door(handle, user == null || ownedInside));
            }
        }
        if (user != null) {
            before.add(door(user, false));
        }
        before.addAll(behind);
        return new Entrance(before, null, null, user == null ? null : List.of());
    }

    private static Door door(NamespaceHandle handle, boolean last) {
        Handle opened = (Handle) handle;
        boolean mount = handle.kind() == NamespaceKind.MOUNT;
        return new Door(Way.NAMESPACES, handle.kind().cloneFlag(), mount && last, handle.toString(), lowest -> {
            try (Handle.Use use = opened.use()) {
                return Descriptors.copy(use.descriptor(), lowest, Step.JOIN, handle.toString());
            }
        });
    }

    /** Whether a namespace belongs to a user namespace or to one below it, so that whoever is privileged in there may enter it. */
    private static boolean isWithin(NamespaceHandle handle, NamespaceHandle user) throws NamespaceException {
        Optional<NamespaceHandle> owner = handle.owner();
        while (owner.isPresent()) {
            try (NamespaceHandle opened = owner.get()) {
                if (opened.equals(user)) {
                    return true;
                }
                owner = opened.parent();
            }
        }
        return false;
    }

    boolean isEmpty() {
        return doors.isEmpty();
    }

    boolean has(NamespaceKind kind) {
        for (Door door : doors) {
            if ((door.kinds() & kind.cloneFlag()) != 0) {
                return true;
            }
        }
        return false;
    }
}
