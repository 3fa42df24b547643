package dev.namespaces.ffm.spawn;

import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import java.util.List;

/**
 * Adds the entering of existing namespaces, in which others' processes live, to stage 2, which has been executed outside of them.
 *
 * <p>
 * Nobody inside may trace it before it executes the command. Its memory belongs to the JVM's user namespace and stays so, and is not dumpable: then only
 * somebody with rights over that user namespace may; ptrace(2).
 */
final class JoinOps {

    private final ProgramBuilder b;
    private final Entrance entrance;
    private final int firstDescriptor;

    /**
     * For a program.
     *
     * @param b the program of stage 2
     * @param entrance what is entered
     * @param firstDescriptor where stage 2 has the first of its descriptors
     */
    JoinOps(ProgramBuilder b, Entrance entrance, int firstDescriptor) {
        this.b = b;
        this.entrance = entrance;
        this.firstDescriptor = firstDescriptor;
    }

    /** Enters everything that leaves the host's files where they are. */
    void enter() {
        notDumpable();
        List<Integer> groups = entrance.groups();
        if (groups != null && Capabilities.maySetGroups()) { // behind the user namespace that may be impossible
            Identity.setGroups(b, groups);
        }
        doors(false);
        notDumpable(); // a change of capabilities leaves it to the sysctl fs.suid_dumpable
    }

    /** Enters what leads to other files, and gives the descriptors up. */
    void enterFiles() {
        doors(true);
        String directory = entrance.directory();
        if (directory != null) {
            Label entered = b.label("entered");
            b.call(Sys.CHDIR, b.string(directory)).onZero(entered).onNegative(entered);
            b.place(entered);
        }
        b.call(Sys.CLOSE_RANGE, Operand.of(firstDescriptor),
                Operand.of(firstDescriptor + entrance.doors().size() - 1L), Operand.of(0))
                .step(Step.JOIN, "");
    }

    private void doors(boolean files) {
        for (int i = 0; i < entrance.doors().size(); i++) {
            Entrance.Door door = entrance.doors().get(i);
            if (files == door.changesFiles()) {
                enter(door, Operand.of(firstDescriptor + (long) i, door.text()));
            }
        }
    }

    private void enter(Entrance.Door door, Operand descriptor) {
        switch (door.way()) {
            case NAMESPACES ->
                b.call(Sys.SETNS, descriptor, Operand.of(door.kinds(), Kinds.text(Kinds.of(door.kinds()))))
                        .step(Step.JOIN, door.text());
            case ROOT -> {
                b.call(Sys.FCHDIR, descriptor).step(Step.JOIN, door.text());
                b.call(Sys.CHROOT, b.string(".")).step(Step.JOIN, door.text());
            }
            case DIRECTORY -> {
                Label entered = b.label("directory entered");
                b.call(Sys.FCHDIR, descriptor).onZero(entered).onNegative(entered); // it may be one that the new ids may not enter
                b.place(entered);
            }
        }
    }

    private void notDumpable() {
        b.call(Sys.PRCTL, Operand.of(Linux.PR_SET_DUMPABLE, "PR_SET_DUMPABLE"), Operand.of(0)).step(Step.JOIN, "");
    }
}
