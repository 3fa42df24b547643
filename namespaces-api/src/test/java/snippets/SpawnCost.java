package snippets;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceKind;
import java.util.Set;

/** A benchmark over any set of kinds. */
class SpawnCost {

    private final Command nop = Command.of("/bin/true");

    // @start region="cost"
    int spawnAndWait(Set<NamespaceKind> kinds) throws Exception {
        Namespace cold = Namespace.builder().create(kinds).build();
        try (var process = cold.spawn(nop)) {
            return process.waitFor();
        }
    }
    // @end
}
