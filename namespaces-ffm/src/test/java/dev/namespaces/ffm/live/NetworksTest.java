package dev.namespaces.ffm.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceKind;
import dev.namespaces.OpenNamespace;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several networks in one JVM: what is opened in one stays there, whoever uses it. */
@ExtendWith(LeavesNothingBehind.class)
@ExtendWith(RootOfAUserNamespace.class)
class NetworksTest {

    private static final int PORT = 4242;
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(LOOPBACK, PORT);

    @Test
    void aServerSocketListensWhereItWasMade() throws Exception {
        try (OpenNamespace one = Namespace.builder().net().open();
                OpenNamespace other = Namespace.builder().net().open();
                ServerSocket server = one.call(() -> new ServerSocket(PORT, 1, LOOPBACK));
                Socket client = one.call(() -> new Socket(LOOPBACK, PORT));
                Socket accepted = server.accept()) {
            client.getOutputStream().write('x');

            assertThat(accepted.getInputStream().read()).isEqualTo('x');
            assertThat(other.call(NetworksTest::isRefused)).isTrue();
            assertThat(isRefused()).isTrue(); // at home
        }
    }

    /** What the JDK makes once and keeps. */
    @BeforeAll
    static void useEveryKindOfSocket() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
                SocketChannel _ = SocketChannel.open(server.getLocalAddress());
                DatagramChannel _ = DatagramChannel.open()) {
            server.accept().close();
        }
    }

    private static boolean isRefused() throws IOException {
        try (Socket _ = new Socket(LOOPBACK, PORT)) {
            return false;
        } catch (ConnectException _) {
            return true;
        }
    }

    @Test
    void soDoChannels() throws Exception {
        try (OpenNamespace net = Namespace.builder().net().open();
                ServerSocketChannel server = net.call(() -> ServerSocketChannel.open().bind(ADDRESS));
                SocketChannel client = net.call(SocketChannel::open);
                DatagramChannel receiver = net.call(() -> DatagramChannel.open().bind(ADDRESS));
                DatagramChannel sender = net.call(DatagramChannel::open)) {
            client.connect(ADDRESS); // here, at home: the channel is what counts
            try (SocketChannel accepted = server.accept()) {
                client.write(UTF_8.encode("stream"));
                assertThat(read(accepted)).isEqualTo("stream");
            }
            sender.send(UTF_8.encode("datagram"), ADDRESS);
            ByteBuffer buffer = ByteBuffer.allocate(100);
            receiver.receive(buffer);
            assertThat(UTF_8.decode(buffer.flip()).toString()).isEqualTo("datagram");
        }
    }

    private static String read(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        channel.read(buffer);
        return UTF_8.decode(buffer.flip()).toString();
    }

    @Test
    void fiftyNetworksHaveAServerOnOnePortEachAndEveryClientReachesItsOwn() throws Exception {
        List<OpenNamespace> networks = new ArrayList<>();
        List<Server> servers = new ArrayList<>();
        try {
            Namespace namespace = Namespace.builder().net().build();
            for (int i = 0; i < 50; i++) {
                networks.add(namespace.open());
                servers.add(Server.start(networks.getLast(), "server " + i));
            }
            for (int i = 0; i < networks.size(); i++) {
                OpenNamespace network = networks.get(i);
                assertThat(network.call(() -> get(network))).isEqualTo("server " + i);
            }
            assertThat(networks.stream().map(NetworksTest::handle).distinct()).hasSize(50);
            assertThat(isRefused()).isTrue();
        } finally {
            servers.forEach(Server::close);
            networks.forEach(OpenNamespace::close);
        }
    }

    private static String handle(OpenNamespace network) {
        try {
            return network.handle(NamespaceKind.NET).toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A server starts threads of its own, so it is made, and lives, on one that is inside for as long. */
    private record Server(HttpServer http, ExecutorService inside) implements AutoCloseable {

        static Server start(OpenNamespace network, String text) throws Exception {
            ExecutorService inside = Executors.newSingleThreadExecutor(network.threadFactory());
            return new Server(inside.submit(() -> {
                HttpServer http = HttpServer.create(ADDRESS, 0);
                http.createContext("/", exchange -> {
                    byte[] body = text.getBytes(UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
                http.start();
                return http;
            }).get(), inside);
        }

        @Override
        public void close() {
            http.stop(0);
            inside.close();
        }
    }

    private static String get(OpenNamespace network) throws IOException, InterruptedException {
        try (ExecutorService executor = Executors.newCachedThreadPool(network.threadFactory());
                HttpClient client = HttpClient.newBuilder().executor(executor).build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + "/")).build();
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }
}
