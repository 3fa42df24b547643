package dev.namespaces;

import dev.namespaces.spi.UtsSpec;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The names of the machine as seen in a new UTS namespace; see uts_namespaces(7).
 *
 * <p>
 * What is not set stays a copy of the host's. Not thread-safe: used within {@link NamespaceBuilder#uts(java.util.function.Consumer)} only.
 */
public final class UtsConfig {

    /** The kernel's limit for either name, in bytes: {@code __NEW_UTS_LEN}. */
    private static final int MAX_BYTES = 64;

    private UtsSpec spec;

    UtsConfig(UtsSpec spec) {
        this.spec = spec;
    }

    /**
     * Sets the host name; see sethostname(2).
     *
     * @param hostname one to 64 bytes
     * @return this
     * @throws IllegalArgumentException if it is empty, longer than 64 bytes, or contains NUL
     */
    public UtsConfig hostname(String hostname) {
        spec = new UtsSpec(checked("host name", hostname), spec.domainName());
        return this;
    }

    /**
     * Sets the NIS domain name; see setdomainname(2). This is not the domain of the Domain Name System.
     *
     * @param domainName one to 64 bytes
     * @return this
     * @throws IllegalArgumentException if it is empty, longer than 64 bytes, or contains NUL
     */
    public UtsConfig domainName(String domainName) {
        spec = new UtsSpec(spec.hostname(), checked("domain name", domainName));
        return this;
    }

    private static String checked(String what, String name) {
        Objects.requireNonNull(name, what);
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_BYTES) {
            throw new IllegalArgumentException(
                    what + " must have 1 to " + MAX_BYTES + " bytes, not " + bytes + ": \"" + name + "\"");
        }
        return Text.checked(what, name);
    }

    UtsSpec spec() {
        return spec;
    }
}
