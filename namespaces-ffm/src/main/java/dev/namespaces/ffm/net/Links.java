package dev.namespaces.ffm.net;

import dev.namespaces.Link;
import dev.namespaces.MacAddress;
import dev.namespaces.MacvlanMode;
import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.net.NetStruct.Ifinfomsg;
import dev.namespaces.spi.InterfaceName;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Interfaces: see rtnetlink(7), ip-link(8). */
public final class Links {

    private static final int MAC_BYTES = 6;

    private Links() {}

    // ---- making

    /**
     * Makes a pair of interfaces, each the other's end, the second at once in another namespace; see veth(4).
     *
     * <p>
     * The kernel cannot bring the second up before the first is there (ENOTCONN), nor make it a port: both is for requests that follow, in its
     * namespace.
     *
     * @param link the one here
     * @param peer the other one, of which name, number, MTU and hardware address count
     * @param place where that one is to be, or null for here
     * @return the request
     * @throws IllegalArgumentException if the number of one end is chosen and not that of the other, which only another place makes up for
     */
    public static Request veth(NewLink link, NewLink peer, @Nullable Place place) {
        if (link.index() == 0 ? peer.index() != 0 : peer.index() == 0 && place == null) {
            throw new IllegalArgumentException(
                    "the kernel takes the numbers of both ends or of none: " + link.index() + ", " + peer.index());
        }
        return pair(link, null, peer, place);
    }

    /**
     * Makes a pair from outside of the namespace of its first end. For that it takes rights over that, over the one here, and over that of the second.
     *
     * @param link the one there
     * @param there where that is
     * @param peer the other one, of which name, MTU and hardware address count; the kernel chooses its number
     * @param place where that one is to be, or null for here
     * @return the request
     */
    public static Request vethFromOutside(NewLink link, Place there, NewLink peer, @Nullable Place place) {
        return pair(link, there, peer.at(0), place).fromOutside();
    }

    private static Request pair(NewLink link, @Nullable Place there, NewLink peer, @Nullable Place place) {
        Request request = making(link, "veth", link.name() + " and its other end " + peer.name());
        if (there != null) {
            there.write(request);
        }
        return request.nest(Attribute.IFLA_LINKINFO, () -> request.text(Attribute.IFLA_INFO_KIND, "veth")
                .nest(Attribute.IFLA_INFO_DATA, () -> request.nest(Attribute.VETH_INFO_PEER, () -> {
                    NewLink plain = peer.portOf(0).down();
                    plain.write(request.raw(plain.header()));
                    if (place != null) {
                        place.write(request.reachingOver());
                    }
                })));
    }

    /**
     * Makes a bridge; see bridge(8).
     *
     * @param link the bridge
     * @return the request
     */
    public static Request bridge(NewLink link) {
        return ofKind(link, "bridge");
    }

    /**
     * Makes an interface that swallows what is sent through it.
     *
     * @param link the interface
     * @return the request
     */
    public static Request dummy(NewLink link) {
        return ofKind(link, "dummy");
    }

    private static Request ofKind(NewLink link, String kind) {
        Request request = making(link, kind, link.name());
        return request.nest(Attribute.IFLA_LINKINFO, () -> request.text(Attribute.IFLA_INFO_KIND, kind));
    }

    /**
     * Makes an interface that shares another, with a hardware address of its own.
     *
     * @param link the new one
     * @param lower the other
     * @param mode whom it can reach
     * @return the request
     */
    public static Request macvlan(NewLink link, LinkRef lower, MacvlanMode mode) {
        Request request = making(link, "macvlan", link.name() + " on " + lower);
        return sharing(request, lower, mode);
    }

    /**
     * Makes such an interface at once in another namespace, from that of the one that it shares. For that it takes rights over both.
     *
     * @param link the new one, there
     * @param there where that is
     * @param lower the other, here
     * @param mode whom it can reach
     * @return the request
     */
    public static Request macvlanFromOutside(NewLink link, Place there, LinkRef lower, MacvlanMode mode) {
        Request request = making(link, "macvlan", link.name() + " on " + lower + " outside").fromOutside();
        there.write(request);
        return sharing(request, lower, mode);
    }

