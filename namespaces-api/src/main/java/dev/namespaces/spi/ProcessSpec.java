package dev.namespaces.spi;

/**
 * What holds for the command itself, whatever namespaces are created.
 *
 * @param newSession whether it starts in a session of its own
 * @param noNewPrivileges whether {@code no_new_privs} is set
 */
public record ProcessSpec(boolean newSession, boolean noNewPrivileges) {

    /** Unless told otherwise. */
    public static final ProcessSpec DEFAULT = new ProcessSpec(false, false);

    /**
     * The same, in a session of its own.
     *
     * @return a copy
     */
    public ProcessSpec withNewSession() {
        return new ProcessSpec(true, noNewPrivileges);
    }

    /**
     * The same, with {@code no_new_privs}.
     *
     * @return a copy
     */
    public ProcessSpec withNoNewPrivileges() {
        return new ProcessSpec(newSession, true);
    }
}
