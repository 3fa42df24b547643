package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.namespaces.Command;
import dev.namespaces.IpPrefix;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Step;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import dev.namespaces.spi.IpText;
import dev.namespaces.spi.OutboundSpec.Allowed;
import dev.namespaces.spi.RouteSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What leaves a network whose rules allow some of it; the rules as nft(8) reads them, and as two networks that are connected feel them. */
@ExtendWith(LeavesNothingBehind.class)
class OutboundFilterTest {

    private static final String NFT = "/usr/sbin/nft";
    private static final List<Allowed> SOME = List.of(allowed("10.9.0.2", false, 7001), allowed("10.9.0.3", true, 7002),
            allowed("10.9.0.128/25", false, 0), allowed("fd00:9::2", true, 7001), allowed("fd00:9::80/121", false, 0));

    private static final List<String> OTHERS = List.of("10.9.0.2", "10.9.0.3", "10.9.0.4", "10.9.0.129", "fd00:9::2",
            "fd00:9::3", "fd00:9::81");

    /** Answers a line to everybody who comes by TCP, and every datagram, on two ports. */
    private static final String SERVER = """
            import select, socket, sys
            def bound(address, kind, port):
                s = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET, kind); s.bind((address, port))
                if kind == socket.SOCK_STREAM: s.listen()
                return s
            all = [bound(a, k, p) for a in sys.argv[1:] for k in (socket.SOCK_STREAM, socket.SOCK_DGRAM) for p in (7001, 7002)]
            print('ready', flush=True)
            while True:
                for s in select.select(all, [], [])[0]:
                    if s.type == socket.SOCK_STREAM: c, _ = s.accept(); c.sendall(b'here'); c.close()
                    else: d, who = s.recvfrom(9); s.sendto(b'here', who)
            """;
    /** Says of each address and port, of either protocol, whether it has answered. */
    private static final String CLIENT = """
            import socket, sys
            for a in sys.argv[1:]:
                for kind, word in ((socket.SOCK_STREAM, 'TCP'), (socket.SOCK_DGRAM, 'UDP')):
                    for port in (7001, 7002):
                        s = socket.socket(socket.AF_INET6 if ':' in a else socket.AF_INET, kind); s.settimeout(20)
                        try:
                            s.connect((a, port)); s.send(b'x'); s.recv(9)
                            print(a, word, port)
                        except OSError as e: print(e, file=sys.stderr)
            """;

    private NetBox box;

    private static Allowed allowed(String network, boolean udp, int port) {
        return new Allowed(IpPrefix.of(network), udp, port);
    }

    @BeforeEach
    void open() throws Exception {
        box = NetBox.open();
    }

    @AfterEach
    void close() {
        box.close();
    }

    private void apply(List<Allowed> allowed) throws NamespaceException {
        try (NetlinkSocket socket = box.filterSocket()) {
            OutboundFilter.apply(allowed, socket);
        }
    }

    @Test
    void theRulesAreReadAsTheyAreMeant() throws Exception {
        assumeThat(Path.of(NFT)).as("nftables").exists();
        apply(SOME);

        assertThat(box.says(NFT, "-n", "list", "ruleset").replace("\t", "    ")).isEqualTo("""
                table inet outbound {
                    chain output {
                        type filter hook output priority 0; policy drop;
                        oif "lo" accept
                        ct state 0x2 accept
                        icmpv6 type 133-136 accept
                        ip daddr 10.9.0.2 tcp dport 7001 accept
                        ip daddr 10.9.0.3 udp dport 7002 accept
                        ip daddr 10.9.0.128/25 accept
                        ip6 daddr fd00:9::2 udp dport 7001 accept
                        ip6 daddr fd00:9::80/121 accept
                        reject with icmpx 3
                    }

                    chain forward {
                        type filter hook forward priority 0; policy drop;
                    }
                }
                """);
    }

    @Test
    void whatIsAllowedIsReachedAndNothingElse() throws Exception {
        NetBox other = connected();
        apply(SOME);

        try (NamespaceProcess _ = server(other, OTHERS)) {
            assertThat(asked(OTHERS))
                    .containsExactly("10.9.0.2 TCP 7001", "10.9.0.3 UDP 7002", "10.9.0.129 TCP 7001",
                            "10.9.0.129 TCP 7002", "10.9.0.129 UDP 7001", "10.9.0.129 UDP 7002", "fd00:9::2 UDP 7001",
                            "fd00:9::81 TCP 7001", "fd00:9::81 TCP 7002", "fd00:9::81 UDP 7001", "fd00:9::81 UDP 7002");
        }
    }

