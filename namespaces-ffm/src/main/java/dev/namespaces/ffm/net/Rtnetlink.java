package dev.namespaces.ffm.net;

/** The constants of netlink(7) and rtnetlink(7) under the kernel's names. Those of attributes are in {@link Attribute}. */
final class Rtnetlink {

    // socket(2), recv(2), netlink(7)
    static final int AF_NETLINK = 16;
    static final int NETLINK_ROUTE = 0;
    static final int SOL_NETLINK = 270;
    static final int NETLINK_CAP_ACK = 10;
    static final int NETLINK_EXT_ACK = 11;

    // types of messages
    static final int NLMSG_ERROR = 2;
    static final int NLMSG_DONE = 3;
    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_GETLINK = 18;
    static final int RTM_SETLINK = 19;
    static final int RTM_NEWADDR = 20;
    static final int RTM_DELADDR = 21;
    static final int RTM_GETADDR = 22;
    static final int RTM_NEWROUTE = 24;
    static final int RTM_DELROUTE = 25;
    static final int RTM_GETROUTE = 26;
    static final int RTM_NEWNEIGH = 28;
    static final int RTM_DELNEIGH = 29;
    static final int RTM_GETNEIGH = 30;
    static final int RTM_NEWQDISC = 36;
    static final int RTM_DELQDISC = 37;

    // flags of messages: of all, of requests for a list, of requests for something new, of acknowledgements
    static final int NLM_F_REQUEST = 1;
    static final int NLM_F_ACK = 4;
    static final int NLM_F_DUMP_INTR = 0x10;
    static final int NLM_F_DUMP = 0x300;
    static final int NLM_F_REPLACE = 0x100;
    static final int NLM_F_EXCL = 0x200;
    static final int NLM_F_CREATE = 0x400;
    static final int NLM_F_CAPPED = 0x100;
    static final int NLM_F_ACK_TLVS = 0x200;

    // attributes
    static final int NLA_F_NESTED = 0x8000;
    static final int NLA_TYPE_MASK = 0x3fff;

    // links
    static final int RTEXT_FILTER_SKIP_STATS = 8;

    // addresses
    static final int IFA_F_NODAD = 2;
    static final int INFINITY_LIFE_TIME = -1;

    // routes
    static final int RT_TABLE_MAIN = 254;
    static final int RTPROT_STATIC = 4;
    static final int RTN_UNICAST = 1;
    static final int RT_SCOPE_UNIVERSE = 0;
    static final int RT_SCOPE_LINK = 253;
    static final int RT_SCOPE_HOST = 254;
    static final int RT_SCOPE_NOWHERE = 255;
    static final int RTNH_F_ONLINK = 4;
    static final int RTM_F_CLONED = 0x200;

    // neighbours
    static final int NUD_PERMANENT = 0x80;

    // queueing disciplines
    static final int TC_H_ROOT = -1;
    static final int TC_LINKLAYER_ETHERNET = 1;

    private Rtnetlink() {}
}
