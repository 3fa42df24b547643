package dev.namespaces.spi;

import org.jspecify.annotations.Nullable;

/**
 * The names of the machine in a new UTS namespace.
 *
 * @param hostname the host name, or null to keep the host's
 * @param domainName the domain name, or null to keep the host's
 */
public record UtsSpec(@Nullable String hostname, @Nullable String domainName) {

    /** Unless told otherwise. */
    public static final UtsSpec DEFAULT = new UtsSpec(null, null);
}
