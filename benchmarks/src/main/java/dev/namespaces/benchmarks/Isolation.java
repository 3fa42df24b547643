package dev.namespaces.benchmarks;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.PidConfig;
import java.util.List;

/**
 * What is put around a command: nothing, each kind of namespace alone, or all of them.
 *
 * <p>
 * A kind other than {@code user} takes CAP_SYS_ADMIN to be created alone. Whoever lacks it gets each together with a user namespace.
 */
public enum Isolation {
    PLAIN(false), //
    CGROUP(false, NamespaceKind.CGROUP), //
    IPC(false, NamespaceKind.IPC), //
    MOUNT(false, NamespaceKind.MOUNT), //
    NET(false, NamespaceKind.NET), //
    PID_UNDER_INIT(false, NamespaceKind.PID), //
    PID_AS_PID_1(true, NamespaceKind.PID), //
    TIME(false, NamespaceKind.TIME), //
    USER(false, NamespaceKind.USER), //
    UTS(false, NamespaceKind.UTS), //
    ALL_UNDER_INIT(false, NamespaceKind.values()), //
    ALL_AS_PID_1(true, NamespaceKind.values());

    private final boolean asPid1;
    @SuppressWarnings("ImmutableEnumChecker") // it is a List.of
    private final List<NamespaceKind> kinds;

    Isolation(boolean asPid1, NamespaceKind... kinds) {
        this.asPid1 = asPid1;
        this.kinds = List.of(kinds);
    }

    Namespace namespace() throws NamespaceException, InterruptedException {
        NamespaceBuilder builder = Namespace.builder().create(kinds);
        if (!kinds.isEmpty() && !privileged()) {
            builder.user();
        }
        if (asPid1) {
            builder.pid(PidConfig::asPid1);
        }
        return builder.build();
    }

    /** Whether namespaces can be made without a user namespace. */
    static boolean privileged() throws NamespaceException, InterruptedException {
        try {
            Namespace.builder().uts().run(Spawn.PROGRAM);
            return true;
        } catch (NamespaceException e) {
            if (e.errnoName().equals("EPERM")) {
                return false;
            }
            throw e;
        }
    }
}
