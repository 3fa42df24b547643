package dev.namespaces.examples;

import static dev.namespaces.NamespaceKind.CGROUP;
import static dev.namespaces.NamespaceKind.IPC;
import static dev.namespaces.NamespaceKind.MOUNT;
import static dev.namespaces.NamespaceKind.NET;
import static dev.namespaces.NamespaceKind.PID;
import static dev.namespaces.NamespaceKind.TIME;
import static dev.namespaces.NamespaceKind.USER;
import static dev.namespaces.NamespaceKind.UTS;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceKind;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say which namespaces there are, and what is in them. */
final class KindOptions {

    /** What a command's machine is called unless told: a UTS namespace that nobody can tell from the host's would be of no use here. */
    private static final String HOSTNAME = "namespace";

    @Option(names = {"--all", "--unshare-all"}, description = "new namespaces of all eight kinds")
    private boolean all;

    @Option(names = "--unshare-user", description = "a new user namespace")
    private boolean user;

    @Option(names = "--unshare-pid", description = "a new pid namespace, under an init")
    private boolean pid;

    @Option(names = "--unshare-net", description = "a new network namespace, its loopback up")
    private boolean net;

    @Option(names = "--unshare-mount", description = "a new mount namespace; with a pid namespace and the host's root, /proc is mounted anew")
    private boolean mount;

    @Option(names = "--unshare-uts", description = "a new UTS namespace: a host name of its own")
    private boolean uts;

    @Option(names = "--unshare-ipc", description = "a new IPC namespace")
    private boolean ipc;

    @Option(names = "--unshare-cgroup", description = "a new cgroup namespace")
    private boolean cgroup;

    @Option(names = "--unshare-time", description = "a new time namespace")
    private boolean time;

    @Option(names = "--share-net", description = "with --all: no new network namespace")
    private boolean shareNet;

    @Option(names = "--as-pid-1", description = "the command is PID 1 itself, with no init above it")
    private boolean asPid1;

    @Option(names = "--hostname", paramLabel = "NAME", description = "the host name in the UTS namespace; \"" + HOSTNAME
            + "\" by default")
    private @Nullable String hostname;

    /** The namespaces that the options describe, in which there may be more. */
    NamespaceBuilder builder(CommandLine line, Set<NamespaceKind> kinds) {
        require(line, hostname == null || kinds.contains(UTS), "--hostname needs --unshare-uts");
        require(line, !asPid1 || kinds.contains(PID), "--as-pid-1 needs --unshare-pid");
        require(line, !shareNet || all, "--share-net needs --all");
        require(line, !(shareNet && net), "--share-net and --unshare-net exclude each other");
        NamespaceBuilder builder = Namespace.builder().create(kinds);
        if (kinds.contains(UTS)) {
            String name = hostname == null ? HOSTNAME : hostname;
            builder.uts(uts -> uts.hostname(name));
        }
        if (asPid1) {
            builder.pid(pid -> pid.asPid1());
        }
        return builder;
    }

    boolean sharesNet() {
        return shareNet;
    }

    /** The kinds that were asked for. */
    Set<NamespaceKind> kinds() {
        Map<NamespaceKind, Boolean> chosen = Map.of(USER, user, PID, pid, NET, net, MOUNT, mount, UTS, uts, IPC, ipc,
                CGROUP,
                cgroup, TIME, time);
        Set<NamespaceKind> kinds = EnumSet.allOf(NamespaceKind.class);
        kinds.removeIf(kind -> !all && !chosen.getOrDefault(kind, false));
        if (shareNet) {
            kinds.remove(NET);
        }
        return kinds;
    }

    static void require(CommandLine line, boolean condition, String otherwise) {
        if (!condition) {
            throw new ParameterException(line, otherwise);
        }
    }
}
