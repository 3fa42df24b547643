package dev.namespaces.spi;

/**
 * How a new pid namespace is run.
 *
 * @param asPid1 whether the command is PID 1, rather than a child of the init
 * @param forwarded the signals that the init forwards, bit n-1 for signal n
 * @param waitsForOthers whether the init goes on after the command's end until nothing else runs
 */
public record PidSpec(boolean asPid1, long forwarded, boolean waitsForOthers) {

    /** Every signal. */
    public static final long ALL_SIGNALS = -1;

    /** Unless told otherwise. */
    public static final PidSpec DEFAULT = new PidSpec(false, ALL_SIGNALS, false);

    /**
     * Whether the init forwards a signal.
     *
     * @param signal its number
     * @return true if it does
     */
    public boolean forwards(int signal) {
        return (forwarded >>> (signal - 1) & 1) != 0;
    }
}
