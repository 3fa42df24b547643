package dev.namespaces.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a new network namespace contains.
 *
 * @param loopback whether the loopback interface is brought up
 * @param links its other interfaces
 * @param addresses their addresses
 * @param routes its routes, besides those that come with addresses
 * @param neighbours neighbours that need not be looked for
 * @param sysctls values of {@code /proc/sys/net}, by names such as {@code net.ipv4.ip_forward}, in the order in which they are set
 * @param outbound its way out, or null for none
 * @param names how names are found
 */
public record NetSpec(boolean loopback, List<LinkSpec> links, List<AddressSpec> addresses, List<RouteSpec> routes,
        List<NeighbourSpec> neighbours, Map<String, String> sysctls,
        @Nullable OutboundSpec outbound, NamesSpec names) {

    /** Unless told otherwise. */
    public static final NetSpec DEFAULT = new NetSpec(true, List.of(), List.of(), List.of(), List.of(), Map.of());

    /**
     * Without a way out, and with the names that there are.
     *
     * @param loopback whether the loopback interface is brought up
     * @param links its other interfaces
     * @param addresses their addresses
     * @param routes its routes
     * @param neighbours neighbours that need not be looked for
     * @param sysctls values of {@code /proc/sys/net}
     */
    public NetSpec(boolean loopback, List<LinkSpec> links, List<AddressSpec> addresses, List<RouteSpec> routes,
            List<NeighbourSpec> neighbours, Map<String, String> sysctls) {
        this(loopback, links, addresses, routes, neighbours, sysctls, null, NamesSpec.DEFAULT);
    }

    /** Keeps the lists from changing. */
    public NetSpec {
        links = List.copyOf(links);
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
        neighbours = List.copyOf(neighbours);
        sysctls = Collections.unmodifiableMap(new LinkedHashMap<>(sysctls));
    }

    /**
     * Whether a sysctl belongs to one of the interfaces, and is not there before that is.
     *
     * @param sysctl its name
     * @return true if the name of one is part of it
     */
    public boolean isOfLink(String sysctl) {
        List<String> parts = List.of(sysctl.split("\\.", -1));
        return links.stream().anyMatch(link -> parts.contains(link.name()));
    }

    /**
     * Whether what is sent may not go everywhere.
     *
     * @return true if something is allowed, and the rest is not
     */
    public boolean isRestricted() {
        return outbound != null && !outbound.allowed().isEmpty();
    }

    /**
     * Whether there is nothing but the loopback interface, as the kernel makes it.
     *
     * @return true if nothing else is asked for
     */
    public boolean isBare() {
        return outbound == null && links.isEmpty() && addresses.isEmpty() && routes.isEmpty() && neighbours.isEmpty()
                && sysctls.isEmpty();
    }
}
