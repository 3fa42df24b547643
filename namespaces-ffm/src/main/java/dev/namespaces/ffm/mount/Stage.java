package dev.namespaces.ffm.mount;

import dev.namespaces.MountFlag;
import dev.namespaces.Propagation;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.mount.Slots.Slot;
import dev.namespaces.ffm.program.Branches;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import java.util.EnumSet;

/**
 * Where copies of mounts are made on a host without open_tree(2): there, only what is mounted somewhere can be given flags or be bound elsewhere.
 *
 * <p>
 * It is a file system in memory, mounted over the root until everything is done. No lookup of an absolute path arrives there. As it is unbindable, a
 * copy of the root and all below it comes without it.
 */
final class Stage {

    private static final Operand BIND = Operand.of(Linux.MS_BIND | Linux.MS_REC, "MS_BIND|MS_REC");
    private static final String DETAIL = "tmpfs for copies of mounts";

    private final ProgramBuilder b;
    private final Slots slots;
    private final Label failed;
    private final Slot slot;
    private int copies;

    Stage(ProgramBuilder b, Slots slots, Label failed) {
        this.b = b;
        this.slots = slots;
        this.failed = failed;
        slot = slots.reserve("stage");
    }

    /** Puts it in place. */
    void mount() {
        b.call(Sys.MOUNT, b.string("tmpfs"), b.string("/"), b.string("tmpfs"),
                Flags.operand(EnumSet.of(MountFlag.NOSUID, MountFlag.NODEV)), b.string("mode=0700"))
                .step(Step.MOUNT, DETAIL);
        slots.keep(b.call(Sys.OPENAT, Kit.CWD, b.string("/.."), Kit.NAME_ONLY).step(Step.MOUNT, DETAIL), slot,
                Step.MOUNT,
                DETAIL);
        b.call(Sys.MOUNT, Kit.NONE, b.string(slot.path()), Kit.NONE,
                MountOps.propagationFlags(Propagation.UNBINDABLE)).step(Step.MOUNT, DETAIL);
    }

    /** Puts a copy of what a slot holds, with all that is mounted below it, into another or the same slot. */
    void copy(Slot from, Slot to, Step step, String detail) {
        String directory = "directory" + copies;
        String file = "file" + copies++;
        Label isFile = b.label("copy a file");
        Label copied = b.label("copied " + detail);
        b.call(Sys.MKDIRAT, slot.operand(), b.string(directory), Operand.of(0700, "0700")).step(step, detail);
        Op bind = bind(from, directory, step, detail);
        Branches.onErrno(b, bind, new int[]{Errno.ENOTDIR}, isFile, failed);
        Label isDirectory = b.label("copied a directory");
        bind.onZero(isDirectory).onPositive(isDirectory);
        b.place(isFile);
        b.call(Sys.MKNODAT, slot.operand(), b.string(file), Operand.of(Linux.S_IFREG | 0600, "S_IFREG|0600"))
                .step(step, detail);
        bind(from, file, step, detail);
        slots.keep(open(file, step, detail), to, step, detail);
        b.go(copied);
        b.place(isDirectory);
        slots.keep(open(directory, step, detail), to, step, detail);
        b.place(copied);
    }

    private Op bind(Slot from, String name, Step step, String detail) {
        return b.call(Sys.MOUNT, b.string(from.path()), b.string(slot.path() + "/" + name), Kit.NONE, BIND)
                .step(step, detail);
    }

    private Op open(String name, Step step, String detail) {
        return b.call(Sys.OPENAT, slot.operand(), b.string(name), Kit.NAME_ONLY).step(step, detail);
    }

    /** Takes it away with all copies; nothing may be mounted over it. */
    void remove() {
        b.call(Sys.FCHDIR, slot.operand()).step(Step.MOUNT, DETAIL);
        b.call(Sys.UMOUNT2, b.string("."), Operand.of(Linux.MNT_DETACH, "MNT_DETACH")).step(Step.MOUNT, DETAIL);
    }
}
