package dev.namespaces;

import dev.namespaces.spi.CapabilitySpec;
import dev.namespaces.spi.MountRoot;
import dev.namespaces.spi.MountSpec;
import dev.namespaces.spi.MountStep;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.UserSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The command line of bwrap(1) that comes nearest to a specification. */
final class BwrapLine {

    /** What bwrap gives to directories unless told. */
    private static final int DEFAULT_MODE = 0755;
    private static final int FIRST_DESCRIPTOR = 10;
    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");
    private static final Map<NamespaceKind, String> UNSHARE = new EnumMap<>(Map.of(NamespaceKind.USER, "--unshare-user",
            NamespaceKind.PID, "--unshare-pid", NamespaceKind.NET, "--unshare-net", NamespaceKind.IPC, "--unshare-ipc",
            NamespaceKind.UTS, "--unshare-uts", NamespaceKind.CGROUP, "--unshare-cgroup"));

    private final List<String> groups = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private int descriptor = FIRST_DESCRIPTOR;

    private BwrapLine() {}

    /** Comment lines on what bwrap would do otherwise, then the command line, for a shell with the command in {@code "$@"}. */
    static String of(NamespaceSpec spec) {
        BwrapLine line = new BwrapLine();
        line.translate(spec);
        return Stream.concat(line.remarks.stream().map(remark -> "# " + Plan.onOneLine(remark)),
                Stream.of("bwrap " + String.join(" \\\n    ", line.groups)))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private void translate(NamespaceSpec spec) {
        spec.join().handles().forEach(this::join);
        if (spec.join().process() != null) {
            cannot("the entering of all that process " + spec.join().process().pid() + " is in");
        }
        spec.kinds().stream().sorted().forEach(this::translate);
        if (spec.has(NamespaceKind.USER) && spec.user().mapping() == UserSpec.Mapping.ROOT) {
            add("--uid", "0", "--gid", "0");
        }
        if (spec.has(NamespaceKind.USER)) {
            if (!spec.user().mapping().isOwnIdAlone()) {
                cannot("maps of other ids than the caller's own");
            }
            if (spec.user().forbidNested()) {
                add("--disable-userns");
            }
        }
        if (spec.runAs() != null) {
            cannot(IdentityWords.ofCommand(spec.runAs()));
        }
        translateCapabilities(spec);
        if (spec.has(NamespaceKind.PID) && spec.pid().asPid1()) {
            add("--as-pid-1");
        }
        if (spec.has(NamespaceKind.UTS)) {
            String hostname = spec.uts().hostname();
            if (hostname != null) {
                add("--hostname", hostname);
            }
            if (spec.uts().domainName() != null) {
                cannot("the domain name " + spec.uts().domainName());
            }
        }
        if (spec.has(NamespaceKind.NET) && !spec.net().loopback()) {
            cannot("a loopback interface that is down");
        }
        if (spec.has(NamespaceKind.NET) && !spec.net().isBare()) {
            NetWords.of(spec.net()).stream().skip(1).forEach(this::cannot);
        }
        if (spec.process().newSession()) {
            add("--new-session");
        }
        if (!spec.process().noNewPrivileges()) {
            remarks.add("bwrap always sets no_new_privs");
        }
        if (spec.has(NamespaceKind.MOUNT)) {
            translate(spec.mount(), spec.has(NamespaceKind.PID));
        } else {
            remarks.add("bwrap always makes a mount namespace");
            add("--dev-bind", "/", "/");
        }
        groups.add("-- \"$@\"");
    }

    /** bwrap knows one set of capabilities, which its command has; unless told, that is the caller's for root, and empty for anybody else. */
    private void translateCapabilities(NamespaceSpec spec) {
        CapabilitySpec capabilities = spec.process().capabilities();
        if (capabilities.isDefault()) {
            return;
        }
        remarks.add("bwrap drops what its command does not have, and makes the rest ambient");
        boolean most = CapabilitySpec.isAllBut(capabilities.bounding());
        boolean all = CapabilitySpec.isAllBut(capabilities.added()) || isRootInside(spec);
        if (!most) {
            add("--cap-drop", "ALL");
        } else if (all) {
            add("--cap-add", "ALL");
        }
        if (most) {
            CapabilityWords.in(~capabilities.bounding())
                    .forEach(capability -> add("--cap-drop", capability.kernelName()));
        }
        if (!most || !all) {
            CapabilityWords.in(most ? capabilities.added() : capabilities.bounding())
                    .forEach(capability -> add("--cap-add", capability.kernelName()));
        }
    }

    private static boolean isRootInside(NamespaceSpec spec) {
        return spec.has(NamespaceKind.USER) && spec.runAs() == null
                && (spec.user().mapping() == UserSpec.Mapping.ROOT
                        || spec.user().mapping() == UserSpec.Mapping.SUBORDINATE);
    }

    private void join(NamespaceHandle namespace) {
        switch (namespace.kind()) {
            case USER -> add("--userns", Integer.toString(descriptor++));
            case PID -> add("--pidns", Integer.toString(descriptor++));
            default -> cannot("the entering of " + namespace);
        }
    }

    private void translate(NamespaceKind kind) {
        String option = UNSHARE.get(kind);
        if (option != null) {
            add(option);
        } else if (kind != NamespaceKind.MOUNT) { // which it makes anyway
            cannot("a " + Plan.name(kind) + " namespace");
        }
    }

    private void translate(MountSpec mount, boolean freshProc) {
        switch (mount.root()) {
            case MountRoot.Empty _ -> add("--chdir", "/");
            case MountRoot.Directory(Path source, Set<MountFlag> flags) -> {
                bind(source, "/", "", flags);
                add("--chdir", "/");
            }
            case MountRoot.Host _ -> {
                add("--dev-bind", "/", "/");
                if (freshProc) {
                    add("--proc", "/proc");
                }
            }
        }
        if (mount.propagation() == Propagation.SHARED || mount.propagation() == Propagation.UNBINDABLE) {
            cannot(Plan.name(mount.propagation()) + " mounts");
        }
        mount.steps().forEach(this::translate);
    }

    private void translate(MountStep step) {
        String target = step.target();
        switch (step) {
            case MountStep.Bind bind -> {
                if (bind.identity() != null) {
                    remarks.add("bwrap would take whatever is at " + bind.source()
                            + ", unless given a descriptor: --bind-fd");
                }
                if (bind.ids() != null) {
                    cannot("other owners on " + target);
                }
                bind(bind.source(), target, bind.optional() ? "-try" : "", bind.flags());
            }
            case MountStep.Tmpfs tmpfs -> {
                String size = tmpfs.size().isPresent() ? Long.toString(tmpfs.size().getAsLong()) : null;
                addWithMode(tmpfs.mode(), size, "--tmpfs", target);
                if (tmpfs.flags().contains(MountFlag.READ_ONLY)) {
                    add("--remount-ro", target);
                }
                checkFlags(target, tmpfs.flags());
            }
            case MountStep.Special special -> {
                switch (special.type()) {
                    case PROC -> add("--proc", target);
                    case MQUEUE -> add("--mqueue", target);
                    case SYSFS, DEVPTS -> cannot(Plan.name(special.type()) + " on " + target);
                }
            }
            case MountStep.Dev _ -> add("--dev", target);
            case MountStep.Overlay overlay -> overlay(overlay);
            case MountStep.NewFile file -> data("--file", file.mode(), target);
            case MountStep.DataBind data ->
                data(data.readOnly() ? "--ro-bind-data" : "--bind-data", data.mode(), target);
            case MountStep.Directory directory -> addWithMode(directory.mode(), null, "--dir", target);
            case MountStep.Symlink link -> add("--symlink", link.content(), target);
            case MountStep.Chmod chmod -> add("--chmod", octal(chmod.mode()), target);
            case MountStep.RemountReadOnly _ -> add("--remount-ro", target);
            case MountStep.Mask _ -> cannot("hiding " + target + " if it is there");
            case MountStep.ReadOnlyPath _ -> cannot("making " + target + " read-only if it is there");
            case MountStep.Propagate propagate -> cannot(Plan.name(propagate.propagation()) + " mounts on " + target);
        }
    }

    private void bind(Path source, String target, String suffix, Set<MountFlag> flags) {
        boolean readOnly = flags.contains(MountFlag.READ_ONLY);
        boolean devices = !flags.contains(MountFlag.NODEV);
        add((readOnly ? "--ro-bind" : devices ? "--dev-bind" : "--bind") + suffix, source.toString(), target);
        if (readOnly && devices) {
            cannot("devices on " + target + ", which is read-only");
        }
        checkFlags(target, flags);
    }

    private void checkFlags(String target, Set<MountFlag> flags) {
        flags.stream().filter(flag -> flag == MountFlag.NOEXEC || flag == MountFlag.NOATIME).sorted()
                .forEach(flag -> cannot(Plan.name(flag) + " on " + target));
    }

    /** The lowest layer comes first, the other way round than in the specification. */
    private void overlay(MountStep.Overlay overlay) {
        String target = overlay.target();
        overlay.lower().reversed().forEach(layer -> add("--overlay-src", layer.toString()));
        switch (overlay.upper()) {
            case null -> add("--ro-overlay", target);
            case MountStep.Upper.Memory _ -> add("--tmp-overlay", target);
            case MountStep.Upper.Directory(Path upper, Path work) -> add("--overlay", upper.toString(), work.toString(),
                    target);
        }
    }

    private void data(String option, int mode, String target) {
        remarks.add("descriptor " + descriptor + " must be open on the content of " + target);
        add("--perms", octal(mode), option, Integer.toString(descriptor++), target);
    }

    private void addWithMode(int mode, @Nullable String size, String option, String target) {
        List<String> words = new ArrayList<>();
        if (mode != DEFAULT_MODE) {
            words.addAll(List.of("--perms", octal(mode)));
        }
        if (size != null) {
            words.addAll(List.of("--size", size));
        }
        words.addAll(List.of(option, target));
        add(words.toArray(String[]::new));
    }

    private static String octal(int mode) {
        return "%04o".formatted(mode);
    }

    private void cannot(String what) {
        remarks.add("bwrap cannot express: " + what);
    }

    private void add(String... words) {
        groups.add(Arrays.stream(words).map(BwrapLine::quoted).collect(Collectors.joining(" ")));
    }

    /** As a POSIX shell takes it for one word. */
    static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
