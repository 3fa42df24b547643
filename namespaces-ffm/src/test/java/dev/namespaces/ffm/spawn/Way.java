package dev.namespaces.ffm.spawn;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceKind;
import java.util.EnumSet;

/** The ways in which a command is started, for tests of what must hold whichever it is. Every user may go them all. */
enum Way {
    /** Without any namespace. */
    PLAIN,
    /** In a user namespace alone. */
    USER,
    /** As PID 1 of its own pid namespace. */
    AS_PID_1,
    /** Under the init of its own pid namespace. */
    INIT,
    /** Under the init, with every kind of namespace. */
    ALL;

    NamespaceBuilder builder() {
        NamespaceBuilder builder = Namespace.builder();
        return switch (this) {
            case PLAIN -> builder;
            case USER -> builder.user();
            case AS_PID_1 -> builder.user().pid(pid -> pid.asPid1());
            case INIT -> builder.user().pid();
            case ALL -> builder.create(EnumSet.allOf(NamespaceKind.class));
        };
    }

    Namespace namespace() {
        return builder().build();
    }

    /** Whether there is a process of the library's own between the JVM and the command. */
    boolean hasInit() {
        return this == INIT || this == ALL;
    }

    boolean hasPidNamespace() {
        return hasInit() || this == AS_PID_1;
    }

    /** The host's pid of the command of a process that was started this way. */
    long command(Process process) throws Exception {
        return hasInit() ? Proc.onlyChild(process.pid()) : process.pid();
    }
}
