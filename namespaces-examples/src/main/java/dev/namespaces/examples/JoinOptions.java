package dev.namespaces.examples;

import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options for namespaces that exist already, by descriptors that whoever has started {@code ns} has left open. */
final class JoinOptions {

    @Option(names = "--userns", paramLabel = "FD", description = "use the user namespace that a descriptor refers to; it must be one below that of ns, of the"
            + " same user; excludes --unshare-user")
    private @Nullable String user;

    @Option(names = "--pidns", paramLabel = "FD", description = "use the pid namespace that a descriptor refers to; it must be owned by the user namespace that"
            + " is used; excludes --unshare-pid")
    private @Nullable String pid;

    boolean joinsUser() {
        return user != null;
    }

    /** Has the command enter them. They stay open as long as {@code ns} lives, as their descriptors do anyway. */
    void apply(CommandLine line, NamespaceBuilder builder, Set<NamespaceKind> created) throws NamespaceException {
        join(line, builder, created, NamespaceKind.USER, "--userns", user);
        join(line, builder, created, NamespaceKind.PID, "--pidns", pid);
    }

    private static void join(CommandLine line, NamespaceBuilder builder, Set<NamespaceKind> created, NamespaceKind kind,
            String option, @Nullable String descriptor) throws NamespaceException {
        if (descriptor == null) {
            return;
        }
        KindOptions.require(line, !created.contains(kind),
                option + " excludes a new " + kind.procName() + " namespace");
        NamespaceHandle namespace = NamespaceHandle.ofDescriptor(Descriptors.inherited(line, descriptor));
        KindOptions.require(line, namespace.kind() == kind, option + " " + descriptor + " is no " + kind.procName()
                + " namespace but " + namespace);
        builder.join(namespace);
    }
}
