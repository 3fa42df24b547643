package dev.namespaces.ffm.net;

import dev.namespaces.Address;
import dev.namespaces.IpPrefix;
import dev.namespaces.NamespaceException;
import dev.namespaces.Scope;
import dev.namespaces.Step;
import dev.namespaces.ffm.net.NetStruct.IfaCacheinfo;
import dev.namespaces.ffm.net.NetStruct.Ifaddrmsg;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Addresses of interfaces: see rtnetlink(7), ip-address(8). */
public final class Addresses {

    private Addresses() {}

    /**
     * Gives an interface an address.
     *
     * <p>
     * With IPv6, nobody is asked whether the address is taken ({@code IFA_F_NODAD}): it can be used at once rather than after a second, and it is
     * for the caller to give no address twice.
     *
     * @param link which
     * @param address the address, and the length of its network's prefix
     * @return the request
     */
    public static Request add(LinkRef link, IpPrefix address) {
        return request(Rtnetlink.RTM_NEWADDR, Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_EXCL, Step.ADD_ADDRESS, link,
                address).field8(Ifaddrmsg.FLAGS, address.isIp6() ? Rtnetlink.IFA_F_NODAD : 0)
                .field8(Ifaddrmsg.SCOPE, scope(address.address()).number());
    }

    /**
     * Takes an address from an interface, and with an IPv4 address the others that came later in the same network.
     *
     * @param link which
     * @param address the address, and the length of its network's prefix
     * @return the request
     */
    public static Request delete(LinkRef link, IpPrefix address) {
        return request(Rtnetlink.RTM_DELADDR, 0, Step.DELETE_ADDRESS, link, address);
    }

    private static Request request(int type, int flags, Step step, LinkRef link, IpPrefix address) {
        byte[] bytes = address.address().getAddress();
        return new Request(type, flags, Ifaddrmsg.SIZE, step, address + " dev " + link)
                .field8(Ifaddrmsg.FAMILY, Families.of(address.address()))
                .field8(Ifaddrmsg.PREFIX_LENGTH, address.length()).field32(Ifaddrmsg.INDEX, link.index())
                .bytes(Attribute.IFA_LOCAL, bytes).bytes(Attribute.IFA_ADDRESS, bytes);
    }

    /** IPv6's scopes the kernel knows by itself; of IPv4 it is told. */
    private static Scope scope(InetAddress address) {
        return address.isLoopbackAddress() ? Scope.HOST : Scope.GLOBAL;
    }

    /**
     * All addresses of a namespace.
     *
     * @param socket the namespace's
     * @return the addresses, in the kernel's order
     * @throws NamespaceException if the kernel refuses it
     */
    public static List<Address> list(NetlinkSocket socket) throws NamespaceException {
        return socket.list(new Request(Rtnetlink.RTM_GETADDR, 0, Ifaddrmsg.SIZE, Step.READ_NETWORK, "the addresses"),
                Addresses::read);
    }

    static void read(Message message, Consumer<Address> found) throws MalformedMessageException {
        int family = message.field8(Ifaddrmsg.FAMILY);
        Attributes attributes = message.attributes(Ifaddrmsg.SIZE);
        if (!Families.isKnown(family) || !attributes.has(Attribute.IFA_ADDRESS)) {
            return;
        }
        InetAddress other = attributes.address(Attribute.IFA_ADDRESS, 0);
        InetAddress local = attributes.address(Attribute.IFA_LOCAL).orElse(other);
        int flags = attributes.u32(Attribute.IFA_FLAGS, message.field8(Ifaddrmsg.FLAGS));
        boolean ends = attributes.has(Attribute.IFA_CACHEINFO);
        found.accept(new Address(message.field32(Ifaddrmsg.INDEX),
                Prefixes.of(local, message.field8(Ifaddrmsg.PREFIX_LENGTH)),
                other.equals(local) ? Optional.empty() : Optional.of(other),
                attributes.address(Attribute.IFA_BROADCAST),
                Numbers.find(Scope.values(), Scope::number, message.field8(Ifaddrmsg.SCOPE), Scope.OTHER),
                attributes.text(Attribute.IFA_LABEL), Bits.of(Address.Flag.class, Address.Flag::bit, flags),
                ends ? time(attributes, IfaCacheinfo.VALID) : Optional.empty(),
                ends ? time(attributes, IfaCacheinfo.PREFERRED) : Optional.empty()));
    }

    private static Optional<Duration> time(Attributes attributes, int offset) throws MalformedMessageException {
        int seconds = attributes.u32At(Attribute.IFA_CACHEINFO, offset);
        return seconds == Rtnetlink.INFINITY_LIFE_TIME
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds(Integer.toUnsignedLong(seconds)));
    }
}
