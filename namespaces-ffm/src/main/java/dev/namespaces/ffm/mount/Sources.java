package dev.namespaces.ffm.mount;

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
import dev.namespaces.spi.MountRoot;
import dev.namespaces.spi.MountStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The host's files that are mounted. All are looked up before the new root is in place, because from then on a {@code ..} of a symbolic link at
 * the top would lead there.
 */
final class Sources {

    private static final String DEVICES = "/dev";
    private static final String CONSOLE = "console";

    private final ProgramBuilder b;
    private final Slots slots;
    private final MountApi api;
    private final Label failed;
    private final int directoryFlag;
    private int nextGiven;
    private final IdentityHashMap<Object, Slot> held = new IdentityHashMap<>();
    private final List<Opened> opened = new ArrayList<>();

    /** A source of mounts. */
    private record Opened(Slot slot, String detail, boolean optional) {}

    Sources(ProgramBuilder b, Slots slots, MountApi api, Label failed, int directoryFlag, int firstGiven) {
        this.b = b;
        this.slots = slots;
        this.api = api;
        this.failed = failed;
        this.directoryFlag = directoryFlag;
        this.nextGiven = firstGiven;
    }

    /** The slot of what was opened for a step, or for one of its layers. */
    Slot of(Object key) {
        Slot slot = held.get(key);
        if (slot == null) {
            throw new IllegalStateException("nothing was opened for " + key);
        }
        return slot;
    }

    /** Opens the source of a bind, as a copy of its mounts that is attached nowhere, where there are such. */
    void tree(MountStep.Bind bind) {
        String detail = bind.source() + (bind.source().toString().equals(bind.target()) ? "" : " for " + bind.target());
        Slot slot = slots.reserve(bind.source().toString());
        if (bind.ids() != null) {
            take(slot, detail);
            held.put(bind, slot);
            return;
        }
        Label absent = b.label("no " + bind.source());
        Op open = tree(bind.source(), detail);
        if (bind.optional()) {
            Label present = b.label("open " + bind.source());
            open.onZero(present).onPositive(present);
            Branches.onErrno(b, open, new int[]{Errno.ENOENT, Errno.ENOTDIR}, absent, failed);
            b.place(present);
        }
        slots.keep(open, slot, Step.MOUNT_SOURCE, detail);
        if (bind.identity() != null) {
            compare(slot, bind.identity(), detail);
        }
        b.place(absent);
        held.put(bind, slot);
        opened.add(new Opened(slot, detail, bind.optional()));
    }

    /** Takes over what has been opened already, by the JVM. */
    private void take(Slot slot, String detail) {
        Operand given = Operand.of(nextGiven++);
        b.call(Sys.DUP3, given, slot.operand(), Operand.of(Linux.O_CLOEXEC, "O_CLOEXEC")).step(Step.MOUNT_SOURCE,
                detail);
        b.call(Sys.CLOSE, given).step(Step.MOUNT_SOURCE, detail);
    }

    /** Opens the directory that becomes the root. */
    void root(MountRoot.Directory root) {
        String detail = root.source() + " for the root directory";
        Slot slot = slots.reserve(root.source().toString());
        slots.keep(tree(root.source(), detail), slot, Step.MOUNT_SOURCE, detail);
        held.put(root, slot);
        opened.add(new Opened(slot, detail, false));
    }

    /** Without open_tree(2), what was opened are the host's mounts themselves: copies take their place. */
    void copyTo(Stage stage) {
        for (Opened source : opened) {
            Label absent = b.label("no " + source.slot().name());
            if (source.optional()) {
                b.call(Sys.FCNTL, source.slot().operand(), Operand.of(Linux.F_GETFD, "F_GETFD")).onNegative(absent);
            }
            stage.copy(source.slot(), source.slot(), Step.MOUNT_SOURCE, source.detail());
            b.place(absent);
        }
    }

