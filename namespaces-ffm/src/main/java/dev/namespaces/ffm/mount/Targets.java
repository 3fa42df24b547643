package dev.namespaces.ffm.mount;

import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Abi;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks paths up inside the new root, and makes what is missing there.
 *
 * <p>
 * The kernel does the looking up, with {@code RESOLVE_IN_ROOT}: no link leads out of the root, whoever changes it at that moment. What comes of it
 * is a descriptor, and nothing that follows uses the path again. A directory or mount point is made in a parent that was itself looked up that way,
 * by a name of one component, which is never followed.
 */
final class Targets {

    /** How often a lookup is repeated that somebody's rename has disturbed; openat2(2) leaves that to its caller. */
    private static final int PATIENCE = 10_000;
    private static final int DIRECTORY_MODE = 0755;
    private static final int FILE_MODE = 0644;

    private final ProgramBuilder b;
    private final Slots slots;
    private final Undo undo;
    private final Label failed;
    private final Slot root;
    private final long directory;
    private final long noFollow;
    private final Operand.Data patience;

    /** Whether what is made may be in a directory of the host, and must be taken back if the spawn fails. */
    private boolean onHost;
    private final Layout layout;

    Targets(ProgramBuilder b, Slots slots, Undo undo, Label failed, Slot root, Abi abi, Layout layout) {
        this.b = b;
        this.slots = slots;
        this.undo = undo;
        this.failed = failed;
        this.root = root;
        this.directory = abi.directoryFlag();
        this.noFollow = abi.noFollowFlag();
        this.layout = layout;
        this.patience = b.space("patience", Long.BYTES);
        b.word(patience, PATIENCE);
    }

    /** From here on, what is made may lie in a directory of the host. */
    void mayBeOnHost() {
        onHost = true;
    }

    /** Opens what is there; where nothing is, goes to a label, or fails if there is none. */
    void existing(String target, Slot to, @Nullable Label missing, Step step) {
        open(root, relative(target), 0, Linux.RESOLVE_IN_ROOT, to, missing, step, target);
    }

    /** Opens a directory, and makes it and those above it where they are missing. */
    void directory(String target, Slot to, int mode) {
        String path = relative(target);
        Label make = b.label("make " + target);
        Label there = b.label(target);
        boolean mayMake = layout.mayMake(target);
        Label missing = mayMake ? make : failed;
        open(root, path, directory, Linux.RESOLVE_IN_ROOT, to, missing, Step.MOUNT_POINT, target);
        b.go(there);
        b.place(make);
        if (mayMake) {
            Slot parent = parents(target);
            Operand.Data name = b.string(name(target));
            make(b.call(Sys.MKDIRAT, parent.operand(), name, mode(mode)), parent, name, true, target);
            open(root, path, directory, Linux.RESOLVE_IN_ROOT, to, null, Step.MOUNT_POINT, target);
        } else {
            b.go(failed);
        }
        b.place(there);
    }

    /** Opens a mount point for a file, and makes it where it is missing; where a link leads nowhere, that is the mount point. */
    void file(String target, Slot to) {
        Label missing = b.label(target + " may be a link");
        Label nothing = b.label("no " + target);
        Label there = b.label("mount point " + target);
        existing(target, to, missing, Step.MOUNT_POINT);
        b.go(there);
        b.place(missing);
        open(root, relative(target), noFollow, Linux.RESOLVE_IN_ROOT, to, nothing, Step.MOUNT_POINT, target);
        b.go(there);
        b.place(nothing);
        mountPoint(target, to, null);
        b.place(there);
    }

    /** Opens a mount point for what a slot holds, a directory or a file, and makes it where it is missing. */
    void like(Slot source, String target, Slot to) {
        mountPoint(target, to, source);
    }

    private void mountPoint(String target, Slot to, @Nullable Slot source) {
        Label make = b.label("make " + target);
        Label there = b.label(target);
        boolean mayMake = layout.mayMake(target);
        existing(target, to, mayMake ? make : failed, Step.MOUNT_POINT);
        b.go(there);
        b.place(make);
        if (mayMake) {
            Slot parent = parents(target);
            Operand.Data name = b.string(name(target));
            Label made = b.label("made " + target);
            if (source != null) {
                Label asFile = b.label("as a file");
                Label asDirectory = b.label("as a directory");
                // A directory that may not be searched is refused with another error than a file.
                Op look = b.call(Sys.FACCESSAT, source.operand(), b.string("."), Operand.of(Linux.F_OK, "F_OK"))
                        .onZero(asDirectory).onPositive(asDirectory).step(Step.MOUNT_POINT, target);
                Branches.onErrno(b, look, new int[]{Errno.ENOTDIR}, asFile, new int[]{Errno.EACCES}, asDirectory,
                        failed);
                b.place(asDirectory);
                make(b.call(Sys.MKDIRAT, parent.operand(), name, mode(DIRECTORY_MODE)), parent, name, true, target);
                b.go(made);
                b.place(asFile);
            }
            make(b.call(Sys.MKNODAT, parent.operand(), name,
                    Operand.of(Linux.S_IFREG | FILE_MODE, "S_IFREG|" + FileSystemOps.octal(FILE_MODE))), parent, name,
                    false, target);
            b.place(made);
            existing(target, to, null, Step.MOUNT_POINT);
        } else {
            b.go(failed);
        }
        b.place(there);
    }