    private static Request sharing(Request request, LinkRef lower, MacvlanMode mode) {
        request.u32(Attribute.IFLA_LINK, lower.index());
        return request.nest(Attribute.IFLA_LINKINFO, () -> request.text(Attribute.IFLA_INFO_KIND, "macvlan")
                .nest(Attribute.IFLA_INFO_DATA, () -> request.u32(Attribute.IFLA_MACVLAN_MODE, mode.number())));
    }

    private static Request making(NewLink link, String kind, String detail) {
        Request request = new Request(Rtnetlink.RTM_NEWLINK, Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_EXCL, 0,
                Step.ADD_LINK, detail).needing(kind).raw(link.header());
        link.write(request);
        return request;
    }

    // ---- changing

    /**
     * Brings an interface up.
     *
     * @param link which
     * @return the request
     */
    public static Request up(LinkRef link) {
        return up(changing(link, ""));
    }

    private static Request up(Request request) {
        return request.field32(Ifinfomsg.FLAGS, Linux.IFF_UP).field32(Ifinfomsg.CHANGE, Linux.IFF_UP);
    }

    /**
     * Takes an interface down, with which its routes vanish, and its IPv6 addresses.
     *
     * @param link which
     * @return the request
     */
    public static Request down(LinkRef link) {
        return changing(link, "").field32(Ifinfomsg.CHANGE, Linux.IFF_UP);
    }

    /**
     * Makes an interface a port of a bridge.
     *
     * @param link which
     * @param master the bridge
     * @return the request
     */
    public static Request join(LinkRef link, LinkRef master) {
        return changing(link, " (a port of " + master + ")").u32(Attribute.IFLA_MASTER, master.index());
    }

    /**
     * Makes an interface a port of nothing.
     *
     * @param link which
     * @return the request
     */
    public static Request leave(LinkRef link) {
        return changing(link, " (a port no more)").u32(Attribute.IFLA_MASTER, 0);
    }

    /**
     * Limits the size of packets.
     *
     * @param link which
     * @param bytes the largest packet
     * @return the request
     */
    public static Request mtu(LinkRef link, int bytes) {
        return changing(link, " (MTU " + bytes + ")").u32(Attribute.IFLA_MTU, bytes);
    }

    /**
     * Changes a hardware address.
     *
     * @param link which
     * @param mac the new one
     * @return the request
     */
    public static Request mac(LinkRef link, MacAddress mac) {
        return changing(link, " (MAC address " + mac + ")").bytes(Attribute.IFLA_ADDRESS, mac.bytes());
    }

    /**
     * Renames an interface. Before Linux 6.2 it has to be down.
     *
     * @param link which
     * @param name its new name
     * @return the request
     * @throws IllegalArgumentException if no interface can have that name, or the number is not known
     */
    public static Request rename(LinkRef link, String name) {
        return changing(numbered(link), " (to be named " + name + ")").text(Attribute.IFLA_IFNAME,
                InterfaceName.checked(name));
    }

    /**
     * Moves an interface to another namespace. There it is down, and has neither addresses nor routes.
     *
     * @param link which
     * @param place where to
     * @param name its name there
     * @return the request
     * @throws IllegalArgumentException if no interface can have that name, or the number is not known
     */
    public static Request move(LinkRef link, Place place, String name) {
        return moving(numbered(link), place, InterfaceName.checked(name));
    }

    private static Request moving(LinkRef link, Place place, String name) {
        Request request = changing(link, " (to be moved, and named " + name + ")").text(Attribute.IFLA_IFNAME, name);
        place.write(request);
        return request;
    }

    /**
     * Moves an interface back to where it was before, and makes it there what it was, but for addresses and routes.
     *
     * @param link the interface as it is
     * @param place where it was
     * @param before what it was
     * @param name its name there, or {@code "dev%d"}, of which the kernel makes one that is free
     * @return the request
     */
    static Request moveBack(Link link, Place place, Link before, String name) {
        Request request = moving(new LinkRef(link.index(), link.name()), place, name).u32(Attribute.IFLA_MTU,
                before.mtu());
        if (!before.mac().equals(link.mac())) { // some kinds do not take one
            before.mac().ifPresent(mac -> request.bytes(Attribute.IFLA_ADDRESS, mac.bytes()));
        }
        return before.isUp() ? up(request) : request;
    }

