package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceKind;
import dev.namespaces.spi.NamespaceSpec;
import java.util.EnumSet;
import java.util.Set;

/**
 * What programs are written for.
 *
 * @param spec what to isolate
 * @param demands what the command asks for
 * @param entrance what is entered first
 * @param purpose what the process is for
 */
record Job(NamespaceSpec spec, Demands demands, Entrance entrance, Purpose purpose) {

    /** What a process is for. */
    enum Purpose {
        /** To run a command. */
        RUN,
        /** To run a command that is not known yet: it waits for one when all else is done. */
        PARK,
        /** To hold its namespaces, without a command. */
        HOLD,
        /** The same, where those who are privileged inside may look at it. */
        HOLD_VISIBLY
    }

    boolean parks() {
        return purpose == Purpose.PARK;
    }

    boolean holds() {
        return purpose == Purpose.HOLD || visible();
    }

    /** Whether those who are privileged inside may look at such a process. */
    boolean visible() {
        return purpose == Purpose.HOLD_VISIBLY;
    }

    TerminalUse terminals() {
        return demands.terminals();
    }

    Job with(Demands others) {
        return new Job(spec, others, entrance, purpose);
    }

    /** Whether a new namespace of this kind is created. */
    boolean creates(NamespaceKind kind) {
        return spec.has(kind);
    }

    boolean joins(NamespaceKind kind) {
        return entrance.has(kind);
    }

    /**
     * Whether a time namespace is unshared by stage 2 instead of coming with the process: its clocks can be moved no other way, and clone(2), which makes the
     * process after an entrance, has no flag for it.
     */
    boolean unsharesTime() {
        return creates(NamespaceKind.TIME) && (spec.time().hasOffsets() || !entrance.isEmpty());
    }

    /** Whether stage 2 forks, as only a new process is in the pid and time namespaces that its parent has chosen. */
    boolean forks() {
        return unsharesTime() || joins(NamespaceKind.PID) || (!entrance.isEmpty() && !spec.kinds().isEmpty());
    }

    /**
     * Whether it forks for nothing but to be in a joined pid namespace, which takes no rights: then the command's process does so when it has given up
     * all that the command does not have. From the fork on it is seen inside, where somebody may have the right to trace anybody.
     */
    boolean forksAtLast() {
        return forks() && !unsharesTime() && kindsOfFork().isEmpty() && !holds();
    }

    /** The kinds that the JVM's child is created with. */
    Set<NamespaceKind> kindsOfFirstProcess() {
        Set<NamespaceKind> kinds = EnumSet.noneOf(NamespaceKind.class);
        if (entrance.isEmpty()) {
            kinds.addAll(spec.kinds());
        }
        if (unsharesTime()) {
            kinds.remove(NamespaceKind.TIME);
            kinds.remove(NamespaceKind.PID); // its first process has to be the one that lives on
        }
        return kinds;
    }

    /** The kinds that the process is created with which stage 2 forks. */
    Set<NamespaceKind> kindsOfFork() {
        Set<NamespaceKind> kinds = EnumSet.noneOf(NamespaceKind.class);
        kinds.addAll(spec.kinds());
        kinds.removeAll(kindsOfFirstProcess());
        kinds.remove(NamespaceKind.TIME);
        return kinds;
    }

    /** Whether the JVM makes what a new network contains, through a socket in there. */
    boolean makesNetwork() {
        return creates(NamespaceKind.NET) && !spec.net().isBare();
    }

    /** Whether the JVM says where packets may go, through another socket in there. */
    boolean restrictsNetwork() {
        return makesNetwork() && spec.net().isRestricted();
    }

    /** Whether the JVM keeps a socket in the network namespace, to read what it contains. */
    boolean keepsNetwork() {
        return holds() && (creates(NamespaceKind.NET) || joins(NamespaceKind.NET));
    }

    /** Whether there is a user namespace to be somebody in, new or not. */
    boolean hasUserNamespace() {
        return creates(NamespaceKind.USER) || joins(NamespaceKind.USER);
    }
}
