package snippets;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.OpenNamespace;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

class Snippets {

    void look() throws IOException {
        // @start region="look"
        try (NamespaceProcess p = Namespace.builder().user().pid().net().spawn("sh", "-c", "id")) {
            p.inputReader().lines().forEach(System.out::println);
        }
        // @end
    }

    void pod() throws IOException, InterruptedException {
        // @start region="pod"
        try (OpenNamespace pod = Namespace.builder().net().uts(u -> u.hostname("pod")).open()) {
            ServerSocket server = pod.call(() -> new ServerSocket(80)); // Java code inside: a socket belongs to the network that it was made in
            NamespaceProcess client = pod.spawn("curl", "http://localhost/"); // any number of commands
            try (Socket accepted = server.accept()) { // outside
                accepted.getOutputStream().write("HTTP/1.0 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            client.waitFor();
        }
        // @end
    }
}
