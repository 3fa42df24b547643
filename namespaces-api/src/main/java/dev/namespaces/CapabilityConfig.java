package dev.namespaces;

import dev.namespaces.spi.CapabilitySpec;

/**
 * Which capabilities the command has; see capabilities(7). What is said later about a capability replaces what was said before.
 *
 * <p>
 * A process has five sets of them, and these are the command's, after its exec:
 * <dl>
 * <dt>bounding</dt>
 * <dd>What the command and its descendants can have at all, whatever they execute, setuid programs and file capabilities included. It is the JVM's, or
 * in a new or joined user namespace every capability, without those that are dropped here.</dd>
 * <dt>inheritable and ambient</dt>
 * <dd>Empty, whatever the JVM's are, but for those that are added here.</dd>
 * <dt>permitted and effective</dt>
 * <dd>If the command is user 0 (in its user namespace, if it has one), all of the bounding set; for any other user, those that are added here. With
 * {@link NamespaceBuilder#noNewPrivileges()} and without a user namespace, user 0 has none that the JVM does not have itself.</dd>
 * </dl>
 *
 * <p>
 * If the JVM has securebits that change these rules, they go on to hold where there is no other user namespace. What was dropped is dropped in the user
 * namespace that the command starts in: in one that it creates itself it has every capability, over what belongs to that one, as anybody has; see
 * {@link UserConfig#forbidNestedUserNamespaces()}.
 *
 * <p>
 * Without a user namespace dropping takes CAP_SETPCAP, and a command can be given no more than the JVM has; in a new or joined user namespace nothing of
 * that is needed. The refusal is a {@link NamespaceException} of the spawn. The capabilities are changed in a process with memory of its own, after everything
 * else that a spawn sets up, and just before the command's exec. The init of a {@link NamespaceBuilder#pid() pid} namespace, and whatever holds {@link OpenNamespace live
 * namespaces}, loses what the command loses
 * before the command runs, so that it cannot be made use of, all but CAP_KILL, by which it hands signals on.
 *
 * <p>
 * Not thread-safe: used within {@link NamespaceBuilder#capabilities(java.util.function.Consumer)} only.
 */
public final class CapabilityConfig {

    private CapabilitySpec spec;

    CapabilityConfig(CapabilitySpec spec) {
        this.spec = spec;
    }

    /**
     * Takes capabilities from the command and from everything that it executes, for good.
     *
     * @param capabilities which
     * @return this
     */
    public CapabilityConfig drop(Capability... capabilities) {
        spec = spec.only(~set(capabilities));
        return this;
    }

    /**
     * Takes every capability that the kernel knows from the command and from everything that it executes, for good.
     *
     * @return this
     */
    public CapabilityConfig dropAll() {
        return keepOnly();
    }

    /**
     * Drops every capability but these. They are not given to anybody: user 0 has them, and others may get them from setuid programs and file
     * capabilities. Those that were dropped before stay dropped.
     *
     * @param capabilities which
     * @return this
     */
    public CapabilityConfig keepOnly(Capability... capabilities) {
        spec = spec.only(set(capabilities));
        return this;
    }

    /**
     * Gives capabilities to the command, whoever it runs as, and through the ambient set to the programs that it executes, unless these are setuid or
     * have file capabilities.
     *
     * @param capabilities which
     * @return this
     */
    public CapabilityConfig add(Capability... capabilities) {
        spec = spec.with(set(capabilities));
        return this;
    }

    /**
     * Gives every capability to the command as {@link #add} does; without a user namespace these are the JVM's.
     *
     * @return this
     */
    public CapabilityConfig addAll() {
        spec = spec.with(~0);
        return this;
    }

    static long set(Capability... capabilities) {
        long set = 0;
        for (Capability capability : capabilities) {
            set |= 1L << capability.number();
        }
        return set;
    }

    CapabilitySpec spec() {
        return spec;
    }
}
