package dev.namespaces;

import dev.namespaces.spi.AddressSpec;
import dev.namespaces.spi.LinkChange;
import dev.namespaces.spi.NetSpec;
import dev.namespaces.spi.RouteSpec;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts there are in a {@link Network} and what connects them. Everything that does not take the kernel is worked out here.
 *
 * @param hosts in the order of mention
 * @param segments in the order of mention
 */
record Topology(List<Host> hosts, List<Segment> segments) {

    Topology {
        hosts = List.copyOf(hosts);
        segments = List.copyOf(segments);
    }

    /**
     * A host.
     *
     * @param name its name
     * @param router whether it forwards
     */
    record Host(String name, boolean router) {}

    /**
     * A link or a switch.
     *
     * @param name the switch's, or null for a link
     * @param subnet its network
     * @param ports whom it connects; of a link two
     * @param shape what is done to each direction from the start, by host; of a link the same for both
     */
    record Segment(@Nullable String name, IpPrefix subnet, List<Port> ports, Map<String, Shape> shape) {

        Segment {
            ports = List.copyOf(ports);
            shape = Map.copyOf(shape);
        }

        boolean isSwitch() {
            return name != null;
        }

        @Nullable
        Port port(String host) {
            return ports.stream().filter(port -> port.host().equals(host)).findFirst().orElse(null);
        }
    }

    /**
     * Where a host is connected.
     *
     * @param host the host
     * @param link its interface: named after the switch, or the host at the other end
     * @param address that one's address
     */
    record Port(String host, String link, InetAddress address) {}

    /** How packets are impaired or limited; one of both is null. */
    record Shape(@Nullable Impairment impairment, @Nullable RateLimit limit) {

        LinkChange change(String link) {
            return impairment != null
                    ? new LinkChange.Impair(link, impairment)
                    : new LinkChange.Limit(link, Objects.requireNonNull(limit));
        }
    }

    /** A way to a segment: the first router, or null for a segment of one's own. */
    private record Way(@Nullable InetAddress gateway) {}

    Host host(String name) {
        return hosts.stream().filter(host -> host.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no host " + name));
    }

    List<Segment> segments(String host) {
        return segments.stream().filter(segment -> segment.port(host) != null).toList();
    }

    /** Where a host is connected, in the order of mention. */
    Stream<Port> ports(String host) {
        return ports(host, segments);
    }

    private static Stream<Port> ports(String host, Collection<Segment> segments) {
        return segments.stream().flatMap(segment -> segment.ports().stream()).filter(port -> port.host().equals(host));
    }

    /** The addresses and routes of a host, whose interfaces are there. */
    NetSpec network(String host) {
        List<AddressSpec> addresses = new ArrayList<>();
        for (Segment segment : segments) {
            Port port = segment.port(host);
            if (port != null) {
                addresses.add(new AddressSpec(port.link(), new IpPrefix(port.address(), segment.subnet().length())));
            }
        }
        List<RouteSpec> routes = new ArrayList<>();
        ways(host).forEach((segment, way) -> {
            if (way.gateway() != null) {
                routes.add(new RouteSpec(segment.subnet(), way.gateway(), null, false, null, 0));
            }
        });
        return new NetSpec(false, List.of(), addresses, routes, List.of(), Map.of());
    }

    /** The nearest first: by the fewest routers, and of these ways the one that was mentioned first. It leads over subnets of one family. */
    private Map<Segment, Way> ways(String host) {
        Map<Segment, Way> ways = new LinkedHashMap<>();
        Queue<Segment> next = new ArrayDeque<>(segments(host));
        next.forEach(segment -> ways.put(segment, new Way(null)));
        while (!next.isEmpty()) {
            Segment from = next.remove();
            Way way = ways.get(from);
            for (Port port : from.ports()) {
                if (way != null && host(port.host()).router() && !port.host().equals(host)) {
                    Way further = new Way(way.gateway() == null ? port.address() : way.gateway());
                    for (Segment to : segments(port.host())) {
                        if (to.subnet().isIp6() == from.subnet().isIp6() && ways.putIfAbsent(to, further) == null) {
                            next.add(to);
                        }
                    }
                }
            }
        }
        return ways;
    }

    /** What a host's sysctls have to be, whatever it inherits from the machine. */
    Map<String, String> sysctls(String host) {
        Map<String, String> sysctls = new LinkedHashMap<>();
        List<Segment> own = segments(host);
        String forwarding = host(host).router() ? "1" : "0";
        if (host(host).router() || own.size() > 1) {
            sysctls.put("net.ipv4.ip_forward", forwarding);
            sysctls.put("net.ipv4.conf.all.rp_filter", "0"); // of several ways, answers may take another
            sysctls.put("net.ipv4.conf.default.rp_filter", "0");
        }
        if (own.stream().anyMatch(segment -> segment.subnet().isIp6())) {
            sysctls.put("net.ipv6.conf.all.forwarding", forwarding);
            sysctls.put("net.ipv6.conf.default.accept_dad", "0"); // link-local addresses can be used at once
        }
        return sysctls;
    }

    /** All hosts as one of them knows them: by those addresses that it can reach, if there are any, and by the nearest first. */
    List<Port> known(String host) {
        Map<Segment, Way> ways = ways(host);
        List<Port> known = new ArrayList<>();
        for (Host other : hosts) {
            List<Port> reached = ports(other.name(), ways.keySet()).toList();
            known.addAll(reached.isEmpty() ? ports(other.name()).toList() : reached);
        }
        return known;
    }
}
