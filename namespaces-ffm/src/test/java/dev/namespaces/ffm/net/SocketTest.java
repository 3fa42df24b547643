package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Address;
import dev.namespaces.IpPrefix;
import dev.namespaces.Link;
import dev.namespaces.ffm.linux.Tool;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The socket and the kernel: lists that are long or change, and others who send. */
@ExtendWith(LeavesNothingBehind.class)
class SocketTest {

    private NetBox box;

    @BeforeEach
    void open() throws Exception {
        box = NetBox.open();
    }

    @AfterEach
    void close() {
        box.close();
    }

    @Test
    void aThousandRequestsAndAListOfThemFitWhateverTheBuffers() throws Exception {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            requests.add(Addresses.add(LinkRef.LOOPBACK, IpPrefix.of("10.0." + i / 250 + "." + (1 + i % 250) + "/32")));
        }

        box.socket().make(requests);

        assertThat(Addresses.list(box.socket())).hasSize(1002);
        assertThat(box.says("ip", "-oneline", "-4", "addr").lines()).hasSize(1001);
    }

    @Test
    void aListThatChangesMeanwhileIsWholeAllTheSame() throws Exception {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            requests.add(Links.bridge(NewLink.named("stays" + i).down()));
        }
        box.socket().make(requests);
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (NetlinkSocket other = box.secondSocket()) {
            Thread changing = Thread.ofPlatform().start(() -> {
                try {
                    while (!done.get()) {
                        other.make(Links.bridge(NewLink.named("comes").at(9999).down()),
                                Links.delete(new LinkRef(9999, "comes")));
                    }
                } catch (Exception e) {
                    failure.set(e);
                }
            });
            try {
                for (int i = 0; i < 50; i++) {
                    assertThat(Links.list(box.socket())).filteredOn(link -> link.name().startsWith("stays"))
                            .hasSize(200);
                }
            } finally {
                done.set(true);
                changing.join();
            }
        }
        assertThat(failure.get()).isNull();
    }

    @Test
    void nobodyInsideCanSendToTheSocket() throws Exception {
        // root inside sends to the port of the holder's socket, which the kernel chose after the holder's number
        String outcome = box.says("perl", "-e", """
                socket(S, 16, 3, 0) or die; my $to = pack('SSLL', 16, 0, $ARGV[0], 0);
                print send(S, pack('LSSLL', 16, 3, 2, 1, 0), 0, $to) ? 'sent' : $!""", Long.toString(box.pid()));

        assertThat(outcome).isEqualTo("Connection refused");
        assertThat(Links.list(box.socket())).extracting(Link::name).containsExactly("lo");
    }

    @Test
    void theSocketIsClosedWhenACommandIsExecuted() throws Exception {
        try (NetlinkSocket socket = NetlinkSocket.open()) {
            assertThat(Links.list(socket)).extracting(Link::name).contains("lo");
            long netlink = 0;
            for (String fd : Tool.run("ls", "/proc/self/fd").lines().toList()) {
                Path link = Path.of("/proc/self/fd", fd);
                netlink += Files.exists(link) && Files.readSymbolicLink(link).toString().startsWith("socket") ? 1 : 0;
            }
            assertThat(netlink).isZero();
        }
    }

    @Test
    void theAddressesAreThoseOfTheNamespaceInWhichTheSocketWasMade() throws Exception {
        assertThat(Addresses.list(box.socket())).extracting(Address::prefix).containsExactlyInAnyOrder(
                IpPrefix.of("127.0.0.1/8"), IpPrefix.of("::1/128"));
    }
}
