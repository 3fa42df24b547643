package dev.namespaces.spi;

import dev.namespaces.NamespaceKind;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to isolate.
 *
 * @param kinds the kinds to create
 * @param userMapping who the caller is inside a new user namespace
 * @param asPid1 whether the command is PID 1 of a new pid namespace, rather than a child of the init
 * @param loopback whether the loopback interface of a new network namespace is brought up
 * @param hostname the host name in a new UTS namespace, or null to keep the host's
 * @param domainName the domain name in a new UTS namespace, or null to keep the host's
 * @param newSession whether the command starts in a session of its own
 * @param noNewPrivileges whether {@code no_new_privs} is set
 */
public record NamespaceSpec(Set<NamespaceKind> kinds, UserMapping userMapping, boolean asPid1, boolean loopback,
        @Nullable String hostname,
        @Nullable String domainName, boolean newSession, boolean noNewPrivileges) {

    /** Who the caller is inside a new user namespace. */
    public enum UserMapping {
        /** User and group 0. */
        ROOT,
        /** The same ids as outside. */
        CURRENT
    }

    /** Keeps the set from changing. */
    public NamespaceSpec {
        kinds = Set.copyOf(kinds);
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
