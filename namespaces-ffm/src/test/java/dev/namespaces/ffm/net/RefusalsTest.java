package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.namespaces.IpPrefix;
import dev.namespaces.Link;
import dev.namespaces.MacvlanMode;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import dev.namespaces.spi.IpText;
import dev.namespaces.spi.RouteSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel refuses, with its words, and what to do about it. */
@ExtendWith(LeavesNothingBehind.class)
class RefusalsTest {

    private static final LinkRef ETH = new LinkRef(2, "eth0");
    private static final LinkRef NONE = new LinkRef(77, "gone");

    private NetBox box;

    @BeforeEach
    void open() throws Exception {
        box = NetBox.open();
        box.make(Links.veth(NewLink.named("eth0").at(ETH.index()), NewLink.named("peer").at(3), null));
    }

    @AfterEach
    void close() {
        box.close();
    }

    private NamespaceException refused(Request... requests) {
        NamespaceException refusal = catchThrowableOfType(NamespaceException.class, () -> box.make(requests));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    // ---- names that are taken, things that are not there

    @Test
    void aNameThatIsTaken() throws Exception {
        NamespaceException refusal = refused(Links.bridge(NewLink.named("eth0")));

        assertThat(refusal).hasMessage("cannot make the interface eth0: File exists (EEXIST); "
                + "choose another name, or delete the one that has it");
        assertThat(refusal.step()).isEqualTo(Step.ADD_LINK);
    }

    @Test
    void anOtherEndWhoseNameIsTakenLeavesNoHalfOfAPair() throws Exception {
        NamespaceException refusal = refused(Links.veth(NewLink.named("new"), NewLink.named("peer"), null));

        assertThat(refusal.errnoName()).isEqualTo("EEXIST");
        assertThat(refusal.detail()).isEqualTo("new and its other end peer");
        assertThat(Links.list(box.socket())).extracting(Link::name).containsExactlyInAnyOrder("lo", "eth0", "peer");
    }

    @Test
    void anAddressOrARouteThatIsThereAlready() throws Exception {
        IpPrefix address = IpPrefix.of("10.9.0.1/24");
        IpPrefix six = IpPrefix.of("fd00::1/64");
        RouteSpec route = new RouteSpec(IpPrefix.of("10.1.0.0/16"), null, "eth0", false, null, 0);
        box.make(Links.up(box.ref("peer")), Addresses.add(ETH, address), Addresses.add(ETH, six),
                Routes.add(route, ETH));

        assertThat(refused(Addresses.add(ETH, address))).hasMessageStartingWith(
                "cannot add the address 10.9.0.1/24 dev eth0").hasMessageContaining("(EEXIST); the interface has it");
        assertThat(refused(Addresses.add(ETH, six))).hasMessageContaining("(EEXIST); the interface has it already");
        assertThat(refused(Routes.add(route, ETH))).hasMessageStartingWith(
                "cannot add the route 10.1.0.0/16 dev eth0").hasMessageContaining("(EEXIST); there is one to this");
    }

    @Test
    void whatIsNotThere() {
        assertThat(refused(Links.up(NONE))).hasMessageMatching("cannot change the interface gone.*\\(ENODEV\\)");
        assertThat(refused(Links.delete(NONE))).hasMessageMatching("cannot delete the interface gone.*\\(ENODEV\\)");
        assertThat(refused(Addresses.add(NONE, IpPrefix.of("10.0.0.1/8"))).errnoName()).isEqualTo("ENODEV");
        assertThat(refused(Addresses.delete(ETH, IpPrefix.of("10.0.0.1/8"))).errnoName()).isEqualTo("EADDRNOTAVAIL");
        assertThat(refused(Routes.delete(RouteSpec.via(IpText.parse("10.0.0.1")), null)).errnoName())
                .isEqualTo("ESRCH");
        assertThat(refused(Neighbours.delete(ETH, IpText.parse("10.0.0.1"))).errnoName()).isEqualTo("ENOENT");
        assertThat(refused(Links.move(ETH, Place.ofProcess(Integer.MAX_VALUE), "a")).errno()).isEqualTo(Errno.ESRCH);
        assertThat(refused(Links.move(ETH, Place.ofDescriptor(-1), "a")).errnoName()).isEqualTo("EBADF");
    }

    // ---- the kernel's words

    @Test
    void aGatewayThatCannotBeReached() throws Exception {
        box.make(Links.up(box.ref("peer")), Addresses.add(ETH, IpPrefix.of("10.9.0.1/24")));

        NamespaceException refusal = refused(Routes.add(RouteSpec.via(IpText.parse("10.8.0.1")), null));

        assertThat(refusal).hasMessageStartingWith("cannot add the route default via 10.8.0.1 (\"Nexthop has invalid "
                + "gateway\"").hasMessageContaining("Network is unreachable (ENETUNREACH); first give an interface");
    }

    @Test
    void sizesThatTheInterfaceCannotHaveAreToldWithTheAttribute() {
        assertThat(refused(Links.mtu(ETH, 1_000_000))).hasMessageContaining("eth0 (MTU 1000000)")
                .hasMessageContaining("mtu greater than device maximum");
        assertThat(refused(Links.mtu(ETH, 20))).hasMessageContaining("mtu less than device minimum");
    }

    @Test
    void theAttributeThatIsWrongIsNamed() {
        Request wrong = new Request(Rtnetlink.RTM_NEWLINK, 0, NetStruct.Ifinfomsg.SIZE, Step.CHANGE_LINK, "eth0")
                .field32(NetStruct.Ifinfomsg.INDEX, ETH.index()).bytes(Attribute.IFLA_MTU, new byte[2]);

        assertThat(refused(wrong))
                .hasMessage("cannot change the interface eth0 (\"Attribute failed policy validation\" at "
                        + "IFLA_MTU): Numerical result out of range (ERANGE)");
    }

    @Test
    void aRefusalDoesNotKeepWhatIsBehindItFromBeingDone() throws Exception {
        NamespaceException refusal = refused(Links.bridge(NewLink.named("eth0")), Links.bridge(NewLink.named("next")),
                Links.up(NONE));

        assertThat(refusal.step()).isEqualTo(Step.ADD_LINK);
        assertThat(box.says("ip", "link")).contains("next");
    }

    @Test
    void familiesThatAreMixedWithinARequest() {
        Request mixed = new Request(Rtnetlink.RTM_NEWADDR, Rtnetlink.NLM_F_CREATE, NetStruct.Ifaddrmsg.SIZE,
                Step.ADD_ADDRESS, "mixed").field8(NetStruct.Ifaddrmsg.FAMILY, 2)
                .field8(NetStruct.Ifaddrmsg.PREFIX_LENGTH, 64).field32(NetStruct.Ifaddrmsg.INDEX, ETH.index())
                .bytes(Attribute.IFA_LOCAL, new byte[16]);

        assertThat(refused(mixed).errno()).isIn(Errno.EINVAL, Errno.ERANGE);
    }

    // ---- modules

    @Test
    void aKindThatTheKernelDoesNotKnowNamesTheModule() {
        Request unknown = new Request(Rtnetlink.RTM_NEWLINK, Rtnetlink.NLM_F_CREATE, NetStruct.Ifinfomsg.SIZE,
                Step.ADD_LINK, "x").needing("nosuchkind").text(Attribute.IFLA_IFNAME, "x");
        unknown.nest(Attribute.IFLA_LINKINFO, () -> unknown.text(Attribute.IFLA_INFO_KIND, "nosuchkind"));

        assertThat(refused(unknown)).hasMessageStartingWith("cannot make the interface x (\"Unknown device type\"")
                .hasMessageEndingWith("(EOPNOTSUPP); this kernel lacks the module nosuchkind: it takes one with "
                        + "CONFIG_NOSUCHKIND");
    }

    @Test
    void aQueueingDisciplineThatTheKernelDoesNotKnowNamesTheModule() {
        Request unknown = new Request(Rtnetlink.RTM_NEWQDISC, Rtnetlink.NLM_F_CREATE, NetStruct.Tcmsg.SIZE,
                Step.QUEUE_PACKETS, "nosuch of eth0").field32(NetStruct.Tcmsg.INDEX, ETH.index())
                .field32(NetStruct.Tcmsg.PARENT, Rtnetlink.TC_H_ROOT).needing("sch_nosuch")
                .text(Attribute.TCA_KIND, "nosuch");

        assertThat(refused(unknown)).hasMessageStartingWith("cannot set the queueing discipline nosuch of eth0 (\"")
                .hasMessageContaining("(ENOENT); this kernel lacks the module sch_nosuch: it takes one with "
                        + "CONFIG_NET_SCH_NOSUCH");
    }

    @Test
    void whatIsNotSupportedForAnotherReasonNamesNoModule() {
        Request request = new Request(Rtnetlink.RTM_NEWLINK, 0, NetStruct.Ifinfomsg.SIZE, Step.ADD_LINK, "x")
                .needing("nosuchkind");

        assertThat(NetRemedies.of(Errno.EOPNOTSUPP, "Enslaving is not supported", request)).isNull();
        assertThat(NetRemedies.of(Errno.ENOENT, "", request)).isNull();
        assertThat(NetRemedies.of(Errno.EOPNOTSUPP, "", request)).contains("nosuchkind");
    }

    @Test
    void aModuleThatIsInstalledIsToBeLoaded(@TempDir Path folder) throws Exception {
        Path list = Files.writeString(folder.resolve("modules.dep"), "kernel/drivers/net/veth.ko.xz:\n");

        assertThat(NetRemedies.ofModule("veth", list))
                .isEqualTo("the kernel's module veth is not loaded: as the host's root, run modprobe veth");
        assertThat(NetRemedies.ofModule("eth", list)).contains("lacks the module eth");
    }

    // ---- rights

    @Test
    @Tag("slow-under-emulation")
    void withoutTheRightTheRemedyIsAUserNamespace() throws Exception {
        List<String> lines = ChildJvm.of(WithoutRights.class).asOrdinaryUser().output().lines().toList();

        assertThat(lines).containsExactly("cannot make the interface x: Operation not permitted (EPERM); changing a "
                + "network takes CAP_NET_ADMIN, which this process lacks: add .user()", "and can read: lo");
    }

    static final class WithoutRights {
        static void main() throws Exception {
            try (NetlinkSocket socket = NetlinkSocket.open()) {
                try {
                    socket.make(Links.bridge(NewLink.named("x")));
                } catch (NamespaceException e) {
                    System.out.println(e.getMessage());
                }
                System.out.println("and can read: " + Links.list(socket).getFirst().name());
            }
        }
    }

    @Test
    @Tag("slow-under-emulation")
    void theRightOverAnotherNamespaceIsNotEnough() throws Exception {
        String line = Namespace.builder().user()
                .run(dev.namespaces.Command.of(ChildJvm.of(WithoutRights.class).command())).orThrow().stdout().lines()
                .findFirst().orElseThrow();

        assertThat(line)
                .startsWith("cannot make the interface x: Operation not permitted (EPERM); CAP_NET_ADMIN is needed "
                        + "in the user namespace that owns the network namespace");
    }

    // ---- what is no netlink socket

    @Test
    void aDescriptorThatIsNoneIsRefusedAndClosed() {
        int descriptor = box.descriptor();

        NamespaceException refusal = catchThrowableOfType(NamespaceException.class,
                () -> NetlinkSocket.of(descriptor));

        assertThat(refusal).hasMessage("cannot talk to the kernel through rtnetlink: Socket operation on "
                + "non-socket (ENOTSOCK)");
    }

    @Test
    void macvlanOnWhatCannotCarryOne() {
        assertThat(refused(Links.macvlan(NewLink.named("m"), LinkRef.LOOPBACK, MacvlanMode.BRIDGE)).errno())
                .isEqualTo(Errno.EINVAL);
    }
}
