package dev.namespaces.ffm.net;

import dev.namespaces.IpPrefix;
import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.net.NetStruct.Nfgenmsg;
import dev.namespaces.spi.OutboundSpec.Allowed;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets only what is allowed leave a network namespace, by rules of nftables: whatever is sent to others is rejected, and nothing is forwarded. What goes to the loopback
 * interface passes, and what answers somebody; and by which IPv6 finds its neighbours.
 *
 * <p>
 * A table of such rules belongs to no process: it is there as long as the network namespace is, or until somebody with CAP_NET_ADMIN in there deletes it.
 */
public final class OutboundFilter {

    /** The protocol of the socket that it is made through, {@code NETLINK_NETFILTER}. */
    public static final int PROTOCOL = Nftables.NETLINK_NETFILTER;

    static final String TABLE = "outbound";
    static final String OUTPUT = "output";
    static final String MODULE = "nf_tables";
    private static final String FORWARD = "forward";
    /** So that what is sent at once fits into the kernel's buffer for it. */
    private static final int MOST_AT_ONCE = 100;
    private static final int IP4_DESTINATION = 16;
    private static final int IP6_DESTINATION = 24;
    private static final int DESTINATION_PORT = 2;

    private OutboundFilter() {}

    /**
     * Makes the rules. If something is refused, some of them may be there: the namespace is to be given up.
     *
     * @param allowed where packets may go
     * @param socket the namespace's, of the protocol {@link #PROTOCOL}
     * @throws NamespaceException if the kernel refuses something
     */
    public static void apply(List<Allowed> allowed, NetlinkSocket socket) throws NamespaceException {
        List<Request> requests = new ArrayList<>(List.of(table(), chain(OUTPUT, Nftables.NF_INET_LOCAL_OUT),
                chain(FORWARD, Nftables.NF_INET_FORWARD), loopback(), replies(), neighbours()));
        allowed.forEach(it -> requests.add(allow(it)));
        requests.add(new Rule("by rejecting the rest").needing("nft_reject_inet").reject());
        for (int from = 0; from < requests.size(); from += MOST_AT_ONCE) {
            List<Request> batch = new ArrayList<>(
                    requests.subList(from, Math.min(from + MOST_AT_ONCE, requests.size())));
            batch.addFirst(edge(Nftables.NFNL_MSG_BATCH_BEGIN));
            batch.addLast(edge(Nftables.NFNL_MSG_BATCH_END));
            socket.makeBatch(batch);
        }
    }

    static int type(int message) {
        return Nftables.NFNL_SUBSYS_NFTABLES << Byte.SIZE | message;
    }

    private static Request edge(int type) {
        return new Request(type, 0, Nfgenmsg.SIZE, Step.RESTRICT_OUTBOUND, "by nftables").needing(MODULE)
                .field8(Nfgenmsg.SUBSYSTEM, Nftables.NFNL_SUBSYS_NFTABLES);
    }

    private static Request request(int message, String detail) {
        return new Request(type(message), Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_EXCL, Nfgenmsg.SIZE,
                Step.RESTRICT_OUTBOUND, detail).needing(MODULE).field8(Nfgenmsg.FAMILY, Nftables.NFPROTO_INET);
    }

    private static Request table() {
        return request(Nftables.NFT_MSG_NEWTABLE, "by a table of nftables").text(Attribute.NFTA_TABLE_NAME, TABLE);
    }

    /** A chain that drops what none of its rules accepts. */
    private static Request chain(String name, int hook) {
        Request request = request(Nftables.NFT_MSG_NEWCHAIN, "by a chain of nftables, " + name)
                .text(Attribute.NFTA_CHAIN_TABLE, TABLE).text(Attribute.NFTA_CHAIN_NAME, name);
        return request
                .nest(Attribute.NFTA_CHAIN_HOOK, () -> request.be32(Attribute.NFTA_HOOK_HOOKNUM, hook)
                        .be32(Attribute.NFTA_HOOK_PRIORITY, 0))
                .be32(Attribute.NFTA_CHAIN_POLICY, Nftables.NF_DROP).text(Attribute.NFTA_CHAIN_TYPE, "filter");
    }

    private static Request loopback() {
        return new Rule("to the loopback interface").meta(Nftables.NFT_META_OIF)
                .isEqual(Rule.host32(LinkRef.LOOPBACK.index())).accept();
    }

    private static Request replies() {
        return new Rule("to replies").needing("nft_ct").connection(Nftables.NFT_CT_STATE)
                .masked(Rule.host32(Nftables.NF_CT_ESTABLISHED)).compare(Nftables.NFT_CMP_NEQ, Rule.host32(0))
                .accept();
    }

    private static Request neighbours() {
        return new Rule("to IPv6's neighbours").meta(Nftables.NFT_META_L4PROTO)
                .isEqual((byte) Nftables.IPPROTO_ICMPV6).payload(Nftables.NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1)
                .compare(Nftables.NFT_CMP_GTE, (byte) Nftables.ND_ROUTER_SOLICIT)
                .compare(Nftables.NFT_CMP_LTE, (byte) Nftables.ND_NEIGHBOR_ADVERT).accept();
    }

    private static Request allow(Allowed allowed) {
        IpPrefix network = allowed.network();
        byte[] address = network.address().getAddress();
        Rule rule = new Rule("to " + allowed).meta(Nftables.NFT_META_NFPROTO)
                .isEqual((byte) (network.isIp6() ? Nftables.NFPROTO_IPV6 : Nftables.NFPROTO_IPV4))
                .payload(Nftables.NFT_PAYLOAD_NETWORK_HEADER, network.isIp6() ? IP6_DESTINATION : IP4_DESTINATION,
                        address.length)
                .masked(mask(network)).isEqual(address);
        if (allowed.port() != 0) {
            rule.meta(Nftables.NFT_META_L4PROTO)
                    .isEqual((byte) (allowed.udp() ? Nftables.IPPROTO_UDP : Nftables.IPPROTO_TCP))
                    .payload(Nftables.NFT_PAYLOAD_TRANSPORT_HEADER, DESTINATION_PORT, Short.BYTES)
                    .isEqual(Rule.network16(allowed.port()));
        }
        return rule.accept();
    }

    private static byte[] mask(IpPrefix network) {
        byte[] mask = new byte[network.address().getAddress().length];
        for (int bit = 0; bit < network.length(); bit++) {
            mask[bit / Byte.SIZE] |= (byte) (0x80 >> bit % Byte.SIZE);
        }
        return mask;
    }
}
