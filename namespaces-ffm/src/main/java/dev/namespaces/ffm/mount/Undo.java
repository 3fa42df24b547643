package dev.namespaces.ffm.mount;

import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.mount.Slots.Slot;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * What has to be taken back when a later step is refused: files and directories that were made in directories of the host. What was made in
 * memory vanishes by itself.
 */
public final class Undo {

    private final ProgramBuilder b;
    private final List<Made> all = new ArrayList<>();

    private record Made(Slot parent, Operand.Data name, Operand.Data flag, boolean directory) {}

    /**
     * Starts with nothing to take back.
     *
     * @param b the program
     */
    public Undo(ProgramBuilder b) {
        this.b = b;
    }

    /** Notes that the op before this one may have made something; to be called where it has. */
    void made(Slot parent, Operand.Data name, boolean directory) {
        Operand.Data flag = b.space("made", Long.BYTES);
        b.subtract(Operand.of(1), Operand.of(0)).into("made", flag);
        all.add(new Made(parent, name, flag, directory));
    }

    /** Adds the ops that take everything back, the last first. What the header says of the refusal stays. */
    public void add() {
        add(() -> {});
    }

    /**
     * The same, after other ops.
     *
     * @param before adds the ops that it takes to be able to; nothing, where there is nothing to take back
     */
    public void add(Runnable before) {
        if (all.isEmpty()) {
            return;
        }
        Operand.Data op = copy(b.header(Op.REFUSED_OP, "&op"), "refused op");
        Operand.Data error = copy(b.header(Op.REFUSED_RESULT, "&error"), "error");
        before.run();
        all.reversed().forEach(this::takeBack);
        restore(op, b.header(Op.REFUSED_OP, "&op"));
        restore(error, b.header(Op.REFUSED_RESULT, "&error"));
    }

    private Operand.Data copy(Operand from, String name) {
        Operand.Data to = b.space(name, Long.BYTES);
        b.load64(from).into(name, to);
        return to;
    }

    private void restore(Operand.Data from, Operand to) {
        b.load64(from).into("restored", to);
    }

    /** What is mounted there comes off first: in its own namespace a mount point cannot be removed. */
    private void takeBack(Made made) {
        Label next = b.label("undone");
        Label unmount = b.label("unmount");
        Label remove = b.label("remove");
        b.load64(made.flag).onZero(next);
        b.call(Sys.FCHDIR, made.parent.operand()).onNegative(next);
        b.place(unmount);
        b.call(Sys.UMOUNT2, made.name, Operand.of(Linux.MNT_DETACH | Linux.UMOUNT_NOFOLLOW,
                "MNT_DETACH|UMOUNT_NOFOLLOW")).onZero(unmount).onPositive(unmount).onNegative(remove);
        b.place(remove);
        b.call(Sys.UNLINKAT, made.parent.operand(), made.name,
                made.directory ? Operand.of(Linux.AT_REMOVEDIR, "AT_REMOVEDIR") : Operand.of(0)).then(next);
        b.place(next);
    }
}