    /** Opens the directory in which a target lies, made where it is missing. */
    Slot parent(String target) {
        Slot parent = slots.reserve("parent of " + target);
        int slash = target.lastIndexOf('/');
        if (slash <= 0) {
            return root;
        }
        directory(target.substring(0, slash), parent, DIRECTORY_MODE);
        return parent;
    }

    /** Makes all directories above a target that are missing. The lookups in between find links that lead elsewhere inside the root. */
    private Slot parents(String target) {
        List<String> components = List.of(relative(target).split("/"));
        Slot parent = root;
        for (int i = 1; i < components.size(); i++) {
            String path = String.join("/", components.subList(0, i));
            Operand.Data name = b.string(components.get(i - 1));
            make(b.call(Sys.MKDIRAT, parent.operand(), name, mode(DIRECTORY_MODE)), parent, name, true, "/" + path);
            Slot child = slots.reserve("/" + path);
            open(root, path, directory, layout.resolve(), child, null, Step.MOUNT_POINT, "/" + path);
            parent = child;
        }
        return parent;
    }

    /** What follows an op that makes something which may be there already. */
    private void make(Op op, Slot parent, Operand.Data name, boolean isDirectory, String target) {
        Label made = b.label("is new");
        Label there = b.label("is there");
        op.onZero(made).onPositive(made).step(Step.MOUNT_POINT, target);
        Branches.onErrno(b, op, new int[]{Errno.EEXIST}, there, failed);
        b.place(made);
        note(parent, name, isDirectory);
        b.place(there);
    }

    /** Notes that something has been made, in case it has to be taken back. */
    void note(Slot parent, Operand.Data name, boolean isDirectory) {
        if (onHost) {
            undo.made(parent, name, isDirectory);
        }
    }

    /** Opens a path, to name it and no more. */
    void open(Slot from, String path, long flags, long resolve, Slot to, @Nullable Label missing, Step step,
            String detail) {
        Label again = b.label("open " + path);
        Label wait = b.label("disturbed");
        Label found = b.label("found " + path);
        Operand.Data how = b.openHow(Linux.O_PATH | Linux.O_CLOEXEC | flags, resolve,
                "O_PATH|O_CLOEXEC" + (flags == 0 ? "" : flags == noFollow ? "|O_NOFOLLOW" : "|O_DIRECTORY")
                        + ((resolve & Linux.RESOLVE_IN_ROOT) != 0 ? ", RESOLVE_IN_ROOT" : ", RESOLVE_BENEATH")
                        + ((resolve & Linux.RESOLVE_NO_SYMLINKS) != 0 ? "|RESOLVE_NO_SYMLINKS" : ""));
        b.place(again);
        Op open = b.call(Sys.OPENAT2, from.operand(), b.string(path), how, Operand.of(Struct.OpenHow.SIZE))
                .onZero(found).onPositive(found).step(step, detail);
        int[] disturbed = {Errno.EAGAIN};
        if (missing == null) {
            Branches.onErrno(b, open, disturbed, wait, failed);
        } else {
            Branches.onErrno(b, open, disturbed, wait, new int[]{Errno.ENOENT}, missing, failed);
        }
        b.place(wait);
        Op left = b.load64(patience);
        Op less = b.subtract(Operand.of(0), Operand.of(1)).into("patience", patience).onZero(failed).onNegative(failed)
                .onPositive(again);
        left.into("patience", less, 0);
        b.place(found);
        slots.keep(open, to, step, detail);
    }

    private static Operand mode(int mode) {
        return Operand.of(mode, FileSystemOps.octal(mode));
    }

    /** As it is looked up below the root. */
    static String relative(String target) {
        return target.equals("/") ? "." : target.substring(1);
    }

    static String name(String target) {
        return target.substring(target.lastIndexOf('/') + 1);
    }
}
