package dev.namespaces;

import dev.namespaces.spi.AddressSpec;
import dev.namespaces.spi.HostName;
import dev.namespaces.spi.InterfaceName;
import dev.namespaces.spi.IpText;
import dev.namespaces.spi.LinkSpec;
import dev.namespaces.spi.NamesSpec;
import dev.namespaces.spi.NeighbourSpec;
import dev.namespaces.spi.NetSpec;
import dev.namespaces.spi.OutboundSpec;
import dev.namespaces.spi.RouteSpec;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a new network namespace contains; see network_namespaces(7).
 *
 * <p>
 * All of it is there when the command starts. Whoever may create the network namespace may do all this to it: root, and anybody with a user namespace; only a
 * {@link #veth veth}, a {@link #macvlan macvlan} and an interface that is {@linkplain #move(String) moved in} take rights outside. What the kernel refuses is a
 * {@link NamespaceException} with the kernel's own words, where it has any, and nothing is left then.
 *
 * <p>
 * An interface is described first, and named from then on. Texts that are addresses are taken as they are: no name is looked up. Not
 * thread-safe: used within {@link NamespaceBuilder#net(java.util.function.Consumer)} only.
 */
public final class NetConfig {

    private static final String LOOPBACK = "lo";
    /** IPv4's smallest. */
    private static final int SMALLEST_MTU = 68;
    private static final int LARGEST_MTU = 65_535;
    /** {@code MAXNS} of the resolver. */
    private static final int MOST_NAME_SERVERS = 3;
    private static final Pattern SYSCTL = Pattern.compile("net(\\.[A-Za-z0-9_-]+)+");

    private boolean loopback;
    private final List<LinkSpec> links;
    private final List<AddressSpec> addresses;
    private final List<RouteSpec> routes;
    private final List<NeighbourSpec> neighbours;
    private final Map<String, String> sysctls;
    private @Nullable OutboundSpec outbound;
    private final List<NamesSpec.Host> hosts;
    private final List<InetAddress> nameServers;
    private final List<String> searchDomains;

    NetConfig(NetSpec spec) {
        loopback = spec.loopback();
        links = new ArrayList<>(spec.links());
        addresses = new ArrayList<>(spec.addresses());
        routes = new ArrayList<>(spec.routes());
        neighbours = new ArrayList<>(spec.neighbours());
        sysctls = new LinkedHashMap<>(spec.sysctls());
        outbound = spec.outbound();
        hosts = new ArrayList<>(spec.names().hosts());
        nameServers = new ArrayList<>(spec.names().servers());
        searchDomains = new ArrayList<>(spec.names().search());
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

    /**
     * Makes a pair of interfaces, one inside, the other in the network namespace of the thread that spawns; see veth(4). Takes CAP_NET_ADMIN there, and a kernel
     * with {@code CONFIG_VETH}. The other end is down at first, unless it is given a {@linkplain #hostAddress host address}. It vanishes with the network namespace, which the kernel
     * frees some time after the last process in there has ended; until then its name is taken.
     *
     * @param name the name of the end inside
     * @param hostEnd the name of the other end
     * @return this
     * @throws IllegalArgumentException if no interface can have such a name, or another one has it already
     */
    public NetConfig veth(String name, String hostEnd) {
        return link(new LinkSpec(name, new LinkSpec.Veth(unusedOutside(hostEnd))));
    }

    /** What is moved in comes back under its name. */
    private String unusedOutside(String name) {
        if (links.stream().anyMatch(link -> switch (link.kind()) {
            case LinkSpec.Veth pair -> pair.hostEnd().equals(name);
            case LinkSpec.Moved moved -> moved.hostName().equals(name);
            default -> false;
        })) {
            throw new IllegalArgumentException("there are two interfaces named " + name + " outside");
        }
        return InterfaceName.checked(name);
    }

    /**
     * Makes a pair of interfaces, one inside, the other in a network namespace that exists, where it is down and has no address. The pair vanishes with either namespace.
     *
     * <p>
     * Takes CAP_NET_ADMIN over both. An ordinary user has it over namespaces that one user namespace owns: the new one is made in that of the other, by
     * {@link NamespaceBuilder#join}. With {@link NamespaceBuilder#user} it has to be a right of this JVM, and over the JVM's own network too.
     *
     * @param name the name of the end inside
     * @param there where the other end is to be; it must still be open when a command is spawned, which throws an {@link IllegalStateException} otherwise
     * @param peer the name of the other end
     * @return this
     * @throws IllegalArgumentException if no interface can have such a name, another one has it already, or the handle is not of a network namespace
     */
    public NetConfig veth(String name, NamespaceHandle there, String peer) {
        if (there.kind() != NamespaceKind.NET) {
            throw new IllegalArgumentException("not a network namespace: " + there);
        }
        LinkSpec.Pair pair = new LinkSpec.Pair(InterfaceName.checked(peer), there);
        if (links.stream().anyMatch(link -> link.kind().equals(pair))) {
            throw new IllegalArgumentException("there are two interfaces named " + peer + " in " + there);
        }
        return link(new LinkSpec(name, pair));
    }

    /**
     * Gives the other end of a pair an address, and brings it up, so that both ends can reach each other as soon as the command starts. May be called more than
     * once. An IPv6 address can be used at once, as with {@link #address address}. With the address comes a route in the network namespace outside: choose a network
     * that nobody uses there. It vanishes with that end, and takes the rights that {@link #veth veth} takes.
     *
     * @param hostEnd the name of the other end of a pair that has been described
     * @param address such as {@code "10.9.0.254/24"} or {@code "fd00::fe/64"}
     * @return this
     * @throws IllegalArgumentException if there is no such pair, it is no address, or an interface has it already
     */
    public NetConfig hostAddress(String hostEnd, String address) {
        LinkSpec link = links.stream()
                .filter(it -> it.kind() instanceof LinkSpec.Veth pair && pair.hostEnd().equals(hostEnd)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no pair with the end " + hostEnd
                        + " outside has been described"));
        IpPrefix prefix = unused(IpPrefix.of(address));
        return change(link.name(), it -> it.kind() instanceof LinkSpec.Veth pair
                ? it.withKind(new LinkSpec.Veth(hostEnd,
                        Stream.concat(pair.hostAddresses().stream(), Stream.of(prefix)).toList()))
                : it);
    }

    private Stream<LinkSpec.Veth> pairs() {
        return links.stream().map(LinkSpec::kind).filter(LinkSpec.Veth.class::isInstance)
                .map(LinkSpec.Veth.class::cast);
    }

    private IpPrefix unused(IpPrefix prefix) {
        Stream<IpPrefix> outside = pairs().flatMap(pair -> pair.hostAddresses().stream());
        if (Stream.concat(addresses.stream().map(AddressSpec::address), outside)
                .anyMatch(other -> other.address().equals(prefix.address()))) {
            throw new IllegalArgumentException("the address is given twice: " + IpText.of(prefix.address()));
        }
        return prefix;
    }

    /**
     * Makes an interface that shares one of the network namespace of the thread that spawns, with a hardware address of its own; see ip-link(8). Takes CAP_NET_ADMIN
     * there, and a kernel with {@code CONFIG_MACVLAN}. The host itself cannot be reached through it, in any mode. It vanishes with the network namespace, which the
     * kernel frees some time after the last process in there has ended; until then its hardware address is taken, and in mode {@code PASSTHRU} the interface outside.
     *
     * @param name its name
     * @param lower the name of the interface outside, which stays there
     * @param mode whom it can reach besides the network outside
     * @return this
     * @throws IllegalArgumentException if no interface can have such a name, or one has it already
     */
    public NetConfig macvlan(String name, String lower, MacvlanMode mode) {
        return link(new LinkSpec(name,
                new LinkSpec.Macvlan(InterfaceName.checked(lower), Objects.requireNonNull(mode, "mode"))));
    }

    /**
     * Moves an interface in, which keeps its name.
     *
     * @param hostName its name outside
     * @return this
     * @throws IllegalArgumentException as by {@link #move(String, String)}
     */
    public NetConfig move(String hostName) {
        return move(hostName, hostName);
    }

    /**
     * Moves an interface in from the network namespace of the thread that spawns, and back when the command has ended, or the live namespaces are closed, or the
     * JVM exits, even though others are in the network still; after an end, {@code close()} returns when it is back. It comes back under its old name, unless another one
     * has that by then, with its old MTU and hardware address, and up if it was up. What the kernel takes from an interface that moves is lost: its addresses, its
     * routes, the bridge that it was a port of. Takes CAP_NET_ADMIN and CAP_SYS_ADMIN outside. Whoever is root inside may do anything to it, delete it too.
     *
     * <p>
     * If the JVM is killed, the kernel deletes the interface together with the network namespace, unless it is hardware: that comes to the first network of the
     * machine.
     *
     * @param hostName its name outside
     * @param name its name inside
     * @return this
     * @throws IllegalArgumentException if no interface can have such a name, one has it already, or it is {@code "lo"}, of which every network has its own
     */
    public NetConfig move(String hostName, String name) {
        if (hostName.equals(LOOPBACK)) {
            throw new IllegalArgumentException("every network has a loopback interface of its own, which stays there");
        }
        return link(new LinkSpec(name, new LinkSpec.Moved(unusedOutside(hostName))));
    }

    /**
     * Makes a bridge; see ip-link(8). Takes a kernel with {@code CONFIG_BRIDGE}.
     *
     * @param name its name
     * @param ports the interfaces that are its ports
     * @return this
     * @throws IllegalArgumentException if no interface can have that name, one has it already, or a port has not been described, or is one of another
     *     bridge
     */
    public NetConfig bridge(String name, String... ports) {
        for (String port : ports) {
            LinkSpec link = described(port);
            if (link.master() != null || link.kind() instanceof LinkSpec.Bridge) {
                throw new IllegalArgumentException(port + " cannot become a port of the bridge " + name + ": it is "
                        + (link.master() == null ? "a bridge" : "one of " + link.master()));
            }
        }
        link(new LinkSpec(name, new LinkSpec.Bridge()));
        for (String port : ports) {
            change(port, link -> link.withMaster(name));
        }
        return this;
    }

    private NetConfig link(LinkSpec link) {
        InterfaceName.checked(link.name());
        if (isKnown(link.name())) {
            throw new IllegalArgumentException("there are two interfaces named " + link.name());
        }
        links.add(link);
        return this;
    }

    /**
     * Limits the size of packets.
     *
     * @param link an interface that has been described
     * @param bytes the largest packet, 68 to 65535
     * @return this
     * @throws IllegalArgumentException if there is no such interface, or it is no such number
     */
    public NetConfig mtu(String link, int bytes) {
        if (bytes < SMALLEST_MTU || bytes > LARGEST_MTU) {
            throw new IllegalArgumentException(
                    "the MTU must lie between " + SMALLEST_MTU + " and " + LARGEST_MTU + ": " + bytes);
        }
        return change(link, described -> described.withMtu(bytes));
    }

    /**
     * Sets a hardware address, which is random otherwise.
     *
     * @param link an interface that has been described
     * @param address such as {@code "02:00:00:00:00:01"}
     * @return this
     * @throws IllegalArgumentException if there is no such interface, or no interface can have that address
     */
    public NetConfig mac(String link, String address) {
        MacAddress mac = MacAddress.of(address);
        if (!mac.isUnicast()) {
            throw new IllegalArgumentException("no interface can have the MAC address " + mac);
        }
        return change(link, described -> described.withMac(mac));
    }

    /**
     * Leaves an interface down, which is brought up otherwise.
     *
     * @param link an interface that has been described
     * @return this
     * @throws IllegalArgumentException if there is no such interface
     */
    public NetConfig down(String link) {
        return change(link, LinkSpec::withoutUp);
    }

    private NetConfig change(String name, UnaryOperator<LinkSpec> change) {
        links.set(links.indexOf(described(name)), change.apply(described(name)));
        return this;
    }

    private LinkSpec described(String name) {
        return links.stream().filter(link -> link.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no interface " + name + " has been described"));
    }

    private boolean isKnown(String name) {
        return name.equals(LOOPBACK) || links.stream().anyMatch(link -> link.name().equals(name));
    }

    private void requireKnown(String name) {
        if (!isKnown(name)) {
            throw new IllegalArgumentException("no interface " + name + " has been described");
        }
    }

    /**
     * Gives an interface an address. An IPv6 address can be used at once: nobody is asked whether it is taken ({@code IFA_F_NODAD}). The link-local address that
     * the kernel itself gives an interface is asked for, and tentative for a second or so, unless {@code sysctl("net.ipv6.conf.default.accept_dad", "0")} turns that
     * off.
     *
     * @param link an interface that has been described, or {@code "lo"}
     * @param address such as {@code "10.9.0.1/24"} or {@code "fd00::1/64"}
     * @return this
     * @throws IllegalArgumentException if there is no such interface, it is no address, or an interface has it already
     */
    public NetConfig address(String link, String address) {
        requireKnown(link);
        addresses.add(new AddressSpec(link, unused(IpPrefix.of(address))));
        return this;
    }

    /**
     * Adds a default route: to wherever no other route leads. {@code build()} refuses it if no address lies in a network with the gateway.
     *
     * @param gateway the router's address
     * @return this
     * @throws IllegalArgumentException if it is no address
     */
    public NetConfig gateway(String gateway) {
        return add(RouteSpec.via(IpText.parse(gateway)));
    }

    /**
     * Adds a route to a network behind a router. {@code build()} refuses it if no address lies in a network with the router.
     *
     * @param network such as {@code "10.2.0.0/16"}
     * @param gateway the router's address
     * @return this
     * @throws IllegalArgumentException if they are none, or of two families
     */
    public NetConfig route(String network, String gateway) {
        return add(new RouteSpec(IpPrefix.of(network), IpText.parse(gateway), null, false, null, 0));
    }

    /**
     * Adds a route to a network that is on a link.
     *
     * @param network such as {@code "10.2.0.0/16"}
     * @param link an interface that has been described, or {@code "lo"}
     * @return this
     * @throws IllegalArgumentException if there is no such interface, or it is no network
     */
    public NetConfig linkRoute(String network, String link) {
        requireKnown(link);
        return add(new RouteSpec(IpPrefix.of(network), null, link, false, null, 0));
    }

    private NetConfig add(RouteSpec route) {
        if (routes.stream().anyMatch(other -> other.destination().equals(route.destination()))) {
            throw new IllegalArgumentException("there are two routes to " + route.destination());
        }
        routes.add(route);
        return this;
    }

    /**
     * Sets the hardware address of a neighbour, who is not looked for then.
     *
     * @param link an interface that has been described
     * @param address the neighbour's IP address
     * @param mac its hardware address
     * @return this
     * @throws IllegalArgumentException if there is no such interface, or they are none
     */
    public NetConfig neighbour(String link, String address, String mac) {
        neighbours.add(new NeighbourSpec(described(link).name(), IpText.parse(address), MacAddress.of(mac)));
        return this;
    }

    /**
     * Sets a sysctl of the namespace; see sysctl(8). They are set in the order of these calls, before any interface is made, so that {@code net.ipv6.conf.default}
     * counts; but those with the name of a described interface in them come last, when that is there. Takes the host's {@code /proc/sys} to be writable, which in
     * containers it often is not; what the root inside has as {@code /proc} does not matter.
     *
     * @param name such as {@code "net.ipv4.ip_forward"}; an interface with a dot in its name cannot be named
     * @param value one line of text
     * @return this
     * @throws IllegalArgumentException if the name does not begin with {@code net.}, or the value is empty or has several lines
     */
    public NetConfig sysctl(String name, String value) {
        if (!SYSCTL.matcher(name).matches()) {
            throw new IllegalArgumentException("not a sysctl of a network: \"" + name + "\"");
        }
        Text.checked("value of " + name, value);
        if (value.isBlank() || value.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("value of " + name + " must be one line of text: \"" + value + "\"");
        }
        sysctls.put(name, value);
        return this;
    }

    /**
     * Says the address of a name, in a file that nobody can write to and that covers {@code /etc/hosts}: it holds the names that are said here, and {@code localhost}.
     * May be called more than once, also for one name. {@code build()} refuses it without a {@linkplain NamespaceBuilder#mount() mount namespace}; the host's file stays as it is.
     * See hosts(5).
     *
     * @param name such as {@code "repository.example"}
     * @param address its address
     * @return this
     * @throws IllegalArgumentException if they are none, or both have been said before
     */
    public NetConfig hosts(String name, String address) {
        return add(hosts, new NamesSpec.Host(HostName.checked(name), IpText.parse(address)), name + " " + address);
    }

    /**
     * Names a name server, in a file that nobody can write to and that covers {@code /etc/resolv.conf}, even where that is a symbolic link. May be called more than once:
     * they are asked in this order. Like {@link #hosts hosts}, it takes a mount namespace. See resolv.conf(5).
     *
     * @param address its address
     * @return this
     * @throws IllegalArgumentException if it is none, has been said before, or is the fourth, which no resolver would ask
     */
    public NetConfig nameServer(String address) {
        if (nameServers.size() == MOST_NAME_SERVERS) {
            throw new IllegalArgumentException("a resolver asks " + MOST_NAME_SERVERS + " name servers at most: "
                    + address + " would be one more");
        }
        return add(nameServers, IpText.parse(address), "name server " + address);
    }

    /**
     * Names a domain in which names without a dot are looked for, in the file that {@link #nameServer nameServer} writes. May be called more than once.
     *
     * @param domain such as {@code "example.org"}
     * @return this
     * @throws IllegalArgumentException if it is none, or has been said before
     */
    public NetConfig searchDomain(String domain) {
        return add(searchDomains, HostName.checked(domain), "search domain " + domain);
    }

    private <T> NetConfig add(List<T> names, T name, String words) {
        if (names.contains(name)) {
            throw new IllegalArgumentException("this is given twice: " + words);
        }
        names.add(name);
        return this;
    }

    /**
     * Makes a way out: whatever the JVM's user can reach on the net can be reached from inside, but not the host's own loopback addresses.
     *
     * @return this
     */
    public NetConfig outbound() {
        return outbound(_ -> {});
    }

    /**
     * Makes a way out through {@code /usr/bin/pasta}, of the Debian package {@code passt}; see pasta(1). An ordinary user needs nothing more than that and {@code /dev/net/tun}.
     * Where only {@code /usr/bin/slirp4netns} is installed, that takes its place; see slirp4netns(1): without IPv6, published ports are TCP's and lead to 10.0.2.100, where a server must listen,
     * and whatever else leads in or out by a port is refused when a command is spawned.
     *
     * <p>
     * Inside, the interface {@code tap0} has the address 10.0.2.100/24, the router is 10.0.2.2, and 10.0.2.3 answers as the host's first name server does. With a
     * {@linkplain NamespaceBuilder#mount() mount namespace} {@code /etc/resolv.conf} says so, unless it is a file of your own, or {@link #nameServer nameServer} says otherwise; without, it
     * stays as it is. IPv6 is there where the host has it. The program has an empty environment, and is ended with the command or the live namespaces, and with the JVM
     * however that ends: a command that lives on has no way out then.
     *
     * @param configurer says which ports lead in and out, and where it may lead
     * @return this
     */
    public NetConfig outbound(Consumer<? super OutboundConfig> configurer) {
        OutboundConfig config = new OutboundConfig(outbound == null ? OutboundSpec.DEFAULT : outbound);
        configurer.accept(config);
        outbound = config.spec();
        return this;
    }

    NetSpec spec() {
        return new NetSpec(loopback, links, addresses, routes, neighbours, sysctls, outbound,
                new NamesSpec(hosts, nameServers, searchDomains));
    }
}
