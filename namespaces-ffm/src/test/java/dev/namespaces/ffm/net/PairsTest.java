package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.namespaces.Link;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.OrdinaryUser;
import dev.namespaces.ffm.linux.Tool;
import dev.namespaces.ffm.live.TestsOf;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs {@link Pairs} and {@link HostLinks} where there is nothing of the host's, and tries the same without rights over the JVM's network. */
@ExtendWith(LeavesNothingBehind.class)
@Tag("slow-under-emulation") // starts JVMs
class PairsTest {

    @BeforeAll
    static void findTools() {
        Tool.find("ip");
        Tool.find("unshare");
    }

    @Test
    void theyAreMadeByRoot() throws Exception {
        assumeThat(OrdinaryUser.isSelf()).as("an ordinary user").isFalse();
        assertThat(TestsOf.jvm(Pairs.class, HostLinks.class).by("unshare", "--net").output())
                .endsWith("44 passed, 0 skipped\n");
    }

    @Test
    void theyAreMadeByAnOrdinaryUserWhoseJvmHasANetworkOfItsOwn() throws Exception {
        assertThat(TestsOf.jvm(Pairs.class, HostLinks.class).by("unshare", "--user", "--map-root-user", "--net")
                .asOrdinaryUser()
                .output()).endsWith("44 passed, 0 skipped\n");
    }

    /** Tries it, and prints what it is told. */
    static final class Attempt {
        static void main() throws Exception {
            try {
                Namespace.builder().user().net(n -> n.veth("eth0", "outside-of-it")).run("true");
            } catch (NamespaceException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void anOrdinaryUserIsToldWhatItTakes() throws Exception {
        assertThat(ChildJvm.of(Attempt.class).asOrdinaryUser().output()).contains(
                "cannot make the interface eth0 and its other end outside-of-it: Operation not permitted (EPERM)",
                "takes CAP_NET_ADMIN there: be root, or start this JVM in a network namespace of its own");
    }

    /** Has all rights over its network but CAP_SYS_ADMIN, and says what it is told. */
    static final class AttemptToMove {
        static void main() throws Exception {
            try {
                Namespace.builder().user().net(n -> n.move("lent")).run("true");
            } catch (NamespaceException e) {
                System.out.println(e.getMessage());
            }
            try (NetlinkSocket here = NetlinkSocket.open()) {
                System.out.println(Links.list(here).stream().map(Link::name).toList());
            }
        }
    }

    @Test
    void nothingIsMovedInThatCouldNotBeMovedBack() throws Exception {
        assertThat(ChildJvm.of(AttemptToMove.class).byScript(
                "/sbin/ip link add lent type bridge && exec setpriv --bounding-set=-sys_admin \"$@\"")
                .by("unshare", "--user", "--map-root-user", "--net").asOrdinaryUser().output()).isEqualTo(
                        "cannot talk to the kernel in the new network: Operation not permitted (EPERM); to move an"
                                + " interface, and have it back, takes CAP_NET_ADMIN and CAP_SYS_ADMIN in the network"
                                + " of this process\n[lo, lent]\n");
    }
}
