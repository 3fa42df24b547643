package snippets;

import dev.namespaces.Impairment;
import dev.namespaces.Network;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;

class Networks {

    void network() throws IOException, InterruptedException {
        // @start region="network"
        try (Network network = Network.builder().hosts("a", "b", "c").routers("r").link("a", "r", "10.9.0.0/24")
                .switchOf("lan", "10.1.0.0/24", "r", "b", "c").open();
                ServerSocket server = network.host("b").call(() -> new ServerSocket(80))) { // Java code on a host
            network.host("a").spawn("curl", "http://b/"); // a command on another one
            server.accept().close();
            network.link("a", "r").impair(Impairment.NONE.delay(Duration.ofMillis(20)).loss(0.01));
            network.partition(Set.of("a", "r", "b"), Set.of("c"));
            network.heal();
        }
        // @end
    }
}