    private Op tree(Path source, String detail) {
        Operand.Data path = b.string(source.toString());
        return (api.trees()
                ? b.call(Sys.OPEN_TREE, Kit.CWD, path,
                        Operand.of(Linux.OPEN_TREE_CLONE | Linux.AT_RECURSIVE | Linux.O_CLOEXEC,
                                "OPEN_TREE_CLONE|AT_RECURSIVE|OPEN_TREE_CLOEXEC"))
                : b.call(Sys.OPENAT, Kit.CWD, path, Kit.NAME_ONLY))
                .step(Step.MOUNT_SOURCE, detail);
    }

    /** Opens the directory of the host's devices, over which something may be mounted by the time they are needed. */
    void devices() {
        if (!held.containsKey(DEVICES)) {
            Slot slot = slots.reserve(DEVICES);
            Op open = b.call(Sys.OPENAT, Kit.CWD, b.string(DEVICES),
                    Operand.of(Linux.O_PATH | Linux.O_CLOEXEC | directoryFlag, "O_PATH|O_CLOEXEC|O_DIRECTORY"))
                    .step(Step.MOUNT_SOURCE, DEVICES);
            slots.keep(open, slot, Step.MOUNT_SOURCE, DEVICES);
            held.put(DEVICES, slot);
        }
    }

    /** Opens the terminal that becomes a console, if there is one. */
    void console(@Nullable Path terminal) {
        if (terminal != null && !held.containsKey(CONSOLE)) {
            Slot slot = slots.reserve(terminal.toString());
            Op open = b.call(Sys.OPENAT, Kit.CWD, b.string(terminal.toString()),
                    Kit.NAME_ONLY).step(Step.MOUNT_SOURCE,
                            terminal + " for the console");
            slots.keep(open, slot, Step.MOUNT_SOURCE, terminal + " for the console");
            held.put(CONSOLE, slot);
        }
    }

    /** The path of the console's terminal, or null if there is none. */
    @Nullable
    Operand console() {
        Slot slot = held.get(CONSOLE);
        return slot == null ? null : b.string(slot.path());
    }

    /** The path of one of the host's devices. */
    Operand device(String name) {
        return b.string(of(DEVICES).path() + "/" + name);
    }

    /** Opens a directory, to be named by its slot. */
    void layer(Path directory, String target) {
        String detail = directory + " for the overlay on " + target;
        Slot slot = slots.reserve(directory.toString());
        Op open = b.call(Sys.OPENAT, Kit.CWD, b.string(directory.toString()),
                Operand.of(Linux.O_PATH | Linux.O_CLOEXEC | directoryFlag, "O_PATH|O_CLOEXEC|O_DIRECTORY"))
                .step(Step.MOUNT_SOURCE, detail);
        slots.keep(open, slot, Step.MOUNT_SOURCE, detail);
        held.put(directory, slot);
    }

    private void compare(Slot slot, MountStep.FileIdentity identity, String detail) {
        Operand.Data stat = b.space("stat", Struct.Stat.SIZE);
        Label other = b.label("another file");
        Label same = b.label("the same file");
        b.call(Sys.NEWFSTATAT, slot.operand(), b.string(""), stat,
                Operand.of(Linux.AT_EMPTY_PATH, "AT_EMPTY_PATH")).step(Step.MOUNT_SOURCE, detail);
        compare(stat.plus(Struct.Stat.DEVICE), identity.device(), "st_dev", other);
        compare(stat.plus(Struct.Stat.INODE), identity.inode(), "st_ino", other);
        b.go(same);
        b.place(other);
        b.refuse(Step.MOUNT_SOURCE, detail, Errno.ESTALE);
        b.place(same);
    }

    private void compare(Operand.Data field, long expected, String name, Label different) {
        Op value = b.load64(field);
        Op difference = b.subtract(Operand.of(0), Operand.of(expected)).onNegative(different).onPositive(different);
        value.into(name, difference, 0);
    }
}
