package dev.namespaces;

import dev.namespaces.spi.NetSpec;

/**
 * What a new network namespace contains; see network_namespaces(7).
 *
 * <p>
 * Not thread-safe: used within {@link NamespaceBuilder#net(java.util.function.Consumer)} only.
 */
public final class NetConfig {

    private NetSpec spec;

    NetConfig(NetSpec spec) {
        this.spec = spec;
    }

    /**
     * Brings the loopback interface up, so that 127.0.0.1 and ::1 work inside; the default.
     *
     * @return this
     */
    public NetConfig loopback() {
        spec = new NetSpec(true);
        return this;
    }

    /**
     * Leaves the loopback interface down, as the kernel made it: nothing can be reached, not even the command itself.
     *
     * @return this
     */
    public NetConfig withoutLoopback() {
        spec = new NetSpec(false);
        return this;
    }

    NetSpec spec() {
        return spec;
    }
}
