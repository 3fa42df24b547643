package snippets;

import dev.namespaces.Capture;
import dev.namespaces.Namespace;
import dev.namespaces.NamespacePool;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.OpenNamespace;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;

class Snippets {

    void look() throws IOException {
        // @start region="look"
        try (NamespaceProcess p = Namespace.builder().user().pid().net().spawn("sh", "-c", "id")) {
            p.inputReader().lines().forEach(System.out::println);
        }
        // @end
    }

    void pool() throws IOException, InterruptedException {
        // @start region="pool"
        try (NamespacePool pool = Namespace.builder().user().pid().net().ipc().build().pool(8)) {
            System.out.print(pool.run("id", "-un").stdout()); // in namespaces that no other command has been in, or will be
        }
        // @end
    }

    void pod() throws IOException, InterruptedException {
        // @start region="pod"
        try (OpenNamespace pod = Namespace.builder().user().net().uts(u -> u.hostname("pod")).open()) {
            pod.spawn("server"); // several commands, one set of namespaces
            pod.run("client").orThrow();
            ServerSocket socket = pod.call(() -> new ServerSocket(80)); // Java code, on a thread that has entered them
            socket.accept().close(); // which stays there, whoever uses it
        }
        // @end
    }

    void capture() throws IOException, InterruptedException {
        // @start region="capture"
        try (OpenNamespace pod = Namespace.builder().user().net().open()) {
            Capture capture = pod.capture(Path.of("packets.pcap"));
            try (capture) {
                pod.run("client").orThrow();
            }
            System.out.println(capture.packets() + " packets, " + capture.dropped() + " lost");
        }
        // @end
    }
}
