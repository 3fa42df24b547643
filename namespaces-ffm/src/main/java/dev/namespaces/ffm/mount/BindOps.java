package dev.namespaces.ffm.mount;

import dev.namespaces.MountFlag;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.mount.Slots.Slot;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.MountStep;
import java.util.EnumSet;
import java.util.Set;

/** Adds bind mounts, of the host's files and of content. */
final class BindOps {

    private static final Operand TREE = Operand.of(Linux.OPEN_TREE_CLONE | Linux.O_CLOEXEC,
            "OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC");

    private final Kit kit;
    private final ProgramBuilder b;
    private final Sources sources;
    private final FileOps files;

    BindOps(Kit kit, Sources sources, FileOps files) {
        this.kit = kit;
        this.b = kit.b();
        this.sources = sources;
        this.files = files;
    }

    void add(MountStep.Bind bind) {
        String detail = bind.source() + " on " + bind.target();
        Slot source = sources.of(bind);
        Label done = b.label("mounted " + bind.target());
        if (bind.optional()) {
            b.call(Sys.FCNTL, source.operand(), Operand.of(Linux.F_GETFD, "F_GETFD")).onNegative(done);
        }
        kit.targets().like(source, bind.target(), kit.target());
        Remounts remounts = kit.remounts();
        if (remounts == null) {
            kit.setAttributes(source, bind.flags(), true, Step.MOUNT_FLAGS, detail);
        }
        kit.attach(source, kit.target(), detail);
        if (remounts != null) {
            remounts.tree(bind.target(), bind.source(), bind.flags(), detail);
        }
        b.place(done);
    }

    /**
     * Content is written to a file system in memory that is mounted over the root for as long as it takes: only what is mounted somewhere can be
     * bound elsewhere. No lookup goes through the root meanwhile.
     */
    void add(MountStep.DataBind data) {
        String detail = data.content() + " on " + data.target();
        kit.targets().file(data.target(), kit.target());
        kit.mount("tmpfs", b.string("/"), "tmpfs",
                Flags.operand(EnumSet.of(MountFlag.NOSUID, MountFlag.NODEV)), "mode=0700").step(Step.MOUNT, detail);
        Slot memory = kit.slots().reserve("memory of " + data.target());
        Op open = b.call(Sys.OPENAT, Kit.CWD, b.string("/.."),
                Kit.NAME_ONLY).step(Step.MOUNT, detail);
        kit.slots().keep(open, memory, Step.MOUNT, detail);
        Operand.Data name = b.string("content");
        files.create(memory, name, data.content(), data.mode(), data.target(), () -> {});
        Slot tree = kit.slots().reserve("content of " + data.target());
        if (kit.api().trees()) {
            Op clone = b.call(Sys.OPEN_TREE, memory.operand(), name, TREE).step(Step.MOUNT, detail);
            kit.slots().keep(clone, tree, Step.MOUNT, detail);
        } else {
            Op content = b.call(Sys.OPENAT, memory.operand(), name,
                    Kit.NAME_ONLY).step(Step.MOUNT, detail);
            kit.slots().keep(content, tree, Step.MOUNT, detail);
            kit.copy(tree, tree, Step.MOUNT, detail);
        }
        Set<MountFlag> flags = EnumSet.of(MountFlag.NOSUID, MountFlag.NODEV);
        if (data.readOnly()) {
            flags.add(MountFlag.READ_ONLY);
        }
        if (kit.remounts() == null) {
            kit.setAttributes(tree, flags, false, Step.MOUNT_FLAGS, detail);
        }
        kit.enter(memory, detail);
        b.call(Sys.UMOUNT2, b.string("."), Operand.of(Linux.MNT_DETACH, "MNT_DETACH")).step(Step.MOUNT, detail);
        kit.attach(tree, kit.target(), detail);
        if (kit.remounts() != null) {
            kit.remounts().one(data.target(), flags, detail);
        }
    }
}
