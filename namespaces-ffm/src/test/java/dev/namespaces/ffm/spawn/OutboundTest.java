package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.OpenNamespace;
import dev.namespaces.OutboundConfig;
import dev.namespaces.Result;
import dev.namespaces.Spawner;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.OrdinaryUser;
import dev.namespaces.spi.OutboundSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The way out of a network, and in; the traffic is the test's own, on the host's loopback interface. */
@ExtendWith(LeavesNothingBehind.class)
class OutboundTest {

    private static final String READ = "exec 3<>/dev/tcp/127.0.0.1/7000; cat <&3";

    private static final String SERVE = "import socket; s = socket.create_server(('0.0.0.0', 7000)); print('listens'); c, _ = s.accept(); c.sendall(b'from inside\\n')";
    private static final String ASK_AND_ANSWER = """
            import socket
            answering = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); answering.bind(('0.0.0.0', 7001))
            asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); asking.sendto(b'who?', ('127.0.0.1', 7000))
            print(asking.recv(9).decode())
            _, who = answering.recvfrom(9); answering.sendto(b'box', who); input()
            """;

    private static NamespaceBuilder box(Consumer<OutboundConfig> configurer) {
        assumeThat(Path.of("/dev/net/tun")).as("what pasta makes its interface by").isReadable().isWritable();
        assumeThat(Path.of("/proc/net/route")).as("pasta wants the host to have a default route")
                .content().containsPattern("\\t00000000\\t");
        return Namespace.builder().user().pid().net(n -> n.outbound(configurer));
    }

