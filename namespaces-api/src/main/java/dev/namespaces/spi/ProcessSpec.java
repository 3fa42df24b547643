package dev.namespaces.spi;

/**
 * What holds for the command itself, whatever namespaces are created.
 *
 * @param newSession whether it starts in a session of its own
 * @param noNewPrivileges whether {@code no_new_privs} is set
 * @param dieWithJvm whether it is killed when the JVM has ended
 * @param capabilities what it may do
 */
public record ProcessSpec(boolean newSession, boolean noNewPrivileges, boolean dieWithJvm,
        CapabilitySpec capabilities) {

    /** Unless told otherwise. */
    public static final ProcessSpec DEFAULT = new ProcessSpec(false, false, false, CapabilitySpec.DEFAULT);

    /**
     * The same, in a session of its own.
     *
     * @return a copy
     */
    public ProcessSpec withNewSession() {
        return new ProcessSpec(true, noNewPrivileges, dieWithJvm, capabilities);
    }

    /**
     * The same, with {@code no_new_privs}.
     *
     * @return a copy
     */
    public ProcessSpec withNoNewPrivileges() {
        return new ProcessSpec(newSession, true, dieWithJvm, capabilities);
    }

    /**
     * The same, killed when the JVM has ended.
     *
     * @return a copy
     */
    public ProcessSpec withDieWithJvm() {
        return new ProcessSpec(newSession, noNewPrivileges, true, capabilities);
    }

    /**
     * The same with other capabilities.
     *
     * @param other what it may do
     * @return a copy
     */
    public ProcessSpec with(CapabilitySpec other) {
        return new ProcessSpec(newSession, noNewPrivileges, dieWithJvm, other);
    }
}
