package dev.namespaces.spi;

import dev.namespaces.IpPrefix;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A route that is to be added.
 *
 * @param destination the network
 * @param gateway the router, or null if the destination is on the link
 * @param link the name of the interface, or null to let the gateway say it
 * @param onLink whether the gateway is on the link whatever the addresses say
 * @param source the address that packets of this machine shall come from, or null
 * @param metric the lower is preferred; 0 for the kernel's default
 */
public record RouteSpec(IpPrefix destination, @Nullable InetAddress gateway, @Nullable String link, boolean onLink,
        @Nullable InetAddress source, long metric) {

    private static final long LARGEST_METRIC = 0xffff_ffffL;

    /**
     * Checks what can be checked without the kernel.
     *
     * @throws IllegalArgumentException if the destination has bits that name a host, families are mixed, there is neither gateway nor interface, or the
     *     metric has more than 32 bits
     */
    public RouteSpec {
        if (!destination.isNetwork()) {
            throw new IllegalArgumentException(
                    "the destination of a route must be a network, " + destination.network() + ": " + destination);
        }
        family("gateway", gateway, destination);
        family("source", source, destination);
        if (gateway == null && link == null) {
            throw new IllegalArgumentException("a route needs a gateway or an interface: " + destination);
        }
        if (onLink && (gateway == null || link == null)) {
            throw new IllegalArgumentException(
                    "for a gateway to be on the link, both must be given: " + destination);
        }
        if (metric < 0 || metric > LARGEST_METRIC) {
            throw new IllegalArgumentException("metric must lie between 0 and " + LARGEST_METRIC + ": " + metric);
        }
    }

    private static void family(String what, @Nullable InetAddress address, IpPrefix destination) {
        if (address != null && address.getAddress().length != destination.address().getAddress().length) {
            throw new IllegalArgumentException("IPv4 and IPv6 are mixed: " + what + " " + IpText.of(address)
                    + " of the route to " + destination);
        }
    }

    /**
     * Everything that there is no other route to.
     *
     * @param gateway the router
     * @return its route
     */
    public static RouteSpec via(InetAddress gateway) {
        boolean ip4 = gateway.getAddress().length == 4;
        return new RouteSpec(ip4 ? IpPrefix.ALL_IP4 : IpPrefix.ALL_IP6, gateway, null, false, null, 0);
    }

    /** As ip-route(8) has it. */
    @Override
    public String toString() {
        return (destination.length() == 0 ? "default" : destination.toString())
                + (gateway == null ? "" : " via " + IpText.of(gateway)) + (link == null ? "" : " dev " + link)
                + (onLink ? " onlink" : "") + (source == null ? "" : " src " + IpText.of(source))
                + (metric == 0 ? "" : " metric " + metric);
    }
}
