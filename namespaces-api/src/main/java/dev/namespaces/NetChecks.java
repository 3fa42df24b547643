package dev.namespaces;

import dev.namespaces.spi.AddressSpec;
import dev.namespaces.spi.CapabilitySpec;
import dev.namespaces.spi.IpText;
import dev.namespaces.spi.LinkSpec;
import dev.namespaces.spi.NetSpec;
import dev.namespaces.spi.RouteSpec;
import java.net.InetAddress;
import java.util.Set;
import java.util.stream.Stream;

/** Refuses what no kernel would route, before it is asked. */
final class NetChecks {

    private NetChecks() {}

    /** The smallest packet that IPv6 works with; RFC 8200, section 5. */
    private static final int SMALLEST_MTU_OF_IP6 = 1280;

    /** Whoever has one of them changes the rules of a network, or sends past them. */
    static final long AROUND_RULES = CapabilityConfig.set(Capability.NET_ADMIN, Capability.NET_RAW);

    /** Refuses to restrict a command that would not be. */
    static void checkRestriction(Set<NamespaceKind> kinds, CapabilitySpec capabilities) {
        if (!kinds.contains(NamespaceKind.USER)) {
            throw new IllegalArgumentException(
                    "allow(…) restricts nobody who has rights over the host's networks: add .user()");
        }
        if ((capabilities.added() & AROUND_RULES) != 0) {
            throw new IllegalArgumentException(
                    "allow(…) restricts nobody with CAP_NET_ADMIN or CAP_NET_RAW: do not add them");
        }
    }

    static void check(NetSpec spec) {
        for (LinkSpec link : spec.links()) {
            if (link.mtu() != 0 && link.mtu() < SMALLEST_MTU_OF_IP6
                    && addresses(link, spec).anyMatch(IpPrefix::isIp6)) {
                throw new IllegalArgumentException("IPv6 takes an MTU of at least " + SMALLEST_MTU_OF_IP6 + ", and "
                        + link.name() + " has " + link.mtu());
            }
            if (link.mac() != null && link.kind() instanceof LinkSpec.Macvlan(String lower, MacvlanMode mode)
                    && mode == MacvlanMode.PASSTHRU) {
                throw new IllegalArgumentException(
                        "in this mode " + link.name() + " has the hardware address of " + lower + ", and no other");
            }
        }
        for (RouteSpec route : spec.routes()) {
            if (route.link() != null && isDown(route.link(), spec)) {
                throw new IllegalArgumentException(
                        "there is no route to " + route.destination() + " through " + route.link() + ", which is down");
            }
            InetAddress gateway = route.gateway();
            if (gateway != null && !isReachable(gateway, spec)) {
                throw new IllegalArgumentException("the gateway " + IpText.of(gateway) + " of the route to "
                        + route.destination()
                        + " cannot be reached: no address of an interface that is up lies in a network with it");
            }
            if (gateway != null && spec.addresses().stream().anyMatch(it -> it.address().address().equals(gateway))) {
                throw new IllegalArgumentException("the gateway " + IpText.of(gateway) + " of the route to "
                        + route.destination() + " is an address of its own");
            }
        }
    }

    /** Of both ends of a pair, which have the same MTU. */
    private static Stream<IpPrefix> addresses(LinkSpec link, NetSpec spec) {
        Stream<IpPrefix> own = spec.addresses().stream().filter(it -> it.link().equals(link.name()))
                .map(AddressSpec::address);
        return link.kind() instanceof LinkSpec.Veth pair ? Stream.concat(own, pair.hostAddresses().stream()) : own;
    }

    private static boolean isDown(String name, NetSpec spec) {
        return name.equals("lo")
                ? !spec.loopback()
                : spec.links().stream().anyMatch(link -> link.name().equals(name) && !link.up());
    }

    /** A route leads through no interface that is down. */
    private static boolean isReachable(InetAddress gateway, NetSpec spec) {
        return spec.addresses().stream().anyMatch(it -> it.address().contains(gateway) && !isDown(it.link(), spec))
                || spec.routes().stream().anyMatch(route -> route.gateway() == null
                        && route.destination().contains(gateway));
    }
}
