package dev.namespaces.spi;

import dev.namespaces.Hardening;
import dev.namespaces.NamespaceHandle;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which existing namespaces a command enters, before any are created for it.
 *
 * @param handles one by one, at most one of a kind
 * @param process whose namespaces are entered, all that differ from the JVM's, or null
 * @param without what of that process's hardening is not taken over
 */
public record JoinSpec(List<NamespaceHandle> handles, @Nullable ProcessHandle process, Set<Hardening> without) {

    /** None. */
    public static final JoinSpec NONE = new JoinSpec(List.of(), null, Set.of());

    /** Keeps the collections from changing. */
    public JoinSpec {
        handles = List.copyOf(handles);
        without = Set.copyOf(without);
    }

    /**
     * Whether nothing is entered.
     *
     * @return true if it is so
     */
    public boolean isEmpty() {
        return handles.isEmpty() && process == null;
    }
}