    @Test
    void whoComesFromOutsideIsAnsweredAndTheLoopbackInterfaceIsFree() throws Exception {
        NetBox other = connected();
        apply(List.of(allowed("192.0.2.1", false, 0)));

        try (NamespaceProcess _ = server(box, List.of("127.0.0.1", "::1", "10.9.0.1", "fd00:9::1"))) {
            assertThat(other.says("python3", "-c", CLIENT, "10.9.0.1", "fd00:9::1").lines()).hasSize(8);
            assertThat(asked(List.of("127.0.0.1", "::1", "10.9.0.1"))).hasSize(12);
            assertThat(asked(List.of("10.9.0.2", "fd00:9::2"))).isEmpty();
        }
    }

    @Test
    void nothingIsForwarded() throws Exception {
        NetBox other = connected();
        NetBox third = box.another();
        box.make(Links.veth(NewLink.named("back").at(5), NewLink.named("front").at(2), third.place()),
                Links.up(new LinkRef(5, "back")), Addresses.add(new LinkRef(5, "back"), IpPrefix.of("10.8.0.1/24")));
        LinkRef front = new LinkRef(2, "front");
        third.make(Links.up(front), Addresses.add(front, IpPrefix.of("10.8.0.2/24")),
                Routes.add(new RouteSpec(IpPrefix.of("10.9.0.0/24"),
                        IpText.parse("10.8.0.1"), null, false, null, 0), null));
        other.make(Routes.add(new RouteSpec(IpPrefix.of("10.8.0.0/24"),
                IpText.parse("10.9.0.1"), null, false, null, 0), null));
        box.says("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");

        try (NamespaceProcess _ = server(other, OTHERS)) {
            assertThat(third.says("timeout", "20", "python3", "-c", CLIENT, "10.9.0.2").lines()).hasSize(4);
            apply(List.of(allowed("10.9.0.0/16", false, 0)));
            assertThat(third.says("sh", "-c", "timeout 2 python3 -c \"$1\" 10.9.0.2; true", "sh", CLIENT)).isEmpty();
            assertThat(asked(List.of("10.9.0.2"))).hasSize(4);
        }
    }

    @Test
    void thereMayBeMoreOfThemThanOneMessageHolds() throws Exception {
        assumeThat(Path.of(NFT)).as("nftables").exists();
        apply(IntStream.range(0, 1000).mapToObj(i -> allowed("10.9." + i / 250 + "." + i % 250, i % 2 == 0, 80))
                .toList());

        assertThat(box.says(NFT, "-n", "list", "ruleset").lines().filter(line -> line.contains("dport 80")))
                .hasSize(1000);
    }

    @Test
    void whatIsRefusedLeavesNoneOfIt() throws Exception {
        assumeThat(Path.of(NFT)).as("nftables").exists();
        try (NetlinkSocket socket = box.filterSocket()) {
            OutboundFilter.apply(SOME, socket);
            String rules = box.says(NFT, "list", "ruleset");

            assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> OutboundFilter.apply(SOME, socket))
                    .satisfies(e -> {
                        assertThat(e.step()).isEqualTo(Step.RESTRICT_OUTBOUND);
                        assertThat(e.errnoName()).isEqualTo("EEXIST");
                        assertThat(e).hasMessageStartingWith("cannot restrict the way out by a table of nftables");
                    });
            assertThat(box.says(NFT, "list", "ruleset")).isEqualTo(rules);
        }
    }

    @Test
    void anExpressionThatTheKernelDoesNotKnowNamesTheModule() throws Exception {
        Request unknown = new Rule("to x").needing("nft_nosuch").accept();

        assertThat(NetRemedies.of(2, "", unknown)).contains("nft_nosuch").contains("CONFIG_NFT_NOSUCH");
    }

    private List<String> asked(List<String> addresses) throws Exception {
        List<String> command = new ArrayList<>(List.of("python3", "-c", CLIENT));
        command.addAll(addresses);
        return box.says(command.toArray(String[]::new)).lines().toList();
    }

    /** Another network, with every address that the tests name. */
    private NetBox connected() throws Exception {
        NetBox other = box.another();
        LinkRef here = new LinkRef(3, "here");
        LinkRef there = new LinkRef(2, "there");
        box.make(Links.veth(NewLink.named("here").at(3), NewLink.named("there").at(2), other.place()), Links.up(here),
                Addresses.add(here, IpPrefix.of("10.9.0.1/24")), Addresses.add(here, IpPrefix.of("fd00:9::1/64")));
        other.make(Links.up(there), Links.up(LinkRef.LOOPBACK));
        for (String address : OTHERS) {
            other.make(Addresses.add(there, IpPrefix.of(address + (address.contains(":") ? "/64" : "/24"))));
        }
        return other;
    }

    private static NamespaceProcess server(NetBox where, List<String> addresses) throws Exception {
        List<String> command = new ArrayList<>(List.of("nsenter", "--preserve-credentials", "-t",
                Long.toString(where.pid()), "--user", "--net", "--", "python3", "-c", SERVER));
        command.addAll(addresses);
        NamespaceProcess server = Namespace.builder().spawn(Command.of(command));
        assertThat(server.inputReader().readLine()).isEqualTo("ready");
        return server;
    }
}
