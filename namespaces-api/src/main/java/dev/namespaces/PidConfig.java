package dev.namespaces;

import dev.namespaces.spi.PidSpec;

/**
 * How a new pid namespace is run; see pid_namespaces(7).
 *
 * <p>
 * Not thread-safe: used within {@link NamespaceBuilder#pid(java.util.function.Consumer)} only.
 */
public final class PidConfig {

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
        spec = new PidSpec(true);
        return this;
    }

    /**
     * Runs the command under an init of about a page of machine code, which is PID 1; the default.
     *
     * <p>
     * The init forwards signals to the command, waits for orphans, and ends, and with it everything in the namespace, when the command ends.
     *
     * @return this
     */
    public PidConfig underInit() {
        spec = new PidSpec(false);
        return this;
    }

    PidSpec spec() {
        return spec;
    }
}
