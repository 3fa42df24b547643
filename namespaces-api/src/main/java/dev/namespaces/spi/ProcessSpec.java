package dev.namespaces.spi;

/**
 * What holds for the command itself, whatever namespaces are created.
 *
 * @param newSession whether it starts in a session of its own
 * @param noNewPrivileges whether {@code no_new_privs} is set
 * @param dieWithJvm whether it is killed when the JVM has ended
 */
public record ProcessSpec(boolean newSession, boolean noNewPrivileges, boolean dieWithJvm) {

    /** Unless told otherwise. */
    public static final ProcessSpec DEFAULT = new ProcessSpec(false, false, false);

    /**
     * The same, in a session of its own.
     *
     * @return a copy
     */
    public ProcessSpec withNewSession() {
        return new ProcessSpec(true, noNewPrivileges, dieWithJvm);
    }

    /**
     * The same, with {@code no_new_privs}.
     *
     * @return a copy
     */
    public ProcessSpec withNoNewPrivileges() {
        return new ProcessSpec(newSession, true, dieWithJvm);
    }

    /**
     * The same, killed when the JVM has ended.
     *
     * @return a copy
     */
    public ProcessSpec withDieWithJvm() {
        return new ProcessSpec(newSession, noNewPrivileges, true);
    }
}
