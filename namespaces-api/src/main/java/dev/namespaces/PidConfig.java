package dev.namespaces;

import dev.namespaces.spi.PidSpec;

/**
 * How a new pid namespace is run; see pid_namespaces(7).
 *
 * <p>
 * Not thread-safe: used within {@link NamespaceBuilder#pid(java.util.function.Consumer)} only.
 */
public final class PidConfig {

    private static final int SIGKILL = 9;
    private static final int SIGCHLD = 17;
    private static final int SIGSTOP = 19;
    private static final int LAST_SIGNAL = 64;

    private PidSpec spec;

    PidConfig(PidSpec spec) {
        this.spec = spec;
    }

    /**
     * Runs the command itself as PID 1, without the small init that is there by default.
     *
     * <p>
     * This is the quickest, and asks two things of the command: as PID 1 it ignores every signal for which it has no handler, SIGTERM
     * included (so that {@link NamespaceProcess#destroy()} may do nothing and {@link NamespaceProcess#supportsNormalTermination()} is false),
     * and it is the parent of every orphan of the namespace, which it has to wait for.
     *
     * @return this
     */
    public PidConfig asPid1() {
        spec = new PidSpec(true, spec.forwarded(), spec.waitsForOthers());
        return this;
    }

    /**
     * Runs the command under an init of about a page of machine code, which is PID 1; the default.
     *
     * <p>
     * The init forwards signals to the command, waits for orphans, and ends, and with it everything in the namespace, when the command ends,
     * unless told otherwise.
     *
     * @return this
     */
    public PidConfig underInit() {
        spec = new PidSpec(false, spec.forwarded(), spec.waitsForOthers());
        return this;
    }

    /**
     * Has the init forward these signals alone; every signal by default, SIGCHLD and those that no process can catch excepted. What is not
     * forwarded has no effect. Without SIGTERM, {@link NamespaceProcess#destroy()} does nothing.
     *
     * @param numbers the signals' numbers on this architecture; none, and nothing is forwarded
     * @return this
     * @throws IllegalArgumentException if one of them cannot be forwarded, or there is no such signal
     */
    public PidConfig forwardSignals(int... numbers) {
        long forwarded = 0;
        for (int number : numbers) {
            if (number < 1 || number > LAST_SIGNAL || number == SIGKILL || number == SIGCHLD || number == SIGSTOP) {
                throw new IllegalArgumentException("no signal that could be forwarded: " + number);
            }
            forwarded |= 1L << (number - 1);
        }
        spec = new PidSpec(spec.asPid1(), forwarded, spec.waitsForOthers());
        return this;
    }

    /**
     * Has the init go on after the command's end, until nothing runs in the namespace any more; by default the rest is killed then. Until the
     * last has ended, the process counts as running, and signals are forwarded to all that are left. Its exit value is the command's, even if
     * the rest is killed.
     *
     * @return this
     */
    public PidConfig waitForOthers() {
        spec = new PidSpec(spec.asPid1(), spec.forwarded(), true);
        return this;
    }

    PidSpec spec() {
        if (spec.asPid1() && (spec.waitsForOthers() || spec.forwarded() != PidSpec.ALL_SIGNALS)) {
            throw new IllegalStateException(
                    "with asPid1() there is no init that could forward signals or wait: leave one of them out");
        }
        return spec;
    }
}
