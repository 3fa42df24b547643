package dev.namespaces.ffm.live;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.namespaces.Namespace;
import dev.namespaces.OpenNamespace;
import dev.namespaces.ffm.linux.OrdinaryUser;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** For tests in which threads enter namespaces: root has the right to, of the host or of a user namespace, where RootlessTest runs these tests again. */
final class RootOfAUserNamespace implements BeforeAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        assumeTrue(!OrdinaryUser.isSelf(),
                "threads enter namespaces as root, if only of a user namespace: see RootlessTest");
        try (OpenNamespace first = Namespace.builder().uts().open()) { // of which the JVM keeps what it needs for all others
            first.call(() -> first);
        }
    }
}
