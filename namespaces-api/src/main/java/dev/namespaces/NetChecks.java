package dev.namespaces;

import dev.namespaces.spi.AddressSpec;
import dev.namespaces.spi.IpText;
import dev.namespaces.spi.NetSpec;
import dev.namespaces.spi.RouteSpec;
import java.net.InetAddress;

/** Refuses what no kernel would route, before it is asked. */
final class NetChecks {

    private NetChecks() {}

    static void check(NetSpec spec) {
        for (RouteSpec route : spec.routes()) {
            InetAddress gateway = route.gateway();
            if (gateway != null && !isReachable(gateway, spec)) {
                throw new IllegalArgumentException("the gateway " + IpText.of(gateway) + " of the route to "
                        + route.destination() + " cannot be reached: no address lies in a network with it");
            }
            if (gateway != null && spec.addresses().stream().anyMatch(it -> it.address().address().equals(gateway))) {
                throw new IllegalArgumentException("the gateway " + IpText.of(gateway) + " of the route to "
                        + route.destination() + " is an address of its own");
            }
        }
    }

    private static boolean isReachable(InetAddress gateway, NetSpec spec) {
        return spec.addresses().stream().map(AddressSpec::address).anyMatch(address -> address.contains(gateway))
                || spec.routes().stream().anyMatch(
                        route -> route.gateway() == null && route.destination().contains(gateway));
    }
}
