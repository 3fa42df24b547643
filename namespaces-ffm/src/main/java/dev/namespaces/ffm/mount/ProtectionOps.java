package dev.namespaces.ffm.mount;

import dev.namespaces.MountFlag;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.mount.Slots.Slot;
import dev.namespaces.ffm.program.Branches;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.MountStep;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Adds what takes rights away from files that are there. What is not there needs no protection. */
final class ProtectionOps {

    private static final Map<String, Long> KERNELS = Map.of("proc", Linux.PROC_SUPER_MAGIC, "sys", Linux.SYSFS_MAGIC);

    private static final Set<MountFlag> READ_ONLY = Set.of(MountFlag.READ_ONLY);

    private final Kit kit;
    private final ProgramBuilder b;
    private final Sources sources;

    ProtectionOps(Kit kit, Sources sources) {
        this.kit = kit;
        this.sources = sources;
        this.b = kit.b();
    }

    void add(MountStep.RemountReadOnly remount) {
        kit.targets().existing(remount.target(), kit.target(), null, Step.MOUNT_FLAGS);
        if (!readOnly(remount.target())) {
            kit.setAttributes(kit.target(), READ_ONLY, false, Step.MOUNT_FLAGS, remount.target());
        }
    }

    void add(MountStep.Propagate propagate) {
        kit.targets().existing(propagate.target(), kit.target(), null, Step.MOUNT_PROPAGATION);
        b.call(Sys.MOUNT, Kit.NONE, b.string(kit.target().path()), Kit.NONE,
                MountOps.propagationFlags(propagate.propagation()))
                .step(Step.MOUNT_PROPAGATION, propagate.target());
    }

    void add(MountStep.Mask mask) {
        Label masked = b.label("masked " + mask.target());
        Label file = b.label("mask a file");
        Label directory = b.label("mask a directory");
        find(mask.target(), masked);
        Op look = b.call(Sys.FACCESSAT, kit.target().operand(), b.string("."), Operand.of(Linux.F_OK, "F_OK"))
                .onZero(directory).onPositive(directory).step(Step.PROTECT, mask.target());
        Branches.onErrno(b, look, new int[]{Errno.ENOTDIR}, file, new int[]{Errno.EACCES}, directory, kit.failed());
        b.place(directory);
        kit.enter(kit.target(), mask.target());
        Set<MountFlag> flags = EnumSet.copyOf(MountOps.harmless());
        flags.add(MountFlag.READ_ONLY);
        kit.mount("tmpfs", b.string("."), "tmpfs", Flags.operand(flags), "mode=0555").step(Step.PROTECT, mask.target());
        b.go(masked);
        b.place(file);
        if (kit.remounts() != null) {
            kit.remounts().allow("/dev/null");
        }
        b.call(Sys.MOUNT, sources.device("null"), b.string(kit.target().path()), Kit.NONE,
                Operand.of(Linux.MS_BIND, "MS_BIND")).step(Step.PROTECT, mask.target());
        b.place(masked);
    }

    void add(MountStep.ReadOnlyPath path) {
        Label done = b.label("read-only " + path.target());
        find(path.target(), done);
        Slot tree = kit.target();
        boolean isRoot = path.target().equals("/"); // nothing that is mounted over it would be the root
        if (!isRoot) {
            tree = kit.slots().reserve("read-only " + path.target());
            kit.copy(kit.target(), tree, Step.PROTECT, path.target());
        }
        if (kit.remounts() == null) {
            kit.setAttributes(tree, READ_ONLY, true, Step.PROTECT, path.target());
        }
        if (!isRoot) {
            kit.attach(tree, kit.target(), path.target());
        }
        readOnlyWithAllBelow(path.target());
        b.place(done);
    }

    /** The same with the call that every kernel has, mount by mount, if that is what has to be used. */
    private void readOnlyWithAllBelow(String target) {
        Remounts remounts = kit.remounts();
        if (remounts == null) {
            return;
        }
        Path source = kit.layout().source(target);
        if (source == null) {
            readOnly(target);
        } else {
            remounts.tree(target, source, Remounts.union(kit.layout().flags(target, remounts), READ_ONLY), target);
        }
        for (MountStep below : kit.layout().below(target)) {
            if (below instanceof MountStep.Bind bind) {
                Label absent = b.label("no " + bind.source());
                if (bind.optional()) {
                    kit.targets().existing(bind.target(), kit.target(), absent, Step.PROTECT);
                }
                remounts.tree(bind.target(), bind.source(), Remounts.union(bind.flags(), READ_ONLY), target);
                b.place(absent);
            } else {
                readOnly(below.target());
            }
        }
    }

    /** Makes one mount read-only with the call that every kernel has, if that is what has to be used. */
    private boolean readOnly(String target) {
        Remounts remounts = kit.remounts();
        if (remounts == null) {
            return false;
        }
        remounts.one(target, Remounts.union(kit.layout().flags(target, remounts), READ_ONLY), target);
        return true;
    }

    /**
     * Opens what is there. What should be the kernel's is looked up from where its file system starts, and that must be the kernel's indeed: in a
     * root that somebody else has filled, {@code /proc} may be anything.
     */
    private void find(String target, Label absent) {
        String[] parts = Targets.relative(target).split("/", 2);
        Long magic = KERNELS.get(parts[0]);
        if (magic == null || parts.length == 1) {
            kit.targets().existing(target, kit.target(), absent, Step.PROTECT);
            return;
        }
        Slot fileSystem = kit.slots().reserve("/" + parts[0]);
        kit.targets().existing("/" + parts[0], fileSystem, absent, Step.PROTECT);
        Label isKernels = b.label("/" + parts[0] + " is the kernel's");
        Operand.Data status = b.space("status", Struct.Statfs.SIZE);
        b.call(Sys.FSTATFS, fileSystem.operand(), status).step(Step.PROTECT, target);
        Op type = b.load64(status.plus(Struct.Statfs.TYPE));
        Op difference = b.subtract(Operand.of(0), Operand.of(magic)).onZero(isKernels);
        type.into("type", difference, 0);
        b.refuse(Step.PROTECT, target + ", as /" + parts[0] + " is not the kernel's", Errno.EINVAL);
        b.place(isKernels);
        kit.targets().open(fileSystem, parts[1], 0, Linux.RESOLVE_BENEATH, kit.target(), absent, Step.PROTECT, target);
    }
}
