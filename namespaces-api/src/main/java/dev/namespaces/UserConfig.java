package dev.namespaces;

import dev.namespaces.spi.NamespaceSpec.UserMapping;

/**
 * How a new user namespace maps user and group ids; see user_namespaces(7).
 *
 * <p>
 * Either way the command has every capability <em>inside</em> its namespaces until it executes a program as an id other than 0, and
 * {@code setgroups(2)} is denied, as the kernel demands of whoever writes a map of its own.
 *
 * <p>
 * Not thread-safe: used within {@link NamespaceBuilder#user(java.util.function.Consumer)} only.
 */
public final class UserConfig {

    private UserMapping mapping;

    UserConfig(UserMapping mapping) {
        this.mapping = mapping;
    }

    /**
     * Maps the JVM's user and group to root inside; the default.
     *
     * <p>
     * <strong>For a JVM that itself runs as root this is the host's root</strong>: whatever of root's files is visible inside stays writable.
     *
     * @return this
     */
    public UserConfig mapRoot() {
        mapping = UserMapping.ROOT;
        return this;
    }

    /**
     * Maps the JVM's user and group to themselves, so that the command keeps its ids and has no privilege after its exec.
     *
     * @return this
     */
    public UserConfig mapCurrent() {
        mapping = UserMapping.CURRENT;
        return this;
    }

    UserMapping mapping() {
        return mapping;
    }
}
