package dev.namespaces.ffm.net;

import dev.namespaces.IpPrefix;
import dev.namespaces.NamespaceException;
import dev.namespaces.Route;
import dev.namespaces.Scope;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.net.NetStruct.Rtmsg;
import dev.namespaces.ffm.net.NetStruct.Rtnexthop;
import dev.namespaces.ffm.net.NetStruct.Rtvia;
import dev.namespaces.spi.RouteSpec;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Routes: see rtnetlink(7), ip-route(8). */
public final class Routes {

    private Routes() {}

    /**
     * Adds a route to the main table.
     *
     * @param route the route
     * @param link the interface that it names, or null where it names none
     * @return the request
     */
    public static Request add(RouteSpec route, @Nullable LinkRef link) {
        return request(Rtnetlink.RTM_NEWROUTE, Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_EXCL, Step.ADD_ROUTE, route,
                link).field8(Rtmsg.PROTOCOL, Rtnetlink.RTPROT_STATIC)
                .field8(Rtmsg.SCOPE,
                        route.gateway() == null ? Rtnetlink.RT_SCOPE_LINK : Rtnetlink.RT_SCOPE_UNIVERSE);
    }

    /**
     * Deletes a route from the main table, whoever made it.
     *
     * @param route what is said of it
     * @param link the interface that it names, or null where it names none
     * @return the request
     */
    public static Request delete(RouteSpec route, @Nullable LinkRef link) {
        return request(Rtnetlink.RTM_DELROUTE, 0, Step.DELETE_ROUTE, route, link).field8(Rtmsg.SCOPE,
                Rtnetlink.RT_SCOPE_NOWHERE);
    }

    private static Request request(int type, int flags, Step step, RouteSpec route, @Nullable LinkRef link) {
        IpPrefix destination = route.destination();
        Request request = new Request(type, flags, Rtmsg.SIZE, step, route.toString())
                .field8(Rtmsg.FAMILY, Families.of(destination.address()))
                .field8(Rtmsg.DESTINATION_LENGTH, destination.length())
                .field8(Rtmsg.TABLE, Rtnetlink.RT_TABLE_MAIN).field8(Rtmsg.TYPE, Rtnetlink.RTN_UNICAST)
                .field32(Rtmsg.FLAGS, route.onLink() ? Rtnetlink.RTNH_F_ONLINK : 0);
        if (!route.destination().equals(IpPrefix.ALL_IP4) && !route.destination().equals(IpPrefix.ALL_IP6)) {
            request.bytes(Attribute.RTA_DST, destination.address().getAddress());
        }
        if (route.gateway() != null) {
            request.bytes(Attribute.RTA_GATEWAY, route.gateway().getAddress());
        }
        if (route.source() != null) {
            request.bytes(Attribute.RTA_PREFSRC, route.source().getAddress());
        }
        if (route.metric() != 0) {
            request.u32(Attribute.RTA_PRIORITY, (int) route.metric());
        }
        if (link != null) {
            request.u32(Attribute.RTA_OIF, link.index());
        }
        return request;
    }

    /**
     * All routes of a namespace, in all of its tables.
     *
     * @param socket the namespace's
     * @return the routes, in the kernel's order
     * @throws NamespaceException if the kernel refuses it
     */
    public static List<Route> list(NetlinkSocket socket) throws NamespaceException {
        return socket.list(new Request(Rtnetlink.RTM_GETROUTE, 0, Rtmsg.SIZE, Step.READ_NETWORK, "the routes"),
                Routes::read);
    }

    static void read(Message message, Consumer<Route> found) throws MalformedMessageException {
        int family = message.field8(Rtmsg.FAMILY);
        int flags = message.field32(Rtmsg.FLAGS);
        if (!Families.isKnown(family) || (flags & Rtnetlink.RTM_F_CLONED) != 0) {
            return;
        }
        Attributes attributes = message.attributes(Rtmsg.SIZE);
        if (!attributes.has(Attribute.RTA_MULTIPATH)) {
            found.accept(route(message, attributes, attributes, attributes.u32(Attribute.RTA_OIF), flags));
            return;
        }
        ByteBuffer bytes = attributes.datagram();
        int end = attributes.end(Attribute.RTA_MULTIPATH);
        int at = attributes.start(Attribute.RTA_MULTIPATH);
        while (at < end) {
            int room = end - at;
            int length = room < Rtnexthop.SIZE ? 0 : Short.toUnsignedInt(bytes.getShort(at + Rtnexthop.LENGTH));
            if (length < Rtnexthop.SIZE || length > room) {
                throw new MalformedMessageException("a next hop of " + length + " bytes where there are " + room);
            }
            found.accept(route(message, attributes, Attributes.of(bytes, at + Rtnexthop.SIZE, at + length),
                    OptionalInt.of(bytes.getInt(at + Rtnexthop.INDEX)),
                    Byte.toUnsignedInt(bytes.get(at + Rtnexthop.FLAGS))));
            at = Message.aligned(at + length);
        }
    }

    private static Route route(Message message, Attributes attributes, Attributes hop, OptionalInt link, int flags)
            throws MalformedMessageException {
        InetAddress destination = attributes.has(Attribute.RTA_DST)
                ? attributes.address(Attribute.RTA_DST, 0)
                : (message.field8(Rtmsg.FAMILY) == Linux.AF_INET ? IpPrefix.ALL_IP4 : IpPrefix.ALL_IP6).address();
        return new Route(Prefixes.of(destination, message.field8(Rtmsg.DESTINATION_LENGTH)),
                Numbers.find(Route.Type.values(), Route.Type::number, message.field8(Rtmsg.TYPE),
                        Route.Type.UNSPECIFIED),
                gateway(hop), link, attributes.address(Attribute.RTA_PREFSRC),
                Integer.toUnsignedLong(attributes.u32(Attribute.RTA_PRIORITY, 0)),
                attributes.nested(Attribute.RTA_METRICS).u32(Attribute.RTAX_MTU),
                Numbers.find(Scope.values(), Scope::number, message.field8(Rtmsg.SCOPE), Scope.OTHER),
                message.field8(Rtmsg.PROTOCOL),
                Integer.toUnsignedLong(attributes.u32(Attribute.RTA_TABLE, message.field8(Rtmsg.TABLE))),
                Bits.of(Route.Flag.class, Route.Flag::bit, flags));
    }

    /** A gateway of the other family is told in another attribute. */
    private static Optional<InetAddress> gateway(Attributes hop) throws MalformedMessageException {
        return hop.has(Attribute.RTA_VIA)
                ? Optional.of(hop.address(Attribute.RTA_VIA, Rtvia.SIZE))
                : hop.address(Attribute.RTA_GATEWAY);
    }
}
