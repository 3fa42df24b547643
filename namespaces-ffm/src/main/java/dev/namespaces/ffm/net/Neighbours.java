package dev.namespaces.ffm.net;

import dev.namespaces.MacAddress;
import dev.namespaces.NamespaceException;
import dev.namespaces.Neighbour;
import dev.namespaces.Step;
import dev.namespaces.ffm.net.NetStruct.Ndmsg;
import dev.namespaces.spi.IpText;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;

/** Neighbours: see rtnetlink(7), ip-neighbour(8). */
public final class Neighbours {

    private Neighbours() {}

    /**
     * Sets the hardware address of a neighbour, who is not looked for from then on.
     *
     * @param link the interface
     * @param address the neighbour's IP address
     * @param mac its hardware address
     * @return the request
     */
    public static Request add(LinkRef link, InetAddress address, MacAddress mac) {
        return request(Rtnetlink.RTM_NEWNEIGH, Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_REPLACE, Step.ADD_NEIGHBOUR,
                link, address).field16(Ndmsg.STATE, Rtnetlink.NUD_PERMANENT).bytes(Attribute.NDA_LLADDR, mac.bytes());
    }

    /**
     * Forgets a neighbour.
     *
     * @param link the interface
     * @param address the neighbour's IP address
     * @return the request
     */
    public static Request delete(LinkRef link, InetAddress address) {
        return request(Rtnetlink.RTM_DELNEIGH, 0, Step.DELETE_NEIGHBOUR, link, address);
    }

    private static Request request(int type, int flags, Step step, LinkRef link, InetAddress address) {
        return new Request(type, flags, Ndmsg.SIZE, step, IpText.of(address) + " dev " + link)
                .field8(Ndmsg.FAMILY, Families.of(address)).field32(Ndmsg.INDEX, link.index())
                .bytes(Attribute.NDA_DST, address.getAddress());
    }

    /**
     * All neighbours that a namespace knows.
     *
     * @param socket the namespace's
     * @return the neighbours, in the kernel's order
     * @throws NamespaceException if the kernel refuses it
     */
    public static List<Neighbour> list(NetlinkSocket socket) throws NamespaceException {
        return socket.list(new Request(Rtnetlink.RTM_GETNEIGH, 0, Ndmsg.SIZE, Step.READ_NETWORK, "the neighbours"),
                Neighbours::read);
    }

    static void read(Message message, Consumer<Neighbour> found) throws MalformedMessageException {
        int family = message.field8(Ndmsg.FAMILY);
        Attributes attributes = message.attributes(Ndmsg.SIZE);
        if (Families.isKnown(family) && attributes.has(Attribute.NDA_DST)) {
            found.accept(new Neighbour(message.field32(Ndmsg.INDEX), attributes.address(Attribute.NDA_DST, 0),
                    Links.mac(attributes, Attribute.NDA_LLADDR), Numbers.find(Neighbour.State.values(),
                            Neighbour.State::number, message.field16(Ndmsg.STATE), Neighbour.State.NONE)));
        }
    }
}
