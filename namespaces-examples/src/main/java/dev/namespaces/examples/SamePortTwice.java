package dev.namespaces.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import dev.namespaces.Namespace;
import dev.namespaces.OpenNamespace;
import dev.namespaces.Rootless;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Two hosts in one JVM: each has a network of its own, a server on port 80, and a client that asks it.
 *
 * <p>
 * {@code ./ns example SamePortTwice} prints the answers.
 */
public final class SamePortTwice {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);

    private SamePortTwice() {}

    /**
     * Starts the servers and asks them; as an ordinary user, in a JVM that is root of a user namespace.
     *
     * @param arguments none
     * @throws Exception if there can be no network, or nobody answers
     */
    public static void main(String... arguments) throws Exception {
        Rootless.enter();
        Namespace network = Namespace.builder().net().build();
        try (OpenNamespace one = network.open();
                OpenNamespace other = network.open();
                Server _ = Server.start(one, "one");
                Server _ = Server.start(other, "the other")) {
            System.out.println(ask(one));
            System.out.println(ask(other));
        }
    }

    /** A server starts threads, so it is made on one that is to be inside, and that stays there as long as the server runs. */
    private record Server(HttpServer http, ExecutorService inside) implements AutoCloseable {

        static Server start(OpenNamespace host, String name) throws InterruptedException, ExecutionException {
            ExecutorService inside = Executors.newSingleThreadExecutor(host.threadFactory());
            return new Server(inside.submit(() -> {
                HttpServer http = HttpServer.create(ADDRESS, 0);
                http.createContext("/", exchange -> {
                    byte[] answer = ("this is " + name).getBytes(UTF_8);
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
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

    /** A client starts threads too: all of them by an executor that has them enter. */
    private static String ask(OpenNamespace host) throws Exception {
        return host.call(() -> {
            try (ExecutorService inside = Executors.newCachedThreadPool(host.threadFactory());
                    HttpClient client = HttpClient.newBuilder().executor(inside).build()) {
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1/")).build();
                return request.uri() + ": " + client.send(request, BodyHandlers.ofString()).body();
            }
        });
    }
}
