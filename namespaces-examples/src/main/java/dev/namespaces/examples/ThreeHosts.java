package dev.namespaces.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import dev.namespaces.Impairment;
import dev.namespaces.NamespaceException;
import dev.namespaces.Network;
import dev.namespaces.OpenNamespace;
import dev.namespaces.Rootless;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Three hosts in one JVM: a client, a router, and a server behind it. The server is the JDK's, and is asked by curl(1) and by the JDK's client.
 *
 * <p>
 * {@code ./ns example ThreeHosts} prints the answers; with Debian's {@code curl}.
 */
public final class ThreeHosts {

    private static final int PORT = 80;

    private ThreeHosts() {}

    /**
     * Makes the network, starts the server and asks it; as an ordinary user, in a JVM that is root of a user namespace.
     *
     * @param arguments none
     * @throws Exception if there can be no network, or nobody answers
     */
    public static void main(String... arguments) throws Exception {
        Rootless.enter();
        try (Network network = Network.builder().hosts("client", "server").routers("router")
                .link("client", "router", "10.9.0.0/24").link("router", "server", "10.10.0.0/24").open();
                Server _ = Server.start(network.host("server"))) {
            System.out.println(delay(network));
            System.out.println("curl: " + network.host("client")
                    .run("curl", "--silent", "--show-error", "--noproxy", "*", "http://server/").orThrow().stdout());
            System.out.println("java: " + ask(network));
        }
    }

    /** Some kernels cannot. */
    private static String delay(Network network) {
        try {
            network.link("client", "router").impair(Impairment.NONE.delay(Duration.ofMillis(20)));
            return "the router is 20 ms away";
        } catch (NamespaceException e) {
            return "the router is near: " + e.remedy().orElse(e.getMessage());
        }
    }

    /** A server starts threads, so it is made on one that is to be inside, and that stays there as long as the server runs. */
    private record Server(HttpServer http, ExecutorService inside) implements AutoCloseable {

        static Server start(OpenNamespace host) throws InterruptedException, ExecutionException {
            ExecutorService inside = Executors.newSingleThreadExecutor(host.threadFactory());
            return new Server(inside.submit(() -> start()).get(), inside);
        }

        private static HttpServer start() throws IOException {
            HttpServer http = HttpServer.create(new InetSocketAddress(PORT), 0);
            http.createContext("/", exchange -> {
                byte[] answer = ("hello " + exchange.getRemoteAddress().getAddress().getHostAddress()).getBytes(UTF_8);
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            http.start();
            return http;
        }

        @Override
        public void close() {
            http.stop(0);
            inside.close();
        }
    }

    /** A client starts threads too. It does not know the names of these hosts, so it is given an address. */
    private static String ask(Network network) throws Exception {
        OpenNamespace client = network.host("client");
        return client.call(() -> {
            try (ExecutorService inside = Executors.newCachedThreadPool(client.threadFactory());
                    HttpClient http = HttpClient.newBuilder().executor(inside).build()) {
                URI uri = URI.create("http://" + network.address("server").getHostAddress() + "/");
                return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
            }
        });
    }
}
