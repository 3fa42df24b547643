package dev.namespaces.ffm.net;

/** The constants of nfnetlink and nftables under the kernel's names. Those of attributes are in {@link Attribute}. */
final class Nftables {

    static final int NETLINK_NETFILTER = 12;

    // types of messages, and flags of requests for something new
    static final int NFNL_MSG_BATCH_BEGIN = 16;
    static final int NFNL_MSG_BATCH_END = 17;
    static final int NFNL_SUBSYS_NFTABLES = 10;
    static final int NFT_MSG_NEWTABLE = 0;
    static final int NFT_MSG_NEWCHAIN = 3;
    static final int NFT_MSG_NEWRULE = 6;
    static final int NLM_F_APPEND = 0x800;

    // families, hooks, verdicts
    static final int NFPROTO_INET = 1;
    static final int NFPROTO_IPV4 = 2;
    static final int NFPROTO_IPV6 = 10;
    static final int NF_INET_FORWARD = 2;
    static final int NF_INET_LOCAL_OUT = 3;
    static final int NF_DROP = 0;
    static final int NF_ACCEPT = 1;

    // expressions
    static final int NFT_REG_VERDICT = 0;
    static final int NFT_REG_1 = 1;
    static final int NFT_CMP_EQ = 0;
    static final int NFT_CMP_NEQ = 1;
    static final int NFT_CMP_LTE = 3;
    static final int NFT_CMP_GTE = 5;
    static final int NFT_PAYLOAD_NETWORK_HEADER = 1;
    static final int NFT_PAYLOAD_TRANSPORT_HEADER = 2;
    static final int NFT_META_OIF = 5;
    static final int NFT_META_NFPROTO = 15;
    static final int NFT_META_L4PROTO = 16;
    static final int NFT_CT_STATE = 0;
    static final int NF_CT_ESTABLISHED = 2;
    static final int NFT_REJECT_ICMPX_UNREACH = 2;
    static final int NFT_REJECT_ICMPX_ADMIN_PROHIBITED = 3;

    // what packets say
    static final int IPPROTO_TCP = 6;
    static final int IPPROTO_UDP = 17;
    static final int IPPROTO_ICMPV6 = 58;
    static final int ND_ROUTER_SOLICIT = 133;
    static final int ND_NEIGHBOR_ADVERT = 136;

    private Nftables() {}
}
