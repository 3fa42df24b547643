package dev.namespaces.ffm.mount;

import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.mount.Slots.Slot;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.Content;
import dev.namespaces.spi.MountStep;

/** Adds files, directories, links, and permissions. */
final class FileOps {

    private static final int CREATE = Linux.O_WRONLY | Linux.O_CREAT | Linux.O_EXCL | Linux.O_CLOEXEC;

    private final Kit kit;
    private final ProgramBuilder b;

    FileOps(Kit kit) {
        this.kit = kit;
        this.b = kit.b();
    }

    void add(MountStep.NewFile file) {
        Slot parent = kit.targets().parent(file.target());
        Operand.Data name = b.string(Targets.name(file.target()));
        create(parent, name, file.content(), file.mode(), file.target(), () -> kit.targets().note(parent, name, false));
    }

    /** Makes a file that is not there yet, and writes all of it. */
    void create(Slot parent, Operand.Data name, Content content, int mode, String target, Runnable made) {
        Slot file = kit.slots().reserve(target);
        Op open = b.call(Sys.OPENAT, parent.operand(), name,
                Operand.of(CREATE, "O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC"), mode(mode)).step(Step.MAKE_FILE, target);
        kit.slots().keep(open, file, Step.MAKE_FILE, target);
        made.run();
        if (content.bytes().length > 0) {
            write(file, content, target);
        }
        b.call(Sys.CLOSE, file.operand()).step(Step.MAKE_FILE, target);
    }

    /** write(2) may take less than it is given. */
    private void write(Slot file, Content content, String target) {
        Label again = b.label("write " + target);
        Operand.Data bytes = b.bytes("{" + content + "}", content.bytes());
        b.place(again);
        Op write = b.call(Sys.WRITE, file.operand(), bytes, Operand.of(content.bytes().length))
                .onZero(kit.failed()).step(Step.MAKE_FILE, target);
        Op negative = b.subtract(Operand.of(0), Operand.of(0));
        Op from = b.load64(write.argument(1));
        Op next = b.subtract(Operand.of(0), Operand.of(0)).into("next", write.argument(1));
        Op length = b.load64(write.argument(2));
        Op count = b.load64(write.result());
        Op rest = b.subtract(Operand.of(0), Operand.of(0)).into("rest", write.argument(2)).onPositive(again);
        write.into("written", negative, 1);
        from.into("from", next, 0);
        negative.into("-written", next, 1);
        length.into("length", rest, 0);
        count.into("written", rest, 1);
    }

    void add(MountStep.Directory directory) {
        kit.targets().directory(directory.target(), kit.target(), directory.mode());
    }

    void add(MountStep.Symlink link) {
        Slot parent = kit.targets().parent(link.target());
        Operand.Data name = b.string(Targets.name(link.target()));
        b.call(Sys.SYMLINKAT, b.string(link.content()), parent.operand(), name).step(Step.MAKE_FILE, link.target());
        kit.targets().note(parent, name, false);
    }

    /** By way of /proc, as no system call that every kernel has takes a descriptor that was only opened to name a file. */
    void add(MountStep.Chmod chmod) {
        kit.targets().existing(chmod.target(), kit.target(), null, Step.SET_MODE);
        b.call(Sys.FCHMODAT, Kit.CWD, b.string(kit.target().path()), mode(chmod.mode())).step(Step.SET_MODE,
                chmod.target());
    }

    private static Operand mode(int mode) {
        return Operand.of(mode, FileSystemOps.octal(mode));
    }
}
