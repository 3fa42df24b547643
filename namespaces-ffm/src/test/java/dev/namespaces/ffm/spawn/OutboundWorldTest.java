package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.OutboundConfig;
import dev.namespaces.Result;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.OrdinaryUser;
import dev.namespaces.ffm.live.TestsOf;
import dev.namespaces.spi.IpText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ways out of an ordinary user's, from a network of the test's own that stands for the host's: with both families, a name server, and a device that everybody may use. */
@Tag("slow-under-emulation") // starts JVMs
class OutboundWorldTest {

    private static final String NETWORK = """
            set -e
            ip link set lo up
            ip link add up0 type veth peer name up1
            ip address add 192.0.2.10/24 dev up0
            ip address add 2001:db8::10/64 dev up0 nodad
            ip address add 2001:db8::11/128 dev lo nodad
            ip link set up0 up
            ip link set up1 up
            ip route add default via 192.0.2.1
            ip route add default via 2001:db8::1
            echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start
            mount -t tmpfs tmpfs /mnt
            mknod -m 666 /mnt/tun c 10 200
            mount --bind /mnt/tun /dev/net/tun
            echo nameserver 127.0.0.53 > /mnt/resolv.conf
            mount --bind /mnt/resolv.conf /etc/resolv.conf
            """;
    private static final String WITHOUT_PASTA = "mount --bind /dev/null /usr/bin/pasta\n";
    private static final String WITHOUT_SLIRP = "mount --bind /dev/null /usr/bin/slirp4netns\n";

    private static String said(String more, Class<?>... tests) throws Exception {
        assumeThat(OrdinaryUser.isSelf()).as("an ordinary user").isFalse();
        ChildJvm jvm = TestsOf.plainJvm(tests).asOrdinaryUser();
        return jvm.byScript(NETWORK + more + "exec \"$@\"").by("unshare", "--net", "--mount").output();
    }

    @Test
    void anOrdinaryUserPassesTheTestsOfRoot() throws Exception {
        assertThat(said("", OutboundTest.class)).matches("(?s).*1\\d passed, 1 skipped\n");
    }

    @Test
    void namesAndIp6WorkThroughPasta() throws Exception {
        assertThat(said(WITHOUT_SLIRP, Names.class, Ip6.class)).endsWith("2 passed, 0 skipped\n");
    }

    @Test
    void wherePastaIsMissingSlirp4netnsTakesItsPlace() throws Exception {
        assertThat(said(WITHOUT_PASTA, Names.class, BySlirp.class)).endsWith("4 passed, 0 skipped\n");
    }

    @Test
    void wherePastaIsMissingRootGoesThroughSlirp4netnsToo() throws Exception {
        assumeThat(OrdinaryUser.isSelf()).as("an ordinary user").isFalse();

        assertThat(TestsOf.plainJvm(Names.class, BySlirp.class).byScript(NETWORK + WITHOUT_PASTA + "exec \"$@\"")
                .by("unshare", "--net", "--mount").output()).endsWith("4 passed, 0 skipped\n");
    }

    @Test
    void whereBothAreMissingThePackagesAreNamed() throws Exception {
        assertThat(said(WITHOUT_PASTA + WITHOUT_SLIRP, Neither.class)).endsWith("1 passed, 0 skipped\n");
    }

    /** Run in there only, as the others. */
    @ExtendWith(LeavesNothingBehind.class)
    static final class Names {

        @BeforeAll
        static void connect() throws IOException {
            OutboundTest.connect();
        }

        @Test
        void theNameServerOfTheHostAnswers() throws Exception {
            try (DatagramSocket server = new DatagramSocket(53, InetAddress.ofLiteral("127.0.0.53"));
                    NamespaceProcess asking = Namespace.builder().user().pid().mount().net(n -> n.outbound())
                            .spawn("sh", "-c", "cat /etc/resolv.conf; getent hosts somewhere.example")) {
                Thread answering = Thread.ofPlatform().start(() -> answer(server));
                try {
                    assertThat(asking.inputReader().readAllLines()).satisfiesExactly(
                            line -> assertThat(line).isEqualTo("nameserver 10.0.2.3"),
                            line -> assertThat(line).matches("10\\.9\\.8\\.7 +somewhere\\.example"));
                } finally {
                    try (DatagramSocket stop = new DatagramSocket()) {
                        stop.send(new DatagramPacket(new byte[0], 0, server.getLocalSocketAddress()));
                    }
                    answering.join();
                }
            }
        }

