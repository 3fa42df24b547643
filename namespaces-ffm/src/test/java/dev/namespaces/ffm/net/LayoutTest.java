package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Address;
import dev.namespaces.Link;
import dev.namespaces.MacvlanMode;
import dev.namespaces.Neighbour;
import dev.namespaces.Route;
import dev.namespaces.Scope;
import dev.namespaces.ffm.linux.Abi;
import dev.namespaces.ffm.linux.CCompiler;
import dev.namespaces.ffm.linux.Constants;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each number that the kernel's headers define is compared with what the C compiler says. */
class LayoutTest {

    private static final String HEADERS = """
            #include <stddef.h>
            #include <netinet/icmp6.h>
            #include <netinet/in.h>
            #include <sys/socket.h>
            #include <sys/time.h>
            #include <linux/if.h>
            #include <linux/if_addr.h>
            #include <linux/if_link.h>
            #include <linux/if_packet.h>
            #include <linux/neighbour.h>
            #include <linux/netfilter.h>
            #include <linux/netfilter/nf_conntrack_common.h>
            #include <linux/netfilter/nf_tables.h>
            #include <linux/netfilter/nfnetlink.h>
            #include <linux/netlink.h>
            #include <linux/pkt_sched.h>
            #include <linux/rtnetlink.h>
            #include <linux/veth.h>
            """;

    private static final Map<String, String> OTHER_NAMES = Map.of("INFINITY_LIFE_TIME", "(int) 0xffffffff", "TC_H_ROOT",
            "(int) TC_H_ROOT", "NLA_TYPE_MASK", "NLA_TYPE_MASK & 0xffff", "NF_CT_ESTABLISHED",
            "NF_CT_STATE_BIT(IP_CT_ESTABLISHED)");

