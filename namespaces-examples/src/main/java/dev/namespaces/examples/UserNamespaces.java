package dev.namespaces.examples;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Step;
import java.io.IOException;

/** Whether there can be more user namespaces. */
final class UserNamespaces {

    private UserNamespaces() {}

    /**
     * Tries to create one. If that is refused, it will be to a command of the same user too, unless it can raise the limit, as root can.
     *
     * @throws IOException if the command could create one
     */
    static void requireDisabled() throws IOException {
        String refusal = "the command could create user namespaces";
        if (Caller.isRoot()) {
            throw new IOException(
                    refusal + ", or raise the limit, as ns is root: give --unshare-user --disable-userns");
        }
        try (NamespaceProcess _ = Namespace.builder().user().spawn("true")) {
            throw new IOException(refusal + ": give --unshare-user --disable-userns");
        } catch (NamespaceException e) {
            if (e.step() != Step.CLONE) {
                throw new IOException(refusal + ": give --unshare-user --disable-userns", e);
            }
        }
    }
}
