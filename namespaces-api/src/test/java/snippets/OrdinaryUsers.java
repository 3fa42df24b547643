package snippets;

import dev.namespaces.Namespace;
import dev.namespaces.OpenNamespace;
import dev.namespaces.Rootless;
import java.net.InetAddress;
import java.net.ServerSocket;

class OrdinaryUsers {

    // @start region="main"
    static void main() throws Exception {
        Rootless.enter(); // as an ordinary user: start this JVM again, as root of a user namespace
        try (OpenNamespace network = Namespace.builder().net().open();
                ServerSocket server = network.call(() -> new ServerSocket(80, 1, InetAddress.getLoopbackAddress()))) {
            System.out.println(server);
        }
    }
    // @end
}
