package dev.namespaces;

/**
 * What a new network namespace contains; see network_namespaces(7).
 *
 * <p>
 * Not thread-safe: used within {@link NamespaceBuilder#net(java.util.function.Consumer)} only.
 */
public final class NetConfig {

    private boolean loopback;

    NetConfig(boolean loopback) {
        this.loopback = loopback;
    }

    /**
     * Brings the loopback interface up, so that 127.0.0.1 and ::1 work inside; the default.
     *
     * @return this
     */
    public NetConfig loopback() {
        loopback = true;
        return this;
    }

    /**
     * Leaves the loopback interface down, as the kernel made it: nothing can be reached, not even the command itself.
     *
     * @return this
     */
    public NetConfig withoutLoopback() {
        loopback = false;
        return this;
    }

    boolean isLoopback() {
        return loopback;
    }
}
