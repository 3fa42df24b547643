package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Address;
import dev.namespaces.IpPrefix;
import dev.namespaces.Link;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
    void rootInsideCanSendToSocketsButNotToThisOne() throws Exception {
        List<String> ports = box.says("cat", "/proc/net/netlink").lines().skip(1).map(line -> line.split(" +"))
                .filter(row -> row[1].equals("0") && !row[2].equals("0")).map(row -> row[2]).toList();
        assertThat(ports).as("ports of route sockets").hasSize(1);

        String outcome = box.says("perl", "-e", """
                socket(OTHER, 16, 3, 0) && bind(OTHER, pack('SSLL', 16, 0, 4242, 0)) or die;
                socket(S, 16, 3, 0) or die;
                for my $port (4242, $ARGV[0]) {
                    my $done = send(S, pack('LSSLL', 16, 3, 2, 1, 0), 0, pack('SSLL', 16, 0, $port, 0));
                    print $done ? 'sent' : $!, ';';
                }""", ports.getFirst());

        assertThat(outcome).isEqualTo("sent;Connection refused;");
        assertThat(Links.list(box.socket())).extracting(Link::name).containsExactly("lo");
    }

    @Test
    void anExecutedProgramDoesNotInheritTheSocket() throws Exception {
        Set<String> before = sockets();
        try (NetlinkSocket socket = NetlinkSocket.open()) {
            assertThat(Links.list(socket)).extracting(Link::name).contains("lo");
            Set<String> opened = sockets();
            opened.removeAll(before);
            assertThat(opened).hasSize(1);
            String flags = Files.readString(Path.of("/proc/self/fdinfo", opened.iterator().next())).lines()
                    .filter(line -> line.startsWith("flags:")).findFirst().orElseThrow();
            assertThat(Integer.parseInt(flags.substring(6).strip(), 8) & Linux.O_CLOEXEC).isNotZero();
        }
    }

    /** The numbers of this JVM's descriptors that are sockets. */
    private static Set<String> sockets() throws IOException {
        Set<String> numbers = new TreeSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.exists(descriptor, LinkOption.NOFOLLOW_LINKS)
                        && Files.readSymbolicLink(descriptor).toString().startsWith("socket:")) {
                    numbers.add(descriptor.getFileName().toString());
                }
            }
        }
        return numbers;
    }

    @Test
    void theAddressesAreThoseOfTheNamespaceInWhichTheSocketWasMade() throws Exception {
        assertThat(Addresses.list(box.socket())).extracting(Address::prefix).containsExactlyInAnyOrder(
                IpPrefix.of("127.0.0.1/8"), IpPrefix.of("::1/128"));
    }
}
