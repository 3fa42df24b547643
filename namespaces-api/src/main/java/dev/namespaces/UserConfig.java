package dev.namespaces;

import dev.namespaces.spi.UserSpec;

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

    private UserSpec spec;

    UserConfig(UserSpec spec) {
        this.spec = spec;
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
        spec = new UserSpec(UserSpec.Mapping.ROOT);
        return this;
    }

    /**
     * Maps the JVM's user and group to themselves, so that the command keeps its ids and has no privilege after its exec.
     *
     * @return this
     */
    public UserConfig mapCurrent() {
        spec = new UserSpec(UserSpec.Mapping.CURRENT);
        return this;
    }

    UserSpec spec() {
        return spec;
    }
}
