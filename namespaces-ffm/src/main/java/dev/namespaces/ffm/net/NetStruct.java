package dev.namespaces.ffm.net;

/**
 * The layouts of the kernel's structures for networks, as far as they are used: sizes and offsets in bytes, alike on x86-64 and AArch64. A test
 * compares each with what the C compiler says.
 */
@SuppressWarnings("MissingSummary") // the fields are explained by rtnetlink(7)
final class NetStruct {

    private NetStruct() {}

    /** {@code struct sockaddr_nl}; netlink(7). */
    static final class SockaddrNl {
        static final int SIZE = 12;
        static final int FAMILY = 0;

        private SockaddrNl() {}
    }

    /** {@code struct timeval}. */
    static final class Timeval {
        static final int SIZE = 16;
        static final int SECONDS = 0;

        private Timeval() {}
    }

    /** {@code struct nlmsghdr}, with which every message begins; netlink(7). */
    static final class Nlmsghdr {
        static final int SIZE = 16;
        static final int LENGTH = 0;
        static final int TYPE = 4;
        static final int FLAGS = 6;
        static final int SEQUENCE = 8;

        private Nlmsghdr() {}
    }

    /** {@code struct nlmsgerr}; netlink(7). */
    static final class Nlmsgerr {
        static final int SIZE = 20;
        static final int ERROR = 0;
        static final int MESSAGE = 4;

        private Nlmsgerr() {}
    }

    /** {@code struct nlattr}, with which every attribute begins. */
    static final class Nlattr {
        static final int SIZE = 4;
        static final int LENGTH = 0;
        static final int TYPE = 2;

        private Nlattr() {}
    }

    /** {@code struct nfgenmsg}. */
    static final class Nfgenmsg {
        static final int SIZE = 4;
        static final int FAMILY = 0;
        /** The lower half of {@code res_id}, which has network byte order. */
        static final int SUBSYSTEM = 3;

        private Nfgenmsg() {}
    }

    /** {@code struct ifinfomsg}. */
    static final class Ifinfomsg {
        static final int SIZE = 16;
        static final int INDEX = 4;
        static final int FLAGS = 8;
        static final int CHANGE = 12;

        private Ifinfomsg() {}
    }

    /** {@code struct ifaddrmsg}. */
    static final class Ifaddrmsg {
        static final int SIZE = 8;
        static final int FAMILY = 0;
        static final int PREFIX_LENGTH = 1;
        static final int FLAGS = 2;
        static final int SCOPE = 3;
        static final int INDEX = 4;

        private Ifaddrmsg() {}
    }

    /** {@code struct ifa_cacheinfo}. */
    static final class IfaCacheinfo {
        static final int SIZE = 16;
        static final int PREFERRED = 0;
        static final int VALID = 4;

        private IfaCacheinfo() {}
    }

    /** {@code struct rtmsg}. */
    static final class Rtmsg {
        static final int SIZE = 12;
        static final int FAMILY = 0;
        static final int DESTINATION_LENGTH = 1;
        static final int TABLE = 4;
        static final int PROTOCOL = 5;
        static final int SCOPE = 6;
        static final int TYPE = 7;
        static final int FLAGS = 8;

        private Rtmsg() {}
    }

    /** {@code struct rtnexthop}. */
    static final class Rtnexthop {
        static final int SIZE = 8;
        static final int LENGTH = 0;
        static final int FLAGS = 2;
        static final int INDEX = 4;

        private Rtnexthop() {}
    }

    /** {@code struct rtvia}, whose address follows. */
    static final class Rtvia {
        static final int SIZE = 2;

        private Rtvia() {}
    }

    /** {@code struct ndmsg}. */
    static final class Ndmsg {
        static final int SIZE = 12;
        static final int FAMILY = 0;
        static final int INDEX = 4;
        static final int STATE = 8;

        private Ndmsg() {}
    }

    /** {@code struct tcmsg}. */
    static final class Tcmsg {
        static final int SIZE = 20;
        static final int INDEX = 4;
        static final int PARENT = 12;

        private Tcmsg() {}
    }

    /** {@code struct tc_netem_qopt}. */
    static final class TcNetemQopt {
        static final int SIZE = 24;
        static final int LIMIT = 4;
        static final int LOSS = 8;
        static final int GAP = 12;

        private TcNetemQopt() {}
    }

    /** {@code struct tc_netem_reorder}. */
    static final class TcNetemReorder {
        static final int SIZE = 8;
        static final int PROBABILITY = 0;

        private TcNetemReorder() {}
    }

    /** {@code struct tc_netem_rate}. */
    static final class TcNetemRate {
        static final int SIZE = 16;
        static final int RATE = 0;

        private TcNetemRate() {}
    }

    /** {@code struct tc_tbf_qopt}, with a {@code struct tc_ratespec} at its beginning. */
    static final class TcTbfQopt {
        static final int SIZE = 36;
        static final int RATE_LINKLAYER = 1;
        static final int RATE_RATE = 8;
        static final int LIMIT = 24;

        private TcTbfQopt() {}
    }

    /** {@code struct sockaddr_ll}; packet(7). */
    static final class SockaddrLl {
        static final int SIZE = 20;
        static final int FAMILY = 0;
        static final int PROTOCOL = 2;
        static final int INDEX = 4;
        static final int HARDWARE_TYPE = 8;
        static final int PACKET_TYPE = 10;
        static final int ADDRESS_LENGTH = 11;
        static final int ADDRESS = 12;

        private SockaddrLl() {}
    }

    /** {@code struct tpacket_req3}; packet(7). */
    static final class TpacketReq3 {
        static final int SIZE = 28;
        static final int BLOCK_SIZE = 0;
        static final int BLOCK_COUNT = 4;
        static final int FRAME_SIZE = 8;
        static final int FRAME_COUNT = 12;
        static final int RETIRE_MILLIS = 16;

        private TpacketReq3() {}
    }

    /** {@code struct tpacket_block_desc}, with which every block of a ring begins; its offsets count from there. */
    static final class TpacketBlock {
        static final int STATUS = 8;
        static final int PACKETS = 12;
        static final int FIRST = 16;

        private TpacketBlock() {}
    }

    /** {@code struct tpacket3_hdr}, with which every packet begins; its offsets count from there. A {@code struct sockaddr_ll} follows. */
    static final class Tpacket3Hdr {
        static final int SIZE = 48;
        static final int NEXT = 0;
        static final int SECONDS = 4;
        static final int NANOS = 8;
        static final int CAPTURED = 12;
        static final int LENGTH = 16;
        static final int DATA = 24;

        private Tpacket3Hdr() {}
    }

    /** {@code struct tpacket_stats_v3}. */
    static final class TpacketStats {
        static final int SIZE = 12;
        static final int DROPS = 4;

        private TpacketStats() {}
    }
}
