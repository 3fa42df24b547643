package dev.namespaces.ffm.mount;

import dev.namespaces.MountFlag;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.mount.Slots.Slot;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What every kind of mount needs.
 *
 * @param b the program
 * @param slots its descriptors
 * @param targets its lookups
 * @param layout what is mounted where so far
 * @param api what there is to mount with
 * @param remounts sets flags where the newer call is missing, or null where it is there
 * @param stage where copies of mounts are made without open_tree(2)
 * @param failed where it goes when something is refused
 * @param target holds the mount point that was looked up last
 */
record Kit(ProgramBuilder b, Slots slots, Targets targets, Layout layout, MountApi api, @Nullable Remounts remounts,
        Stage stage, Label failed, Slot target) {

    static final Operand CWD = Operand.of(Linux.AT_FDCWD, "AT_FDCWD");
    static final Operand NONE = Operand.of(0);
    /** Opens nothing, but names it. */
    static final Operand NAME_ONLY = Operand.of(Linux.O_PATH | Linux.O_CLOEXEC, "O_PATH|O_CLOEXEC");

    /** What a mount of no source needs as one; the kernel shows it. */
    Op mount(String source, Operand at, String type, Operand flags, String options) {
        return b.call(Sys.MOUNT, b.string(source), at, b.string(type), flags,
                options.isEmpty() ? NONE : b.string(options));
    }

    /** The working directory becomes the mount point, so that mount(2) needs no path to it. */
    void enter(Slot directory, String detail) {
        b.call(Sys.FCHDIR, directory.operand()).step(Step.MOUNT, detail);
    }

    /** Puts a copy of what a slot holds, with all that is mounted below it, into another slot; it is attached nowhere, or on the stage. */
    void copy(Slot from, Slot to, Step step, String detail) {
        if (api.trees()) {
            Op clone = b.call(Sys.OPEN_TREE, from.operand(), b.string(""),
                    Operand.of(Linux.AT_EMPTY_PATH | Linux.AT_RECURSIVE | Linux.OPEN_TREE_CLONE | Linux.O_CLOEXEC,
                            "AT_EMPTY_PATH|AT_RECURSIVE|OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC"))
                    .step(step, detail);
            slots.keep(clone, to, step, detail);
        } else {
            stage.copy(from, to, step, detail);
        }
    }

    /** Attaches the tree that a slot holds to the mount point that another one holds. */
    void attach(Slot source, Slot at, String detail) {
        if (api.trees()) {
            b.call(Sys.MOVE_MOUNT, source.operand(), b.string(""), at.operand(), b.string(""),
                    Operand.of(Linux.MOVE_MOUNT_F_EMPTY_PATH | Linux.MOVE_MOUNT_T_EMPTY_PATH,
                            "MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH"))
                    .step(Step.MOUNT, detail);
        } else {
            b.call(Sys.MOUNT, b.string(source.path()), b.string(at.path()), NONE,
                    Operand.of(Linux.MS_BIND | Linux.MS_REC, "MS_BIND|MS_REC")).step(Step.MOUNT, detail);
        }
    }

    /** Sets flags on the mount that a slot holds, and on those below it if asked for. */
    void setAttributes(Slot mount, Set<MountFlag> flags, boolean recursive, Step step, String detail) {
        if (flags.isEmpty()) {
            return;
        }
        Operand.Data attributes = b.space("{" + Flags.text(flags) + "}", Struct.MountAttr.SIZE);
        b.word(attributes.plus(Struct.MountAttr.SET), Flags.attributes(flags));
        b.word(attributes.plus(Struct.MountAttr.CLEAR),
                flags.contains(MountFlag.NOATIME) ? Linux.MOUNT_ATTR__ATIME : 0);
        int how = Linux.AT_EMPTY_PATH | (recursive ? Linux.AT_RECURSIVE : 0);
        b.call(Sys.MOUNT_SETATTR, mount.operand(), b.string(""),
                Operand.of(how, "AT_EMPTY_PATH" + (recursive ? "|AT_RECURSIVE" : "")), attributes,
                Operand.of(Struct.MountAttr.SIZE)).step(step, detail);
    }
}
