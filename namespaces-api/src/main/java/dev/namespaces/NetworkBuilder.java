package dev.namespaces;

import dev.namespaces.spi.HostName;
import dev.namespaces.spi.InterfaceName;
import dev.namespaces.spi.IpText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Describes a {@link Network}: first its hosts, then what connects them. Values are checked at once, and nothing is made before {@link #open}.
 *
 * <p>
 * A host's interface has the name of the switch that it is connected to, or of the host at the other end of the link, so such a name has at most 15 characters. The
 * addresses of a subnet are handed out in the order in which hosts are named, from the lowest on, unless {@link #address} says otherwise. Not thread-safe.
 */
public final class NetworkBuilder {

    /** No number, nor longer than a host's name may be. */
    private static final Pattern LIKE_A_NAME = Pattern.compile("[A-Za-z].{0,62}");
    /** Names that mean something else, there or to the kernel. */
    private static final Set<String> RESERVED = Set.of("localhost", "lo", "all", "default");

    private final Map<String, Topology.Host> hosts = new LinkedHashMap<>();
    private final List<SegmentDraft> segments = new ArrayList<>();
    /** In lower case, as in names of hosts the case does not matter. */
    private final List<String> names = new ArrayList<>();

    NetworkBuilder() {}

    /**
     * Adds hosts.
     *
     * @param names their names, which begin with a letter, as resolvers take them, 63 characters at most
     * @return this
     * @throws IllegalArgumentException if one is no such name, or the name of another host or a switch
     */
    public NetworkBuilder hosts(String... names) {
        return add(false, names);
    }

    /**
     * Adds hosts that forward packets from one subnet to another. Every host gets the routes to all subnets that it can reach through them, each by the way with the
     * fewest routers.
     *
     * @param names their names
     * @return this
     * @throws IllegalArgumentException as from {@link #hosts}
     */
    public NetworkBuilder routers(String... names) {
        return add(true, names);
    }

    private NetworkBuilder add(boolean routers, String... more) {
        for (String name : more) {
            checkNew(name);
            take(name);
            hosts.put(name, new Topology.Host(name, routers));
        }
        return this;
    }

    private void checkNew(String name) {
        HostName.checked(name);
        if (!LIKE_A_NAME.matcher(name).matches() || RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("not a name for a host or a switch: \"" + name + "\"");
        }
        if (names.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("there is a host or a switch named " + name + " already");
        }
    }

    private void take(String name) {
        names.add(name.toLowerCase(Locale.ROOT));
    }

    /**
     * Connects two hosts.
     *
     * @param one a host
     * @param other another one
     * @param subnet the network of their addresses, such as {@code "10.9.0.0/24"} or {@code "fd00:9::/64"}
     * @return this
     * @throws IllegalArgumentException if there are no such hosts, or they are connected already; if an interface cannot have the name of one; if it is no
     *     network, overlaps with another one, or has too few addresses
     */
    public NetworkBuilder link(String one, String other, String subnet) {
        if (one.equals(other)) {
            throw new IllegalArgumentException("a host cannot be linked with itself: " + one);
        }
        Map<String, String> links = new LinkedHashMap<>();
        links.put(one, other);
        links.put(other, one);
        return connect(null, subnet, links);
    }

    /**
     * Connects any number of hosts.
     *
     * @param name the name of the switch, which follows the rules of {@link #hosts}
     * @param subnet the network of their addresses
     * @param members the hosts, at least one
     * @return this
     * @throws IllegalArgumentException if there is a host or a switch of that name, or no interface can have it; if there are no such hosts, none, or one is
     *     named twice; if it is no network, overlaps with another one, or has too few addresses
     */
    public NetworkBuilder switchOf(String name, String subnet, String... members) {
        checkNew(name);
        if (members.length == 0) {
            throw new IllegalArgumentException("a switch connects at least one host: " + name);
        }
        Map<String, String> links = new LinkedHashMap<>();
        for (String member : members) {
            if (links.put(member, name) != null) {
                throw new IllegalArgumentException("a host is connected to a switch once: " + member + " to " + name);
            }
        }
        connect(name, subnet, links);
        take(name);
        return this;
    }

    private NetworkBuilder connect(@Nullable String name, String subnet, Map<String, String> links) {
        links.forEach((host, link) -> {
            checkKnown(host);
            InterfaceName.checked(link);
            if (segments.stream().anyMatch(segment -> segment.has(host, link))) {
                throw new IllegalArgumentException(host + " and " + link + " are connected already");
            }
        });
        SegmentDraft draft = new SegmentDraft(name, IpPrefix.of(subnet), links);
        for (SegmentDraft other : segments) {
            if (other.subnet().overlaps(draft.subnet())) {
                throw new IllegalArgumentException(
                        "two subnets overlap: " + draft.subnet() + " and " + other.subnet());
            }
        }
        segments.add(draft);
        return this;
    }

    private void checkKnown(String host) {
        if (!hosts.containsKey(host)) {
            throw new IllegalArgumentException("there is no host " + host);
        }
    }

    /**
     * Chooses the address of an interface.
     *
     * @param host the host
     * @param link its interface: the name of the switch, or of the host at the other end
     * @param address such as {@code "10.9.0.254"}
     * @return this
     * @throws IllegalArgumentException if there is no such host or no such interface; if it is no address that a host in the subnet can have, or another one has it
     */
    public NetworkBuilder address(String host, String link, String address) {
        segment(host, link).choose(host, IpText.parse(address));
        return this;
    }

    /**
     * Impairs a connection from the start, in both directions, as {@link NetworkLink#impair} does.
     *
     * @param one a host
     * @param other the switch, or the host at the other end
     * @param impairment how
     * @return this
     * @throws IllegalArgumentException if they are not connected, or that is impaired or limited already
     */
    public NetworkBuilder impair(String one, String other, Impairment impairment) {
        return shape(one, other, new Topology.Shape(impairment, null));
    }

    /**
     * Limits a connection from the start, in both directions, as {@link NetworkLink#limit} does.
     *
     * @param one a host
     * @param other the switch, or the host at the other end
     * @param limit how much
     * @return this
     * @throws IllegalArgumentException if they are not connected, or that is impaired or limited already
     */
    public NetworkBuilder limit(String one, String other, RateLimit limit) {
        return shape(one, other, new Topology.Shape(null, limit));
    }

    private NetworkBuilder shape(String host, String link, Topology.Shape shape) {
        segment(host, link).shape(host, shape);
        return this;
    }

    private SegmentDraft segment(String host, String link) {
        checkKnown(host);
        return segments.stream().filter(segment -> segment.has(host, link)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(host + " and " + link + " are not connected"));
    }

    Topology topology() {
        return new Topology(List.copyOf(hosts.values()), segments.stream().map(SegmentDraft::finished).toList());
    }

    /**
     * Makes the network. When this returns, every host can reach every other that it is connected with, directly or through routers. The builder can be used again.
     *
     * @return the network, to be closed
     * @throws NamespaceException if the kernel refuses a step, such as for want of {@code veth}, {@code bridge}, {@code sch_netem} or {@code sch_tbf}; nothing is left then
     * @throws UnsupportedOperationException if this JVM cannot make namespaces at all, with the reason
     */
    public Network open() throws NamespaceException {
        return Network.open(topology());
    }
}
