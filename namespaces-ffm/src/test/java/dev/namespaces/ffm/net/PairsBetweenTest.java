package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.namespaces.Link;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.OpenNamespace;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.OrdinaryUser;
import dev.namespaces.ffm.linux.Tool;
import dev.namespaces.ffm.spawn.Await;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pairs with one end in a new network, the other in one that is open. */
@ExtendWith(LeavesNothingBehind.class)
class PairsBetweenTest {

    private OpenNamespace pod;

    @BeforeAll
    static void findTools() {
        Tool.find("perl");
    }

    @BeforeEach
    void open() throws Exception {
        pod = Namespace.builder().user().net().open();
    }

    @AfterEach
    void close() {
        pod.close();
    }

    /** What has rights over the pod's network as well as over its own. */
    private NamespaceBuilder neighbour() throws NamespaceException {
        return Namespace.builder().join(pod.handle(NamespaceKind.USER));
    }

    private List<String> inPod() throws NamespaceException {
        return pod.links().stream().map(Link::name).toList();
    }

    @Test
    void packetsGoThrough() throws Exception {
        Namespace neighbour = neighbour().net(n -> n.veth("eth0", handle(pod), "there").mtu("eth0", 1400)
                .mac("eth0", "02:00:00:00:00:01").address("eth0", "10.9.0.1/24").address("eth0", "fd00:9::1/64"))
                .build();
        try (NamespaceProcess process = neighbour.spawn("sleep", "60")) {
            assertThat(inPod()).containsExactly("lo", "there");
            assertThat(pod.links().getLast()).returns(1400, Link::mtu).returns(false, Link::isUp);
            pod.run("/sbin/ip", "address", "add", "10.9.0.2/24", "dev", "there").orThrow();
            pod.run("/sbin/ip", "address", "add", "fd00:9::2/64", "dev", "there", "nodad").orThrow();
            pod.run("/sbin/ip", "link", "set", "there", "up").orThrow();

            assertThat(pod.run("perl", "-MIO::Socket::IP", "-e",
                    "IO::Socket::IP->new(PeerHost => $_, PeerPort => 9) or print $!, qq(\n) for qw(10.9.0.1 fd00:9::1)")
                    .orThrow().stdout()).isEqualTo("Connection refused\nConnection refused\n");
            assertThat(pod.neighbours()).anySatisfy(it -> assertThat(it.mac()).hasToString(
                    "Optional[02:00:00:00:00:01]"));
            assertThat(process.isAlive()).isTrue();
        }
        Await.value("the end of both ends", this::inPod, List.of("lo")::equals);
    }

    private static NamespaceHandle handle(OpenNamespace open) {
        try {
            return open.handle(NamespaceKind.NET);
        } catch (NamespaceException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theOtherEndVanishesAtOnceIfSomethingIsRefusedLater() throws Exception {
        Namespace neighbour = neighbour().net(n -> n.veth("a", handle(pod), "one").veth("b", handle(pod), "two")
                .address("a", "10.9.0.1/24").gateway("10.9.0.255")).build();

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> neighbour.run("true"))
                .satisfies(e -> assertThat(e.step()).isEqualTo(Step.ADD_ROUTE));
        assertThat(inPod()).containsExactly("lo");
    }

    @Test
    void aNameThatIsTakenThereIsRefusedAndThePairBeforeItIsGone() throws Exception {
        pod.run("/sbin/ip", "link", "add", "taken", "type", "bridge").orThrow();
        Namespace neighbour = neighbour()
                .net(n -> n.veth("a", handle(pod), "one").veth("b", handle(pod), "taken")).build();

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> neighbour.run("true")).satisfies(e -> {
            assertThat(e.step()).isEqualTo(Step.ADD_LINK);
            assertThat(e.errnoName()).isEqualTo("EEXIST");
            assertThat(e.detail()).startsWith("b and its other end taken");
        });
        assertThat(inPod()).containsExactly("lo", "taken");
    }

    @Test
    void whatCannotBeIsRefusedWhenItIsAskedFor() throws Exception {
        NamespaceHandle user = pod.handle(NamespaceKind.USER);
        assertThatIllegalArgumentException().isThrownBy(() -> neighbour().net(n -> n.veth("a", user, "b")))
                .withMessage("not a network namespace: " + user);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> neighbour().net(n -> n.veth("a", handle(pod), "x").veth("b", handle(pod), "x")))
                .withMessage("there are two interfaces named x in " + handle(pod));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> neighbour().net(n -> n.veth("a", handle(pod), "sixteen-letters-")))
                .withMessageContaining("1 to 15 bytes, not 16");
        assertThat(neighbour().net(n -> n.veth("a", handle(pod), "x")).build()).asString()
                .contains("interface a: one end of a pair, the other is x in " + handle(pod));
    }

    @Test
    void aNamespaceThatIsClosedMeanwhileIsRefused() throws Exception {
        NamespaceHandle other = NamespaceHandle.ofCurrentThread(NamespaceKind.NET);
        Namespace namespace;
        try (other) {
            namespace = Namespace.builder().user().net(n -> n.veth("a", other, "b")).build();
        }

        assertThatIllegalStateException().isThrownBy(() -> namespace.run("true"))
                .withMessageMatching("the handle of net:\\[\\d+] is closed");
    }

    @Test
    void asRootTheUserNamespacesDoNotMatter() throws Exception {
        assumeThat(OrdinaryUser.isSelf()).as("an ordinary user").isFalse();
        try (OpenNamespace other = Namespace.builder().net().open()) {
            for (OpenNamespace there : List.of(other, pod)) {
                for (NamespaceBuilder builder : List.of(Namespace.builder(), Namespace.builder().user())) {
                    try (OpenNamespace live = builder.net(n -> n.veth("eth0", handle(there), "box")).open()) {
                        assertThat(live.links()).extracting(Link::name).containsExactly("lo", "eth0");
                        assertThat(there.links()).extracting(Link::name).containsExactly("lo", "box");
                    }
                    Await.value("the end of both ends", there::links, links -> links.size() == 1);
                }
            }
        }
    }

    /** Tries it with two user namespaces, and prints what it is told. */
    static final class Attempt {
        static void main() throws Exception {
            try (OpenNamespace other = Namespace.builder().user().net().open()) {
                Namespace.builder().user().net(n -> n.veth("eth0", handle(other), "box")).run("true");
            } catch (NamespaceException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    @Tag("slow-under-emulation") // starts a JVM
    void anOrdinaryUserIsToldWhatItTakes() throws Exception {
        assertThat(ChildJvm.of(Attempt.class).asOrdinaryUser().output()).contains(
                "cannot make the interface eth0 and its other end box: Operation not permitted (EPERM)",
                "if one user namespace owns both, so join that of the other instead of .user(); root has it");
    }
}
