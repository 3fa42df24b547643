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