        /** Knows one address of IPv4, for every name, until an empty datagram comes; RFC 1035, section 4. */
        private static void answer(DatagramSocket server) {
            byte[] record = {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 9, 8, 7};
            DatagramPacket packet = new DatagramPacket(new byte[512], 512);
            try {
                for (server.receive(packet); packet.getLength() > 0; server.receive(packet)) {
                    byte[] query = packet.getData();
                    int end = 12;
                    while (query[end] != 0) {
                        end += query[end] + 1;
                    }
                    end += 5;
                    boolean ip4 = query[end - 3] == 1;
                    byte[] answer = Arrays.copyOf(query, end + (ip4 ? record.length : 0));
                    answer[2] = (byte) 0x81;
                    answer[3] = (byte) 0x80;
                    Arrays.fill(answer, 6, 12, (byte) 0);
                    if (ip4) {
                        answer[7] = 1;
                        System.arraycopy(record, 0, answer, end, record.length);
                    }
                    packet.setData(answer);
                    server.send(packet);
                    packet.setData(new byte[512]);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What only pasta does. */
    @ExtendWith(LeavesNothingBehind.class)
    static final class Ip6 {

        @BeforeAll
        static void connect() throws IOException {
            OutboundTest.connect();
        }

        @Test
        void whatIsAllowedIsReachedAndNothingElse() throws Exception {
            InetAddress own = IpText.parse("2001:db8::11");
            try (ServerSocket allowed = new ServerSocket(0, 9, own); ServerSocket other = new ServerSocket(0, 9, own)) {
                NamespaceBuilder box = Namespace.builder().user()
                        .net(n -> n.outbound(o -> o.allow("2001:db8::11", allowed.getLocalPort())));

                assertThat(connect(box, allowed)).isEqualTo("reached\n");
                assertThat(connect(box, other)).contains("Permission denied");
            }
        }

        private static String connect(NamespaceBuilder box, ServerSocket server) throws Exception {
            Result result = box.run("bash", "-c", """
                    until ip -6 address show dev tap0 scope global -tentative | grep -q inet6; do sleep 0.1; done
                    echo > /dev/tcp/2001:db8::11/$0 && echo reached""", Integer.toString(server.getLocalPort()));
            return result.stdout() + result.stderr();
        }
    }

    /** Where slirp4netns is installed and pasta is not. */
    @ExtendWith(LeavesNothingBehind.class)
    static final class BySlirp {

        @BeforeAll
        static void connect() throws IOException {
            OutboundTest.connect();
        }

        @Test
        void portsOfTheHostLeadInside() throws Exception {
            int port = OutboundTest.freePort();
            try (NamespaceProcess server = Namespace.builder().user().pid()
                    .net(n -> n.outbound(o -> o.publish(port, 7000).allow("192.0.2.1")))
                    .spawn(Command.of("python3", "-uc", """
                            import socket
                            s = socket.create_server(('0.0.0.0', 7000)); print('listens')
                            c, _ = s.accept(); c.sendall(b'inside'); c.close(); input()"""))) {
                assertThat(server.inputReader().readLine()).isEqualTo("listens");
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1)).isEqualTo("inside");
                }
            }
        }

        @Test
        void whatIsAllowedIsReachedAndNothingElseOfTheHost() throws Exception {
            try (ServerSocket allowed = new ServerSocket(0, 9, InetAddress.ofLiteral("192.0.2.10"));
                    ServerSocket other = new ServerSocket(0, 9, InetAddress.ofLiteral("192.0.2.10"));
                    ServerSocket loopback = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
                NamespaceBuilder box = Namespace.builder().user().pid()
                        .net(n -> n.outbound(o -> o.allow("192.0.2.10", allowed.getLocalPort()).allow("10.0.2.2")));

                assertThat(connect(box, "192.0.2.10", allowed)).isEqualTo("reached\n");
                assertThat(connect(box, "192.0.2.10", other)).contains("No route to host");
                assertThat(connect(box, "10.0.2.2", loopback)).doesNotContain("reached");
            }
        }

        private static String connect(NamespaceBuilder box, String address, ServerSocket server) throws Exception {
            Result result = box.run("timeout", "5", "bash", "-c", "echo > /dev/tcp/$0/$1 && echo reached", address,
                    Integer.toString(server.getLocalPort()));
            return result.stdout() + result.stderr();
        }

        @Test
        void whatItCannotDoAndPortsThatAreTakenAreRefused() throws Exception {
            for (Consumer<OutboundConfig> beyond : List.<Consumer<OutboundConfig>>of(o -> o.reach(1, 2),
                    o -> o.reachUdp(1, 2), o -> o.publishUdp(7000, 2))) {
                assertThatExceptionOfType(NamespaceException.class)
                        .isThrownBy(() -> Namespace.builder().user().net(n -> n.outbound(beyond)).run("true"))
                        .satisfies(e -> {
                            assertThat(e.step()).isEqualTo(Step.OUTBOUND);
                            assertThat(e).hasMessageContaining("leads TCP ports of the host inside and no others")
                                    .hasMessageContaining("apt install passt");
                        });
            }
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                assertThatExceptionOfType(NamespaceException.class)
                        .isThrownBy(() -> Namespace.builder().user()
                                .net(n -> n.outbound(o -> o.publish(taken.getLocalPort(), 1))).run("true"))
                        .withMessageContaining("port " + taken.getLocalPort() + " of the host");
            }
        }
    }

    /** Where nothing leads out. */
    @ExtendWith(LeavesNothingBehind.class)
    static final class Neither {

        @Test
        void thePackagesAreNamed() {
            assertThatExceptionOfType(NamespaceException.class)
                    .isThrownBy(() -> Namespace.builder().user().net(n -> n.outbound()).run("true"))
                    .withMessageContaining("apt install passt").withMessageContaining("slirp4netns");
        }
    }
}
