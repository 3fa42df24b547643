package dev.namespaces.ffm.mount;

import dev.namespaces.MountFlag;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.spi.MountRoot;
import dev.namespaces.spi.MountStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is mounted where, step by step, as far as it can be told from a specification. */
final class Layout {

    private final MountRoot root;
    private final List<MountStep> mounts = new ArrayList<>();

    Layout(MountRoot root) {
        this.root = root;
    }

    /** A step has been done. */
    void after(MountStep step) {
        boolean mounts = switch (step) {
            case MountStep.Bind _,MountStep.DataBind _,MountStep.Tmpfs _,MountStep.Special _,MountStep.Dev _,MountStep.Overlay _ ->
                true;
            default -> false;
        };
        if (mounts) {
            this.mounts.add(step);
        }
    }

    /** The mount in which a path lies, or null for the root. */
    private @Nullable MountStep holding(String target) {
        MountStep holding = null;
        for (MountStep mount : mounts) {
            boolean holds = target.equals(mount.target()) || target.startsWith(mount.target() + "/");
            if (holds && (holding == null || mount.target().length() >= holding.target().length())) {
                holding = mount;
            }
        }
        return holding;
    }

    /** Whether something missing may be made: anywhere in a root of the namespace's own, but on the host's only in what is memory by then. */
    boolean mayMake(String target) {
        if (target.equals("/")) {
            return false;
        }
        if (!(root instanceof MountRoot.Host)) {
            return true;
        }
        return switch (holding(target)) {
            case MountStep.Tmpfs _,MountStep.Dev _ -> true;
            case MountStep.Overlay overlay -> overlay.upper() instanceof MountStep.Upper.Memory;
            case null, default -> false;
        };
    }

    /** How the directories are looked up in which something is made: on the host's root a link could lead out of what is memory. */
    long resolve() {
        return Linux.RESOLVE_IN_ROOT | (root instanceof MountRoot.Host ? Linux.RESOLVE_NO_SYMLINKS : 0);
    }

    /** The flags of the mount in which a path lies. */
    Set<MountFlag> flags(String target, Remounts host) {
        Set<MountFlag> own = EnumSet.of(MountFlag.NOSUID, MountFlag.NODEV);
        return switch (holding(target)) {
            case MountStep.Bind bind -> Remounts.union(host.ofHost(below(bind.source(), bind.target(), target)),
                    bind.flags());
            case MountStep.Tmpfs tmpfs -> tmpfs.flags();
            case MountStep.Special special -> FileSystemOps.flags(special.type());
            case MountStep.Dev _ -> Set.of(MountFlag.NOSUID);
            case MountStep.DataBind data when data.readOnly() -> Remounts.union(own, Set.of(MountFlag.READ_ONLY));
            case null -> switch (root) {
                case MountRoot.Empty _ -> own;
                case MountRoot.Host _ -> host.ofHost(Path.of(target));
                case MountRoot.Directory directory -> Remounts.union(
                        host.ofHost(below(directory.source(), "/", target)), directory.flags());
            };
            default -> own;
        };
    }

    /** The host's file that is seen at a path, or null where that is memory, or the kernel's. */
    @Nullable
    Path source(String target) {
        return switch (holding(target)) {
            case MountStep.Bind bind -> below(bind.source(), bind.target(), target);
            case null -> switch (root) {
                case MountRoot.Empty _ -> null;
                case MountRoot.Host _ -> Path.of(target);
                case MountRoot.Directory directory -> below(directory.source(), "/", target);
            };
            default -> null;
        };
    }

    /** What is mounted below a path, in the order in which it was. */
    List<MountStep> below(String target) {
        String above = target.equals("/") ? "/" : target + "/";
        return mounts.stream().filter(mount -> mount.target().startsWith(above)).toList();
    }

    private static Path below(Path source, String mounted, String target) {
        return source.resolve(target.substring(Math.min(target.length(),
                mounted.equals("/") ? 1 : mounted.length() + 1)));
    }
}
