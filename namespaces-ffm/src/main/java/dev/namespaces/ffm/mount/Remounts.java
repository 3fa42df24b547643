package dev.namespaces.ffm.mount;

import dev.namespaces.MountFlag;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.mount.Slots.Slot;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * Sets mount flags where there is no mount_setattr(2): mount by mount, as the JVM sees them when the program is written. What the child has by then is
 * compared with that before it goes on, as somebody may have mounted something meanwhile.
 */
final class Remounts {

    private final ProgramBuilder b;
    private final Slots slots;
    private final Targets targets;
    private final MountTable host;
    private final MountCheck check;

    Remounts(ProgramBuilder b, Slots slots, Targets targets, MountTable host, MountCheck check) {
        this.b = b;
        this.slots = slots;
        this.targets = targets;
        this.host = host;
        this.check = check;
    }

    /** Adds flags to a copy of the host's mounts, from its top down. */
    void tree(String target, Path source, Set<MountFlag> flags, String detail) {
        String real = real(source);
        Slot top = slots.reserve("mounted on " + target);
        Slot below = slots.reserve("mounted below " + target);
        targets.existing(target, top, null, Step.MOUNT_FLAGS);
        add(top, union(host.holding(real).map(MountTable.Entry::flags).orElse(Set.of()), flags), detail);
        host.holding(real).ifPresent(entry -> check.expect(sourceOf(entry, real), union(entry.flags(), flags)));
        for (MountTable.Entry entry : host.below(real)) {
            if (host.isVisible(entry)) {
                String path = entry.point().substring(real.equals("/") ? 1 : real.length() + 1);
                Label covered = b.label("covered " + path); // by what a later step has mounted above
                targets.open(top, path, 0, Linux.RESOLVE_IN_ROOT | Linux.RESOLVE_NO_SYMLINKS, below, covered,
                        Step.MOUNT_FLAGS, detail);
                add(below, union(entry.flags(), flags), detail);
                b.place(covered);
                check.expect(entry.source(), union(entry.flags(), flags));
            } else {
                check.expect(entry.source(), Set.of());
            }
        }
    }

    /** The host's mounts stay as they are. */
    void keepAll() {
        host.entries().forEach(entry -> check.expect(entry.source(), entry.flags()));
    }

    /** Sets the flags of one mount, which are all that it has from then on. */
    void one(String target, Set<MountFlag> all, String detail) {
        Slot mount = slots.reserve("mounted on " + target);
        targets.existing(target, mount, null, Step.MOUNT_FLAGS);
        add(mount, all, detail);
    }

    private void add(Slot mount, Set<MountFlag> all, String detail) {
        b.call(Sys.MOUNT, Kit.NONE, b.string(mount.path()), Kit.NONE,
                Operand.of(Linux.MS_REMOUNT | Linux.MS_BIND | Flags.bits(all),
                        "MS_REMOUNT|MS_BIND|" + Flags.text(all)))
                .step(Step.MOUNT_FLAGS, detail);
    }

    /** The flags of the host's mount in which a file lies. */
    Set<MountFlag> ofHost(Path file) {
        return host.holding(real(file)).map(MountTable.Entry::flags).orElse(Set.of());
    }

    /** A file of the host that may be bound as often as need be, with whatever flags. */
    void allow(String path) {
        String real = real(Path.of(path));
        host.holding(real).ifPresent(entry -> check.allow(sourceOf(entry, real)));
    }

    static String sourceOf(MountTable.Entry entry, String path) {
        String rest = path.substring(entry.point().equals("/") ? 0 : entry.point().length());
        String root = entry.root().equals("/") ? "" : entry.root();
        return entry.device() + " " + (root + rest).replaceFirst("^$", "/").replaceFirst("(.)/$", "$1");
    }

    /** Where a file is, without links; a missing one is somewhere, too, as far as the program goes. */
    private static String real(Path source) {
        try {
            return source.toRealPath().toString();
        } catch (IOException _) {
            return source.normalize().toString();
        }
    }

    static Set<MountFlag> union(Set<MountFlag> some, Set<MountFlag> others) {
        Set<MountFlag> all = EnumSet.noneOf(MountFlag.class);
        all.addAll(some);
        all.addAll(others);
        return all;
    }
}
