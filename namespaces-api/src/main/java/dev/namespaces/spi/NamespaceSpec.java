package dev.namespaces.spi;

import dev.namespaces.NamespaceKind;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to isolate. What is said of a kind that is not created does not count.
 *
 * @param kinds the kinds to create
 * @param user how ids are mapped
 * @param pid how the pid namespace is run
 * @param net what the network namespace contains
 * @param time what the clocks show
 * @param uts the names of the machine
 * @param mount what the mount namespace contains
 * @param process what holds for the command itself, whatever is created
 * @param runAs who the command runs as, or null where nobody was named
 * @param join what it enters before that
 */
public record NamespaceSpec(Set<NamespaceKind> kinds, UserSpec user, PidSpec pid, NetSpec net, TimeSpec time,
        UtsSpec uts, MountSpec mount, ProcessSpec process, @Nullable RunAsSpec runAs, JoinSpec join) {

    /** Nothing: a plain process. */
    public static final NamespaceSpec NOTHING = new NamespaceSpec(Set.of(), UserSpec.DEFAULT, PidSpec.DEFAULT,
            NetSpec.DEFAULT, TimeSpec.DEFAULT, UtsSpec.DEFAULT, MountSpec.DEFAULT, ProcessSpec.DEFAULT, null,
            JoinSpec.NONE);

    /** Keeps the set from changing. */
    public NamespaceSpec {
        kinds = Set.copyOf(kinds);
    }

    /**
     * The same for another kind of process.
     *
     * @param other what holds for the command
     * @return a copy
     */
    public NamespaceSpec with(ProcessSpec other) {
        return new NamespaceSpec(kinds, user, pid, net, time, uts, mount, other, runAs, join);
    }

    /**
     * The same for somebody else.
     *
     * @param other who the command runs as, or null where nobody is named
     * @return a copy
     */
    public NamespaceSpec with(@Nullable RunAsSpec other) {
        return new NamespaceSpec(kinds, user, pid, net, time, uts, mount, process, other, join);
    }

    /**
     * The same entering others.
     *
     * @param other which existing namespaces are entered
     * @return a copy
     */
    public NamespaceSpec with(JoinSpec other) {
        return new NamespaceSpec(kinds, user, pid, net, time, uts, mount, process, runAs, other);
    }

    /**
     * The same without creating anything.
     *
     * @return a copy
     */
    public NamespaceSpec withoutKinds() {
        return new NamespaceSpec(Set.of(), user, pid, net, time, uts, mount, process, runAs, JoinSpec.NONE);
    }

    /**
     * Whether a kind is to be created.
     *
     * @param kind the kind
     * @return true if it is
     */
    public boolean has(NamespaceKind kind) {
        return kinds.contains(kind);
    }
}
