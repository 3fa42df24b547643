package dev.namespaces.ffm.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.Network;
import dev.namespaces.ffm.linux.Tool;
import dev.namespaces.ffm.spawn.Await;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Java code in the hosts of a network. */
@ExtendWith(LeavesNothingBehind.class)
@ExtendWith(RootOfAUserNamespace.class)
class HostsTest {

    private static final int PORT = 4242;
    private static final Namespace HERE = Namespace.builder().build();

    @BeforeAll
    static void prepare() throws Exception {
        Tool.find("perl");
        new ServerSocket(0).close(); // what the JDK makes once and keeps
    }

    /** What this machine's own network contains. */
    private static List<String> outside() throws Exception {
        List<String> said = new ArrayList<>();
        for (String what : List.of("link", "address", "route")) {
            said.addAll(HERE.run("/sbin/ip", "-oneline", what).orThrow().stdout().lines().toList());
        }
        return said;
    }

    @Test
    @Tag("slow-under-emulation")
    void fiftyServersOnTheSamePortAreReachedByNameAndNothingIsLeft() throws Exception {
        List<String> before = outside();
        List<String> names = IntStream.range(0, 50).mapToObj(i -> "host" + i).toList();
        String[] all = Stream.concat(names.stream(), Stream.of("client")).toArray(String[]::new);
        List<ServerSocket> servers = new ArrayList<>();
        try (Network network = Network.builder().hosts(all).switchOf("lan", "10.1.0.0/16", all).open();
                ExecutorService executor = Executors.newThreadPerTaskExecutor(Thread::new)) {
            for (String name : names) {
                ServerSocket server = network.host(name).call(() -> new ServerSocket(PORT));
                servers.add(server);
                executor.submit(() -> answer(server, name, 2));
            }

            for (String name : names) {
                assertThat(network.host("client").<String, IOException>call(() -> ask(network, name))).isEqualTo(name);
            }
            List<String> perl = new ArrayList<>(List.of("perl", "-MIO::Socket::IP", "-e",
                    "for (@ARGV) { $s = IO::Socket::IP->new(PeerHost => $_, PeerPort => " + PORT
                            + ") or die $@; print <$s>, qq(\n) }"));
            perl.addAll(names);
            assertThat(network.host("client").run(Command.of(perl)).orThrow().stdout().lines().toList())
                    .isEqualTo(names);
            assertThat(outside()).isEqualTo(before);
        } finally {
            for (ServerSocket server : servers) {
                server.close();
            }
        }
        Await.value("this machine's network as before", HostsTest::outside, before::equals);
    }

    private static Void answer(ServerSocket server, String text, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (Socket client = server.accept()) {
                client.getOutputStream().write(text.getBytes(UTF_8));
            }
        }
        return null;
    }

    private static String ask(Network network, String name) throws IOException {
        try (Socket socket = new Socket(network.address(name), PORT)) {
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
