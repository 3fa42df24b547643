package dev.namespaces.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import dev.namespaces.Namespace;
import dev.namespaces.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;

/**
 * A download tool that may reach one address only: what it is told to fetch elsewhere, by whomever, it does not get, and it can tell nobody what it knows. Takes {@code curl}, and
 * {@code pasta} or {@code slirp4netns}.
 *
 * <p>
 * {@code ./ns example NarrowWayOut} downloads from two servers of its own, on an address of this machine; one of them is allowed.
 */
public final class NarrowWayOut {

    private static final String NAME = "repository.example";

    private NarrowWayOut() {}

    /**
     * Downloads twice.
     *
     * @param arguments none
     * @throws IOException if something cannot be started
     * @throws InterruptedException never: nobody interrupts this thread
     */
    public static void main(String... arguments) throws IOException, InterruptedException {
        InetAddress address = NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                .filter(it -> it.getAddress().length == 4 && !it.isLoopbackAddress()).findFirst()
                .orElseThrow(() -> new IOException("this machine has no address but the loopback interface's"));
        HttpServer repository = server(address, "what was wanted");
        HttpServer elsewhere = server(address, "what was not");
        try {
            Namespace box = Namespace.builder().user().pid()
                    .mount(m -> m.emptyRoot().readOnlyBind("/usr").readOnlyBind("/bin").readOnlyBind("/lib")
                            .readOnlyBindIfExists("/lib64").tmpfs("/tmp").dev())
                    .net(n -> n.hosts(NAME, address.getHostAddress())
                            .outbound(o -> o.allow(address.getHostAddress(), repository.getAddress().getPort())))
                    .build();
            print("the repository", download(box, repository));
            print("elsewhere", download(box, elsewhere));
        } finally {
            repository.stop(0);
            elsewhere.stop(0);
        }
    }

    private static HttpServer server(InetAddress address, String content) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(address, 0), 0);
        byte[] bytes = (content + "\n").getBytes(UTF_8);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static Result download(Namespace box, HttpServer server) throws IOException, InterruptedException {
        return box.run("curl", "--silent", "--show-error", "--max-time", "30",
                "http://" + NAME + ":" + server.getAddress().getPort() + "/");
    }

    private static void print(String what, Result result) {
        System.out.print("from " + what + ": " + result.stdout() + result.stderr());
    }
}