    private static Request changing(LinkRef link, String how) {
        return naming(Rtnetlink.RTM_SETLINK, Step.CHANGE_LINK, link, how);
    }

    /**
     * Deletes an interface, and with one end of a {@code veth} the other.
     *
     * @param link which
     * @return the request
     */
    public static Request delete(LinkRef link) {
        return naming(Rtnetlink.RTM_DELLINK, Step.DELETE_LINK, link, "");
    }

    private static Request naming(int type, Step step, LinkRef link, String how) {
        Request request = new Request(type, 0, Ifinfomsg.SIZE, step, link + how).field32(Ifinfomsg.INDEX, link.index());
        return link.index() == 0 ? request.text(Attribute.IFLA_IFNAME, link.name()) : request;
    }

    private static LinkRef numbered(LinkRef link) {
        if (link.index() == 0) {
            throw new IllegalArgumentException(
                    "to be given another name, an interface is named by its number: " + link);
        }
        return link;
    }

    // ---- reading

    /**
     * All interfaces of a namespace.
     *
     * @param socket the namespace's
     * @return the interfaces, in the kernel's order
     * @throws NamespaceException if the kernel refuses it
     */
    public static List<Link> list(NetlinkSocket socket) throws NamespaceException {
        return socket.list(reading("the interfaces"), Links::read);
    }

    /**
     * Asks for one interface.
     *
     * @param link which
     * @return the request, whose answer {@link #lower} reads
     */
    static Request get(LinkRef link) {
        return reading("the interface " + link).field32(Ifinfomsg.INDEX, link.index());
    }

    private static Request reading(String detail) {
        return new Request(Rtnetlink.RTM_GETLINK, 0, Ifinfomsg.SIZE, Step.READ_NETWORK, detail)
                .u32(Attribute.IFLA_EXT_MASK, Rtnetlink.RTEXT_FILTER_SKIP_STATS);
    }

    /** The number of what an interface is linked to, such as the other end of a {@code veth}. */
    static void lower(Message message, Consumer<Integer> found) throws MalformedMessageException {
        found.accept(message.attributes(Ifinfomsg.SIZE).u32(Attribute.IFLA_LINK, 0));
    }

    static void read(Message message, Consumer<Link> found) throws MalformedMessageException {
        int flags = message.field32(Ifinfomsg.FLAGS);
        Attributes attributes = message.attributes(Ifinfomsg.SIZE);
        found.accept(new Link(message.field32(Ifinfomsg.INDEX), attributes.text(Attribute.IFLA_IFNAME),
                attributes.nested(Attribute.IFLA_LINKINFO).text(Attribute.IFLA_INFO_KIND),
                Bits.of(Link.Flag.class, Link.Flag::bit, flags),
                Numbers.find(Link.State.values(), Link.State::number, attributes.u8(Attribute.IFLA_OPERSTATE, 0),
                        Link.State.UNKNOWN),
                attributes.u32(Attribute.IFLA_MTU, 0),
                mac(attributes, Attribute.IFLA_ADDRESS), attributes.text(Attribute.IFLA_QDISC),
                attributes.u32(Attribute.IFLA_TXQLEN, 0), attributes.u32(Attribute.IFLA_MASTER),
                attributes.u32(Attribute.IFLA_LINK), attributes.u32(Attribute.IFLA_LINK_NETNSID)));
    }

    /** Other hardware than Ethernet's has addresses of other lengths. */
    static Optional<MacAddress> mac(Attributes attributes, Attribute attribute) {
        if (!attributes.has(attribute) || attributes.end(attribute) - attributes.start(attribute) != MAC_BYTES) {
            return Optional.empty();
        }
        return Optional.of(MacAddress.of(attributes.bytes(attribute)));
    }
}
