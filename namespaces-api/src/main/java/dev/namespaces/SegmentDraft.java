package dev.namespaces;

import dev.namespaces.spi.IpText;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A link or a switch while its network is described. */
final class SegmentDraft {

    private static final List<IpPrefix> RESERVED = List.of(IpPrefix.of("0.0.0.0/8"), IpPrefix.of("127.0.0.0/8"),
            IpPrefix.of("224.0.0.0/3"), IpPrefix.of("::/8"), IpPrefix.of("fe80::/10"), IpPrefix.of("ff00::/8"));

    private final @Nullable String name;
    private final IpPrefix subnet;
    /** The interface of each host, in the order of mention. */
    private final Map<String, String> links;
    private final Map<String, InetAddress> chosen = new HashMap<>();
    private final Map<String, Topology.Shape> shape = new HashMap<>();

    SegmentDraft(@Nullable String name, IpPrefix subnet, Map<String, String> links) {
        this.name = name;
        this.subnet = subnet;
        this.links = new LinkedHashMap<>(links);
        if (!subnet.isNetwork()) {
            throw new IllegalArgumentException("not a network, which would be " + subnet.network() + ": " + subnet);
        }
        RESERVED.stream().filter(other -> other.overlaps(subnet)).findFirst().ifPresent(other -> {
            throw new IllegalArgumentException(
                    "hosts cannot have addresses of " + subnet + ": " + other + " is reserved");
        });
        if (BigInteger.valueOf(links.size()).compareTo(last().subtract(first())) > 0) {
            throw new IllegalArgumentException("there are not enough addresses in " + subnet + " for " + links.size()
                    + " hosts");
        }
    }

    IpPrefix subnet() {
        return subnet;
    }

    /** Whether it is a host's interface of that name. */
    boolean has(String host, String link) {
        return link.equals(links.get(host));
    }

    void choose(String host, InetAddress address) {
        if (subnet.isIp6() != IpPrefix.of(address).isIp6()) {
            throw new IllegalArgumentException("IPv4 and IPv6 are mixed: " + IpText.of(address) + " in " + subnet);
        }
        if (!subnet.contains(address) || isOutOf(number(address))) {
            throw new IllegalArgumentException("no host in " + subnet + " can have the address " + IpText.of(address));
        }
        if (chosen.entrySet().stream().anyMatch(it -> it.getValue().equals(address) && !it.getKey().equals(host))) {
            throw new IllegalArgumentException("the address is given twice: " + IpText.of(address));
        }
        chosen.put(host, address);
    }

    /** Both ends of a link, or one host's port of a switch. */
    void shape(String host, Topology.Shape how) {
        List<String> ends = name == null ? List.copyOf(links.keySet()) : List.of(host);
        if (shape.containsKey(host)) {
            throw new IllegalArgumentException("what " + host + " sends through " + links.get(host)
                    + " is impaired or limited already");
        }
        ends.forEach(end -> shape.put(end, how));
    }

    /** Those who have no address of their choice get the lowest ones that are left, in the order of mention. */
    Topology.Segment finished() {
        List<Topology.Port> ports = new ArrayList<>();
        BigInteger next = first();
        for (Map.Entry<String, String> it : links.entrySet()) {
            InetAddress address = chosen.get(it.getKey());
            while (address == null) {
                InetAddress free = address(next);
                next = next.add(BigInteger.ONE);
                address = chosen.containsValue(free) ? null : free;
            }
            ports.add(new Topology.Port(it.getKey(), it.getValue(), address));
        }
        return new Topology.Segment(name, subnet, ports, shape);
    }

    /** The first that a host can have: in networks of two, RFC 3021 and RFC 6164, the very first. */
    private BigInteger first() {
        return number(subnet.address()).add(hostBits() > 1 ? BigInteger.ONE : BigInteger.ZERO);
    }

    /** Behind the last one, which with IPv4 is for broadcasts. */
    private BigInteger last() {
        BigInteger end = number(subnet.address()).add(BigInteger.ONE.shiftLeft(hostBits()));
        return subnet.isIp6() || hostBits() <= 1 ? end : end.subtract(BigInteger.ONE);
    }

    private boolean isOutOf(BigInteger number) {
        return number.compareTo(first()) < 0 || number.compareTo(last()) >= 0;
    }

    private int hostBits() {
        return subnet.address().getAddress().length * Byte.SIZE - subnet.length();
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    private InetAddress address(BigInteger number) {
        byte[] bytes = new byte[subnet.address().getAddress().length];
        byte[] digits = number.toByteArray(); // with a zero in front, or less than all
        int length = Math.min(bytes.length, digits.length);
        System.arraycopy(digits, digits.length - length, bytes, bytes.length - length, length);
        return IpText.of(bytes);
    }
}
