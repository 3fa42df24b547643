package dev.namespaces.examples;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceKind;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say which namespaces there are, and what is in them. */
final class KindOptions {

    /** What a command's machine is called unless told: a UTS namespace that nobody can tell from the host's would be of no use here. */
    private static final String HOSTNAME = "namespace";

    private final Set<NamespaceKind> kinds = EnumSet.noneOf(NamespaceKind.class);

    @Option(names = "--as-pid-1", description = "the command is PID 1 itself, with no init above it")
    private boolean asPid1;

    @Option(names = "--hostname", paramLabel = "NAME", description = "the host name in the UTS namespace; \"" + HOSTNAME
            + "\" by default")
    private @Nullable String hostname;

    @Option(names = "--map-root", description = "be root in the user namespace; the default")
    private boolean mapRoot;

    @Option(names = "--map-current", description = "keep user and group in the user namespace")
    private boolean mapCurrent;

    @Option(names = {"--unshare-all", "--all"}, description = "new namespaces of all eight kinds")
    void all(boolean chosen) {
        kinds.addAll(EnumSet.allOf(NamespaceKind.class));
    }

    @Option(names = "--unshare-user", description = "a new user namespace")
    void user(boolean chosen) {
        kinds.add(NamespaceKind.USER);
    }

    @Option(names = "--unshare-pid", description = "a new pid namespace, under an init")
    void pid(boolean chosen) {
        kinds.add(NamespaceKind.PID);
    }

    @Option(names = "--unshare-net", description = "a new network namespace, its loopback up")
    void net(boolean chosen) {
        kinds.add(NamespaceKind.NET);
    }

    @Option(names = "--unshare-mount", description = "a new mount namespace; with a pid namespace, /proc is mounted anew")
    void mount(boolean chosen) {
        kinds.add(NamespaceKind.MOUNT);
    }

    @Option(names = "--unshare-uts", description = "a new UTS namespace: a host name of its own")
    void uts(boolean chosen) {
        kinds.add(NamespaceKind.UTS);
    }

    @Option(names = "--unshare-ipc", description = "a new IPC namespace")
    void ipc(boolean chosen) {
        kinds.add(NamespaceKind.IPC);
    }

    @Option(names = "--unshare-cgroup", description = "a new cgroup namespace")
    void cgroup(boolean chosen) {
        kinds.add(NamespaceKind.CGROUP);
    }

    @Option(names = "--unshare-time", description = "a new time namespace")
    void time(boolean chosen) {
        kinds.add(NamespaceKind.TIME);
    }

    /** The namespace that the options describe. */
    Namespace namespace(CommandLine line) {
        require(line, hostname == null || kinds.contains(NamespaceKind.UTS), "--hostname needs --unshare-uts");
        require(line, !(mapRoot || mapCurrent) || kinds.contains(NamespaceKind.USER),
                "--map-root and --map-current need --unshare-user");
        require(line, !(mapRoot && mapCurrent), "--map-root and --map-current exclude each other");
        require(line, !asPid1 || kinds.contains(NamespaceKind.PID), "--as-pid-1 needs --unshare-pid");
        NamespaceBuilder builder = Namespace.builder().create(kinds);
        if (kinds.contains(NamespaceKind.UTS)) {
            String name = hostname == null ? HOSTNAME : hostname;
            builder.uts(uts -> uts.hostname(name));
        }
        if (mapCurrent) {
            builder.user(user -> user.mapCurrent());
        }
        if (asPid1) {
            builder.pid(pid -> pid.asPid1());
        }
        return builder.build();
    }

    private static void require(CommandLine line, boolean condition, String otherwise) {
        if (!condition) {
            throw new ParameterException(line, otherwise);
        }
    }
}
