package dev.namespaces;

import dev.namespaces.spi.JoinSpec;
import dev.namespaces.spi.MountRoot;
import dev.namespaces.spi.MountSpec;
import dev.namespaces.spi.MountStep;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.RunAsSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A specification in words, in the order in which it is carried out. */
final class Plan {

    private static final String BELOW = " of the host, with what is mounted below it";

    private final List<String> lines = new ArrayList<>();

    private Plan() {}

    static List<String> of(NamespaceSpec spec) {
        Plan plan = new Plan();
        plan.describe(spec);
        return plan.lines.stream().map(Plan::onOneLine).toList();
    }

    /** A path may hold a line end, or what a terminal obeys. */
    static String onOneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private void describe(NamespaceSpec spec) {
        String kinds = spec.kinds().stream().sorted().map(Plan::name).collect(Collectors.joining(", "));
        describe(spec.join());
        lines.add(kinds.isEmpty() ? "no new namespaces" : "new namespaces: " + kinds);
        if (spec.process().newSession()) {
            lines.add("a session of its own");
        }
        if (spec.has(NamespaceKind.USER)) {
            lines.addAll(IdentityWords.ofMaps(spec.user()));
        }
        lines.addAll(IdentityWords.ofClocks(spec));
        if (spec.has(NamespaceKind.MOUNT)) {
            describe(spec.mount(), spec.has(NamespaceKind.PID));
        }
        if (spec.has(NamespaceKind.UTS)) {
            addIfSet("host name: ", spec.uts().hostname());
            addIfSet("domain name: ", spec.uts().domainName());
        }
        if (spec.has(NamespaceKind.NET)) {
            lines.addAll(NetWords.of(spec.net()));
        }
        if (spec.process().noNewPrivileges()) {
            lines.add("no_new_privs: set");
        }
        if (spec.has(NamespaceKind.PID)) {
            lines.add(spec.pid().asPid1() ? "the command is PID 1" : "the command runs under an init, which is PID 1");
        }
        RunAsSpec runAs = spec.runAs();
        if (runAs != null) {
            lines.add(IdentityWords.ofCommand(runAs));
        }
        lines.addAll(CapabilityWords.of(spec.process().capabilities()));
    }

    private void describe(JoinSpec join) {
        if (!join.handles().isEmpty()) {
            lines.add("enters "
                    + join.handles().stream().map(Object::toString).sorted().collect(Collectors.joining(", ")));
        }
        ProcessHandle process = join.process();
        if (process != null) {
            lines.add("enters the namespaces of process " + process.pid() + ", its root and its working directory, as "
                    + (join.without().isEmpty()
                            ? "whoever it is and no more powerful"
                            : join.without().stream().sorted().map(Plan::name)
                                    .collect(Collectors.joining(", ", "it is but for its ", ""))));
        }
    }

    private void addIfSet(String what, @Nullable String value) {
        if (value != null) {
            lines.add(what + value);
        }
    }

    private void describe(MountSpec mount, boolean freshProc) {
        boolean hosts = mount.root() instanceof MountRoot.Host;
        lines.add("root: " + words(mount.root()) + (hosts ? "" : "; the command starts in / unless told otherwise"));
        lines.add("propagation of all mounts: " + name(mount.propagation()));
        if (hosts && freshProc) {
            lines.add("/proc: proc of the new pid namespace");
        }
        for (MountStep step : mount.steps()) {
            lines.add(step.target() + ": " + words(step));
        }
    }

    static String words(MountRoot root) {
        return switch (root) {
            case MountRoot.Host _ -> "the host's";
            case MountRoot.Empty _ -> "empty, in memory";
            case MountRoot.Directory(Path source, Set<MountFlag> flags) -> source + BELOW + flags(flags);
        };
    }

    static String words(MountStep step) {
        return switch (step) {
            case MountStep.Bind bind -> words(bind);
            case MountStep.Tmpfs tmpfs -> "an empty file system in memory, "
                    + (tmpfs.size().isPresent() ? "of " + tmpfs.size().getAsLong() + " bytes, " : "")
                    + permissions(tmpfs.mode())
                    + flags(tmpfs.flags());
            case MountStep.Special special -> switch (special.type()) {
                case PROC -> "proc, the processes of the pid namespace";
                case SYSFS -> "sysfs, the kernel's devices";
                case MQUEUE -> "mqueue, the message queues of the IPC namespace";
                case DEVPTS -> "devpts, pseudo-terminals of its own";
            };
            case MountStep.Dev _ -> "harmless devices, and pseudo-terminals of its own";
            case MountStep.Overlay overlay -> words(overlay);
            case MountStep.NewFile file -> "a new file of " + file.content() + ", " + permissions(file.mode());
            case MountStep.DataBind data -> "a file in memory of " + data.content() + ", " + permissions(data.mode())
                    + (data.readOnly() ? " (read-only)" : "");
            case MountStep.Directory directory -> "a directory, if it is missing with " + permissions(directory.mode());
            case MountStep.Symlink link -> "a symbolic link to " + link.content();
            case MountStep.Chmod chmod -> permissions(chmod.mode());
            case MountStep.RemountReadOnly _ -> "from here on read-only, without what is mounted below";
            case MountStep.Mask _ -> "hidden, if it is there";
            case MountStep.ReadOnlyPath _ -> "read-only with what is mounted below, if it is there";
            case MountStep.Propagate propagate -> "propagation " + name(propagate.propagation());
        };
    }

    private static String words(MountStep.Bind bind) {
        MountStep.FileIdentity identity = bind.identity();
        MountStep.IdMap ids = bind.ids();
        return bind.source() + BELOW + flags(bind.flags()) + (bind.optional() ? ", unless it is missing" : "")
                + (identity == null
                        ? ""
                        : ", if that is still inode " + identity.inode() + " of device " + identity.device())
                + (ids == null ? "" : ", its users shown as " + ids.users() + " and its groups as " + ids.groups());
    }

    private static String words(MountStep.Overlay overlay) {
        String layers = overlay.lower().stream().map(Path::toString).collect(Collectors.joining(" over "));
        return switch (overlay.upper()) {
            case null -> "a read-only overlay of " + layers;
            case MountStep.Upper.Memory _ -> "an overlay of " + layers + ", what is written kept in memory";
            case MountStep.Upper.Directory(Path upper, Path work) -> "an overlay of " + layers
                    + ", what is written kept in " + upper + " (work directory " + work + ")";
        };
    }

    private static String permissions(int mode) {
        return "permissions %04o".formatted(mode);
    }

    private static String flags(Set<MountFlag> flags) {
        return flags.isEmpty()
                ? ""
                : new TreeSet<>(flags).stream().map(Plan::name).collect(Collectors.joining(", ", " (", ")"));
    }

    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
