package dev.namespaces.spi;

/**
 * How a new pid namespace is run.
 *
 * @param asPid1 whether the command is PID 1, rather than a child of the init
 */
public record PidSpec(boolean asPid1) {

    /** Unless told otherwise. */
    public static final PidSpec DEFAULT = new PidSpec(false);
}
