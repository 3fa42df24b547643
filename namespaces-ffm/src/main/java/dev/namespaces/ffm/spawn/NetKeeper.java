package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.net.NetSetup;
import dev.namespaces.ffm.net.NetlinkSocket;
import dev.namespaces.ffm.net.OutboundFilter;
import dev.namespaces.ffm.net.Place;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.NetSpec;
import dev.namespaces.spi.OutboundSpec;

/** Makes what the child's network contains, through a socket that the child has opened in there and sent. */
final class NetKeeper implements Gates.Keeper {

    private final NetSpec spec;
    private final boolean ownUser;
    private final boolean newUser;
    private final boolean makes;
    private final boolean restricts;
    private final boolean keeps;

    NetKeeper(Job job) {
        spec = job.spec().net();
        ownUser = job.hasUserNamespace();
        newUser = job.creates(NamespaceKind.USER);
        makes = job.makesNetwork();
        restricts = job.restrictsNetwork();
        keeps = job.keepsNetwork();
    }

    @Override
    public void pass(Newborn child, Gates.Arrival arrival, CommandSpec command) throws NamespaceException {
        NetlinkSocket socket = NetlinkSocket.of(Descriptors.receive(arrival.socket(), Step.NETLINK, ""));
        boolean kept = false;
        try {
            if (makes) {
                child.keep(NetSetup.apply(spec, socket, Place.ofProcess(child.pid()), !newUser, NetlinkSocket::open));
            }
            OutboundSpec outbound = makes ? spec.outbound() : null;
            if (outbound != null) {
                if (restricts) {
                    restrict(outbound, arrival);
                }
                child.keep(new Outbound(Outbound.DIRECTORY).start(outbound, child.pid(), ownUser));
            }
            if (keeps) {
                child.keep(socket);
                kept = true;
            }
        } finally {
            if (!kept) {
                socket.close();
            }
        }
    }

    /** Before there is a way out. */
    private static void restrict(OutboundSpec outbound, Gates.Arrival arrival) throws NamespaceException {
        try (NetlinkSocket socket = NetlinkSocket
                .of(Descriptors.receive(arrival.socket(), Step.RESTRICT_OUTBOUND, ""))) {
            OutboundFilter.apply(outbound.allowed(), socket);
        }
    }
}
