package snippets;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import java.io.IOException;

class Snippets {

    void look() throws IOException {
        // @start region="look"
        try (NamespaceProcess p = Namespace.builder().user().pid().net().spawn("sh", "-c", "id")) {
            p.inputReader().lines().forEach(System.out::println);
        }
        // @end
    }
}