    private static final Map<String, String> STRUCTURES = table("""
            SockaddrNl.SIZE           sizeof(struct sockaddr_nl)
            SockaddrNl.FAMILY         offsetof(struct sockaddr_nl, nl_family)
            Timeval.SIZE              sizeof(struct timeval)
            Timeval.SECONDS           offsetof(struct timeval, tv_sec)
            Nlmsghdr.SIZE             sizeof(struct nlmsghdr)
            Nlmsghdr.LENGTH           offsetof(struct nlmsghdr, nlmsg_len)
            Nlmsghdr.TYPE             offsetof(struct nlmsghdr, nlmsg_type)
            Nlmsghdr.FLAGS            offsetof(struct nlmsghdr, nlmsg_flags)
            Nlmsghdr.SEQUENCE         offsetof(struct nlmsghdr, nlmsg_seq)
            Nlmsgerr.SIZE             sizeof(struct nlmsgerr)
            Nlmsgerr.ERROR            offsetof(struct nlmsgerr, error)
            Nlmsgerr.MESSAGE          offsetof(struct nlmsgerr, msg)
            Nlattr.SIZE               sizeof(struct nlattr)
            Nlattr.LENGTH             offsetof(struct nlattr, nla_len)
            Nlattr.TYPE               offsetof(struct nlattr, nla_type)
            Nfgenmsg.SIZE             sizeof(struct nfgenmsg)
            Nfgenmsg.FAMILY           offsetof(struct nfgenmsg, nfgen_family)
            Nfgenmsg.SUBSYSTEM        offsetof(struct nfgenmsg, res_id) + 1
            Ifinfomsg.SIZE            sizeof(struct ifinfomsg)
            Ifinfomsg.INDEX           offsetof(struct ifinfomsg, ifi_index)
            Ifinfomsg.FLAGS           offsetof(struct ifinfomsg, ifi_flags)
            Ifinfomsg.CHANGE          offsetof(struct ifinfomsg, ifi_change)
            Ifaddrmsg.SIZE            sizeof(struct ifaddrmsg)
            Ifaddrmsg.FAMILY          offsetof(struct ifaddrmsg, ifa_family)
            Ifaddrmsg.PREFIX_LENGTH   offsetof(struct ifaddrmsg, ifa_prefixlen)
            Ifaddrmsg.FLAGS           offsetof(struct ifaddrmsg, ifa_flags)
            Ifaddrmsg.SCOPE           offsetof(struct ifaddrmsg, ifa_scope)
            Ifaddrmsg.INDEX           offsetof(struct ifaddrmsg, ifa_index)
            IfaCacheinfo.SIZE         sizeof(struct ifa_cacheinfo)
            IfaCacheinfo.PREFERRED    offsetof(struct ifa_cacheinfo, ifa_prefered)
            IfaCacheinfo.VALID        offsetof(struct ifa_cacheinfo, ifa_valid)
            Rtmsg.SIZE                sizeof(struct rtmsg)
            Rtmsg.FAMILY              offsetof(struct rtmsg, rtm_family)
            Rtmsg.DESTINATION_LENGTH  offsetof(struct rtmsg, rtm_dst_len)
            Rtmsg.TABLE               offsetof(struct rtmsg, rtm_table)
            Rtmsg.PROTOCOL            offsetof(struct rtmsg, rtm_protocol)
            Rtmsg.SCOPE               offsetof(struct rtmsg, rtm_scope)
            Rtmsg.TYPE                offsetof(struct rtmsg, rtm_type)
            Rtmsg.FLAGS               offsetof(struct rtmsg, rtm_flags)
            Rtnexthop.SIZE            sizeof(struct rtnexthop)
            Rtnexthop.LENGTH          offsetof(struct rtnexthop, rtnh_len)
            Rtnexthop.FLAGS           offsetof(struct rtnexthop, rtnh_flags)
            Rtnexthop.INDEX           offsetof(struct rtnexthop, rtnh_ifindex)
            Rtvia.SIZE                offsetof(struct rtvia, rtvia_addr)
            Ndmsg.SIZE                sizeof(struct ndmsg)
            Ndmsg.FAMILY              offsetof(struct ndmsg, ndm_family)
            Ndmsg.INDEX               offsetof(struct ndmsg, ndm_ifindex)
            Ndmsg.STATE               offsetof(struct ndmsg, ndm_state)
            Tcmsg.SIZE                sizeof(struct tcmsg)
            Tcmsg.INDEX               offsetof(struct tcmsg, tcm_ifindex)
            Tcmsg.PARENT              offsetof(struct tcmsg, tcm_parent)
            TcNetemQopt.SIZE          sizeof(struct tc_netem_qopt)
            TcNetemQopt.LIMIT         offsetof(struct tc_netem_qopt, limit)
            TcNetemQopt.LOSS          offsetof(struct tc_netem_qopt, loss)
            TcNetemQopt.GAP           offsetof(struct tc_netem_qopt, gap)
            TcNetemReorder.SIZE       sizeof(struct tc_netem_reorder)
            TcNetemReorder.PROBABILITY offsetof(struct tc_netem_reorder, probability)
            TcNetemRate.SIZE          sizeof(struct tc_netem_rate)
            TcNetemRate.RATE          offsetof(struct tc_netem_rate, rate)
            TcTbfQopt.SIZE            sizeof(struct tc_tbf_qopt)
            TcTbfQopt.RATE_LINKLAYER  offsetof(struct tc_tbf_qopt, rate.linklayer)
            TcTbfQopt.RATE_RATE       offsetof(struct tc_tbf_qopt, rate.rate)
            TcTbfQopt.LIMIT           offsetof(struct tc_tbf_qopt, limit)
            SockaddrLl.SIZE           sizeof(struct sockaddr_ll)
            SockaddrLl.FAMILY         offsetof(struct sockaddr_ll, sll_family)
            SockaddrLl.PROTOCOL       offsetof(struct sockaddr_ll, sll_protocol)
            SockaddrLl.INDEX          offsetof(struct sockaddr_ll, sll_ifindex)
            SockaddrLl.HARDWARE_TYPE  offsetof(struct sockaddr_ll, sll_hatype)
            SockaddrLl.PACKET_TYPE    offsetof(struct sockaddr_ll, sll_pkttype)
            SockaddrLl.ADDRESS_LENGTH offsetof(struct sockaddr_ll, sll_halen)
            SockaddrLl.ADDRESS        offsetof(struct sockaddr_ll, sll_addr)
            TpacketReq3.SIZE          sizeof(struct tpacket_req3)
            TpacketReq3.BLOCK_SIZE    offsetof(struct tpacket_req3, tp_block_size)
            TpacketReq3.BLOCK_COUNT   offsetof(struct tpacket_req3, tp_block_nr)
            TpacketReq3.FRAME_SIZE    offsetof(struct tpacket_req3, tp_frame_size)
            TpacketReq3.FRAME_COUNT   offsetof(struct tpacket_req3, tp_frame_nr)
            TpacketReq3.RETIRE_MILLIS offsetof(struct tpacket_req3, tp_retire_blk_tov)
            TpacketBlock.STATUS       offsetof(struct tpacket_block_desc, hdr.bh1.block_status)
            TpacketBlock.PACKETS      offsetof(struct tpacket_block_desc, hdr.bh1.num_pkts)
            TpacketBlock.FIRST        offsetof(struct tpacket_block_desc, hdr.bh1.offset_to_first_pkt)
            Tpacket3Hdr.SIZE          TPACKET_ALIGN(sizeof(struct tpacket3_hdr))
            Tpacket3Hdr.NEXT          offsetof(struct tpacket3_hdr, tp_next_offset)
            Tpacket3Hdr.SECONDS       offsetof(struct tpacket3_hdr, tp_sec)
            Tpacket3Hdr.NANOS         offsetof(struct tpacket3_hdr, tp_nsec)
            Tpacket3Hdr.CAPTURED      offsetof(struct tpacket3_hdr, tp_snaplen)
            Tpacket3Hdr.LENGTH        offsetof(struct tpacket3_hdr, tp_len)
            Tpacket3Hdr.DATA          offsetof(struct tpacket3_hdr, tp_mac)
            TpacketStats.SIZE         sizeof(struct tpacket_stats_v3)
            TpacketStats.DROPS        offsetof(struct tpacket_stats_v3, tp_drops)
            """);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "aarch64"})
    void everyConstantHasTheValueThatTheCompilerSays(String architecture) throws IOException {
        Map<String, Long> ours = Constants.of(Rtnetlink.class);
        ours.putAll(Constants.of(Nftables.class));
        assertThat(ours).containsKeys("RTM_NEWLINK", "NLM_F_DUMP_INTR", "NFT_MSG_NEWRULE");

        assertThat(ours).isEqualTo(asked(architecture, ours, name -> OTHER_NAMES.getOrDefault(name, name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "aarch64"})
    void everyAttributeHasTheNumberThatTheCompilerSays(String architecture) throws IOException {
        Map<String, Long> ours = new TreeMap<>();
        for (Attribute attribute : Attribute.values()) {
            ours.put(attribute.name(), (long) attribute.number());
            assertThat(attribute.number()).isLessThan(Attribute.NUMBERS);
        }

        assertThat(ours).isEqualTo(asked(architecture, ours, name -> name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "aarch64"})
    void everyStructureIsLaidOutAsTheCompilerSays(String architecture) throws IOException {
        Map<String, Long> ours = new TreeMap<>();
        for (Class<?> struct : NetStruct.class.getDeclaredClasses()) {
            Constants.of(struct).forEach((name, value) -> ours.put(struct.getSimpleName() + "." + name, value));
        }

        assertThat(ours).containsOnlyKeys(STRUCTURES.keySet());
        assertThat(ours).isEqualTo(asked(architecture, ours, name -> String.valueOf(STRUCTURES.get(name))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "aarch64"})
    void thePublicConstantsStandForWhatTheCompilerSays(String architecture) throws IOException {
        Map<String, Long> ours = new TreeMap<>();
        for (Link.Flag flag : Link.Flag.values()) {
            ours.put("IFF_" + flag, (long) flag.bit());
        }
        for (Link.State state : Link.State.values()) {
            ours.put("IF_OPER_" + state, (long) state.number());
        }
        for (Address.Flag flag : Address.Flag.values()) {
            ours.put("IFA_F_" + flag, (long) flag.bit());
        }
        for (Route.Type type : Route.Type.values()) {
            ours.put(type == Route.Type.UNSPECIFIED ? "RTN_UNSPEC" : "RTN_" + type, (long) type.number());
        }
        for (Route.Flag flag : Route.Flag.values()) {
            ours.put("RTNH_F_" + flag, (long) flag.bit());
        }
        for (Neighbour.State state : Neighbour.State.values()) {
            ours.put("NUD_" + state, (long) state.number());
        }
        for (MacvlanMode mode : MacvlanMode.values()) {
            ours.put("MACVLAN_MODE_" + mode, (long) mode.number());
        }
        for (Scope scope : Scope.values()) {
            if (scope != Scope.OTHER) {
                ours.put("RT_SCOPE_" + (scope == Scope.GLOBAL ? "UNIVERSE" : scope.name()), (long) scope.number());
            }
        }
        ours.put("RT_TABLE_MAIN", (long) Route.MAIN);
        ours.put("RT_TABLE_LOCAL", (long) Route.LOCAL);
        ours.put("RTPROT_KERNEL", (long) Route.KERNEL);
        ours.put("RTPROT_STATIC", (long) Route.STATIC);

        assertThat(ours).isEqualTo(asked(architecture, ours, name -> name));
    }

    private Map<String, Long> asked(String architecture, Map<String, Long> ours,
            java.util.function.UnaryOperator<String> expression) throws IOException {
        Map<String, String> expressions = new TreeMap<>();
        ours.keySet().forEach(name -> expressions.put(name, expression.apply(name)));
        return new CCompiler(Abi.of(architecture).orElseThrow()).values(directory, HEADERS, expressions);
    }

    private static Map<String, String> table(String lines) {
        Map<String, String> table = new TreeMap<>();
        lines.lines().map(line -> line.split(" +", 2)).forEach(row -> table.put(row[0], row[1]));
        return table;
    }
}
