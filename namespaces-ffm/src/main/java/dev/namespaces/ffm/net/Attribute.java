package dev.namespaces.ffm.net;

/** The attributes that are written or read, under the kernel's names. What is not here is passed over. */
enum Attribute {
    IFLA_ADDRESS(1), //
    IFLA_IFNAME(3), //
    IFLA_MTU(4), //
    IFLA_LINK(5), //
    IFLA_QDISC(6), //
    IFLA_MASTER(10), //
    IFLA_TXQLEN(13), //
    IFLA_OPERSTATE(16), //
    IFLA_LINKINFO(18), //
    IFLA_NET_NS_PID(19), //
    IFLA_NET_NS_FD(28), //
    IFLA_EXT_MASK(29), //
    IFLA_LINK_NETNSID(37), //
    IFLA_INFO_KIND(1), //
    IFLA_INFO_DATA(2), //
    IFLA_MACVLAN_MODE(1), //
    VETH_INFO_PEER(1), //

    IFA_ADDRESS(1), //
    IFA_LOCAL(2), //
    IFA_LABEL(3), //
    IFA_BROADCAST(4), //
    IFA_CACHEINFO(6), //
    IFA_FLAGS(8), //

    RTA_DST(1), //
    RTA_OIF(4), //
    RTA_GATEWAY(5), //
    RTA_PRIORITY(6), //
    RTA_PREFSRC(7), //
    RTA_METRICS(8), //
    RTA_MULTIPATH(9), //
    RTA_TABLE(15), //
    RTA_VIA(18), //
    RTAX_MTU(2), //

    NDA_DST(1), //
    NDA_LLADDR(2), //

    TCA_KIND(1), //
    TCA_OPTIONS(2), //
    TCA_NETEM_REORDER(3), //
    TCA_NETEM_RATE(6), //
    TCA_NETEM_RATE64(8), //
    TCA_NETEM_LATENCY64(10), //
    TCA_NETEM_JITTER64(11), //
    TCA_TBF_PARMS(1), //
    TCA_TBF_RATE64(4), //
    TCA_TBF_BURST(6), //

    NFTA_TABLE_NAME(1), //
    NFTA_CHAIN_TABLE(1), //
    NFTA_CHAIN_NAME(3), //
    NFTA_CHAIN_HOOK(4), //
    NFTA_CHAIN_POLICY(5), //
    NFTA_CHAIN_TYPE(7), //
    NFTA_HOOK_HOOKNUM(1), //
    NFTA_HOOK_PRIORITY(2), //
    NFTA_RULE_TABLE(1), //
    NFTA_RULE_CHAIN(2), //
    NFTA_RULE_EXPRESSIONS(4), //
    NFTA_LIST_ELEM(1), //
    NFTA_EXPR_NAME(1), //
    NFTA_EXPR_DATA(2), //
    NFTA_DATA_VALUE(1), //
    NFTA_DATA_VERDICT(2), //
    NFTA_VERDICT_CODE(1), //
    NFTA_META_DREG(1), //
    NFTA_META_KEY(2), //
    NFTA_CT_DREG(1), //
    NFTA_CT_KEY(2), //
    NFTA_PAYLOAD_DREG(1), //
    NFTA_PAYLOAD_BASE(2), //
    NFTA_PAYLOAD_OFFSET(3), //
    NFTA_PAYLOAD_LEN(4), //
    NFTA_BITWISE_SREG(1), //
    NFTA_BITWISE_DREG(2), //
    NFTA_BITWISE_LEN(3), //
    NFTA_BITWISE_MASK(4), //
    NFTA_BITWISE_XOR(5), //
    NFTA_CMP_SREG(1), //
    NFTA_CMP_OP(2), //
    NFTA_CMP_DATA(3), //
    NFTA_IMMEDIATE_DREG(1), //
    NFTA_IMMEDIATE_DATA(2), //
    NFTA_REJECT_TYPE(1), //
    NFTA_REJECT_ICMP_CODE(2), //

    NLMSGERR_ATTR_MSG(1), //
    NLMSGERR_ATTR_OFFS(2), //
    NLMSGERR_ATTR_MISS_TYPE(5);

    /** More than any number. */
    static final int NUMBERS = 64;

    private final int number;

    Attribute(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