    /** What the JDK keeps of its first connection. */
    @BeforeAll
    static void connect() throws IOException {
        try (ServerSocket server = server()) {
            CompletableFuture<Void> answered = answer(server);
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
                client.getInputStream().readAllBytes();
            }
            answered.join();
        }
    }

    /** Answers one client. */
    private static CompletableFuture<Void> answer(ServerSocket server) {
        return CompletableFuture.runAsync(() -> {
            try (Socket client = server.accept()) {
                client.getOutputStream().write("from the host\n".getBytes(US_ASCII));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }, task -> Thread.ofPlatform().start(task));
    }

    private static ServerSocket server() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    static int freePort() throws IOException {
        return freePorts(1).getFirst();
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(server());
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void theInterfaceIsThereBeforeTheCommandIs() throws Exception {
        Result result = box(_ -> {}).run("sh", "-c", "ip -brief -4 address show tap0; ip -4 route");

        assertThat(result.orThrow().stdout()).contains("10.0.2.100/24").contains("default via 10.0.2.2 dev tap0");
    }

    @Test
    void aCommandReachesAPortOfTheHost() throws Exception {
        try (ServerSocket server = server()) {
            CompletableFuture<Void> answered = answer(server);
            Result result = box(o -> o.reach(7000, server.getLocalPort())).run("bash", "-c", READ);

            assertThat(result.orThrow().stdout()).isEqualTo("from the host\n");
            answered.join();
        }
    }

    @Test
    void datagramsAreLedBothWaysToo() throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            int port = freePort();
            NamespaceBuilder box = box(o -> o.reachUdp(7000, server.getLocalPort()).publishUdp(port, 7001));
            try (NamespaceProcess process = box.spawn(Command.of("python3", "-uc", ASK_AND_ANSWER))) {
                DatagramPacket question = new DatagramPacket(new byte[9], 9);
                server.receive(question);
                assertThat(text(question)).isEqualTo("who?");
                question.setData("the host".getBytes(US_ASCII));
                server.send(question);
                assertThat(process.inputReader().readLine()).isEqualTo("the host");

                server.send(new DatagramPacket(new byte[]{'?'}, 1, InetAddress.getLoopbackAddress(), port));
                DatagramPacket answer = new DatagramPacket(new byte[9], 9);
                server.receive(answer);
                assertThat(text(answer)).isEqualTo("box");
            }
        }
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), US_ASCII);
    }

    @Test
    void severalPortsArePublishedAtOnce() throws Exception {
        List<Integer> ports = freePorts(3);
        try (OpenNamespace box = box(o -> {
            for (int i = 0; i < ports.size(); i++) {
                o.publish(ports.get(i), 7000 + i);
            }
        }).open(); NamespaceProcess server = box.spawn(Command.of("python3", "-uc", """
                import socket
                all = [socket.create_server(('0.0.0.0', 7000 + i)) for i in range(3)]
                print('listens')
                for s in all: c, _ = s.accept(); c.sendall(b'%d' % s.getsockname()[1]); c.close()"""))) {
            assertThat(server.inputReader().readLine()).isEqualTo("listens");
            for (int i = 0; i < ports.size(); i++) {
                try (Socket client = new Socket(InetAddress.getLoopbackAddress(), ports.get(i))) {
                    assertThat(new String(client.getInputStream().readAllBytes(), US_ASCII)).isEqualTo("700" + i);
                }
            }
        }
    }

    @Test
    void asRootNoUserNamespaceIsNeeded() throws Exception {
        assumeThat(OrdinaryUser.isSelf()).as("an ordinary user").isFalse();
        box(_ -> {});

        assertThat(Namespace.builder().pid().net(n -> n.outbound()).run("sh", "-c", "ip -brief -4 address show tap0")
                .orThrow().stdout()).contains("10.0.2.100/24");
    }

    // ---- what is allowed

    @Test
    void whatIsAllowedIsReachedAndNothingElse() throws Exception {
        InetAddress own = ownAddress();
        try (ServerSocket allowed = new ServerSocket(0, 9, own); ServerSocket other = new ServerSocket(0, 9, own)) {
            NamespaceBuilder free = box(_ -> {});
            NamespaceBuilder box = box(o -> o.allow(own.getHostAddress(), allowed.getLocalPort()));

            assertThat(connect(free, own, other)).as("without allow()").isEqualTo("reached\n");
            assertThat(connect(box, own, allowed)).isEqualTo("reached\n");
            assertThat(connect(box, own, other)).contains("No route to host");
            try (OpenNamespace live = box.open()) {
                assertThat(connect(live, own, allowed)).isEqualTo("reached\n");
                assertThat(connect(live, own, other)).contains("No route to host");
            }
        }
    }

    private static String connect(Spawner box, InetAddress address, ServerSocket server) throws Exception {
        Result result = box.run("bash", "-c", "echo > /dev/tcp/$0/$1 && echo reached", address.getHostAddress(),
                Integer.toString(server.getLocalPort()));
        return result.stdout() + result.stderr();
    }

    /** An address that packets to this machine itself have, which do not leave it. */
    private static InetAddress ownAddress() throws SocketException {
        return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                .filter(it -> it.getAddress().length == 4 && !it.isLoopbackAddress()).findFirst().orElseThrow();
    }

    @Test
    void publishedPortsStillLeadInside() throws Exception {
        int port = freePort();
        try (OpenNamespace box = box(o -> o.publish(port, 7000).allow("192.0.2.1", 1)).open();
                NamespaceProcess server = box.spawn(Command.of("python3", "-uc", SERVE))) {
            assertThat(server.inputReader().readLine()).isEqualTo("listens");

            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(new String(client.getInputStream().readAllBytes(), US_ASCII)).isEqualTo("from inside\n");
            }
        }
    }

    @Test
    void whoeverIsRootInsideCannotChangeTheRules() throws Exception {
        NamespaceBuilder box = box(o -> o.allow("192.0.2.1", 1));
        String enemy = """
                id -u
                /usr/sbin/nft flush ruleset 2>&1 | grep -o 'not permitted'
                ip link add x type dummy 2>&1 | grep -o 'not permitted'
                python3 -c 'import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW)' 2>&1 | grep -o 'not permitted'
                unshare -U -r /usr/sbin/nft flush ruleset 2>&1 | grep -o 'not permitted'
                grep -E 'CapEff|CapBnd' /proc/self/status""";
        String rights = "%016x".formatted(Capabilities.known() & ~(1L << 12 | 1L << 13));
        String refused = "0\nnot permitted\nnot permitted\nnot permitted\nnot permitted\nCapEff:\t" + rights
                + "\nCapBnd:\t" + rights + "\n";
        assumeThat(Path.of("/usr/sbin/nft")).as("nftables").exists();

        assertThat(box.run("sh", "-c", enemy).orThrow().stdout()).isEqualTo(refused);
        try (OpenNamespace live = box.open()) {
            assertThat(live.run("sh", "-c", enemy).orThrow().stdout()).isEqualTo(refused);
        }
    }

    @Test
    void noOtherPortOfTheHostIsReached() throws Exception {
        try (ServerSocket server = server()) {
            String port = Integer.toString(server.getLocalPort());
            for (String address : List.of("127.0.0.1", "10.0.2.2")) {
                Result result = box(_ -> {}).run("timeout", "2", "bash", "-c",
                        "echo > /dev/tcp/" + address + "/" + port);

                assertThat(result.exitValue()).as(address).isNotZero();
            }
        }
    }

    @Test
    void aPublishedPortIsReachedFromTheHost() throws Exception {
        int port = freePort();
        try (OpenNamespace box = box(o -> o.publish(port, 7000)).open();
                NamespaceProcess server = box.spawn(Command.of("python3", "-uc", SERVE))) {
            BufferedReader words = server.inputReader();
            assertThat(words.readLine()).isEqualTo("listens");

            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(new String(client.getInputStream().readAllBytes(), US_ASCII)).isEqualTo("from inside\n");
            }
        }
    }

    @Test
    void theProgramEndsWithTheCommand() throws Exception {
        try (NamespaceProcess process = box(_ -> {}).spawn("sleep", "60")) {
            assertThat(programs()).hasSize(1);
            process.destroyForcibly().waitFor();
            Await.value("the program's end", OutboundTest::programs, List::isEmpty);
        }
    }

    /** Says that there is a way out, and which program leads there, and waits. */
    static final class Waiting {
        static void main() throws Exception {
            box(_ -> {}).dieWithJvm().spawn(Command.of("sleep", "60"));
            System.out.println(programs().getFirst().pid());
            System.in.readAllBytes();
        }
    }

    @Test
    void theProgramEndsWhenTheJvmIsKilled() throws Exception {
        box(_ -> {});
        Process jvm = ChildJvm.of(Waiting.class).withTestLibraries().start();
        long program = Long.parseLong(jvm.inputReader().readLine());
        assertThat(Proc.isAlive(program)).isTrue();
        jvm.destroyForcibly().waitFor();

        Await.until("the program's end", () -> !Proc.isAlive(program));
    }

    /** It is neither dumpable nor without its filter by then, so that nobody inside can trace it. */
    @Test
    void theProgramIsConfinedBeforeTheCommandRuns() throws Exception {
        for (int i = 0; i < 10; i++) {
            try (NamespaceProcess process = box(_ -> {}).spawn("sleep", "60")) {
                assertThat(Path.of("/proc", Long.toString(programs().getFirst().pid()), "status"))
                        .content(ISO_8859_1).contains("Seccomp:\t2\n");
                assertThat(process.isAlive()).isTrue();
            }
        }
    }

    @Test
    void ifTheCommandCannotRunNoProgramIsLeft() {
        NamespaceBuilder box = box(_ -> {});

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> box.run("/no/such/program"))
                .satisfies(e -> assertThat(e.step()).isEqualTo(Step.EXECUTE));
        assertThat(programs()).isEmpty();
    }

    @Test
    void whatIsNoPortOrLeadsSomewhereAlreadyIsRefusedAtOnce() {
        Namespace.builder().net(n -> n.outbound(o -> {
            assertThatIllegalArgumentException().isThrownBy(() -> o.publish(0, 80)).withMessage("not a port: 0");
            assertThatIllegalArgumentException().isThrownBy(() -> o.reach(80, 65_536))
                    .withMessage("not a port: 65536");
            o.publish(8080, 80).publishUdp(8080, 80);
            assertThatIllegalArgumentException().isThrownBy(() -> o.publish(8080, 81))
                    .withMessage("port 8080 leads somewhere already");
        }));
    }

    private static List<ProcessHandle> programs() {
        return ProcessHandle.current().children()
                .filter(child -> name(child).startsWith("pas")).toList();
    }

    private static String name(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "comm"));
        } catch (IOException _) {
            return ""; // it has ended
        }
    }

    @Test
    void aPortThatIsTakenIsRefused() throws Exception {
        try (ServerSocket server = server()) {
            NamespaceBuilder box = box(o -> o.publish(server.getLocalPort(), 7000));

            assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> box.run("true"))
                    .satisfies(e -> assertThat(e.step()).isEqualTo(Step.OUTBOUND));
        }
    }

    @Test
    void withoutTheProgramItsPackageIsNamed(@TempDir Path empty) {
        assertThatExceptionOfType(NamespaceException.class)
                .isThrownBy(() -> new Outbound(empty).start(OutboundSpec.DEFAULT, 1, true))
                .satisfies(e -> assertThat(e.remedy().orElseThrow()).contains("apt install passt"));
    }
}
