package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.UserSpec;

/**
 * Adds what keeps a command from creating user namespaces, root inside or not. The user namespace gets room for one more below it, and the command
 * lives in that one, with the same ids. It has no rights over the outer one, so it cannot raise the limit that counts: the kernel looks at those of
 * every namespace above.
 *
 * <p>
 * The init stays outside, where the command cannot trace it. Only somebody outside may write a map of more than one id, so a helper is forked for that
 * before the command's process goes inside.
 */
final class NestedOps {

    private static final String LIMIT = "/proc/sys/user/max_user_namespaces";

    private final ProgramBuilder b;
    private final String users;
    private final String groups;
    private final Operand.Data proc;

    /**
     * For a program.
     *
     * @param b the program of stage 2
     * @param spec what to isolate
     * @param identity the maps
     * @param ids those of the JVM
     */
    NestedOps(ProgramBuilder b, NamespaceSpec spec, Identity identity, Ids ids) {
        this.b = b;
        IdMaps maps = identity.maps();
        boolean root = spec.user().mapping() == UserSpec.Mapping.ROOT;
        users = maps != null ? maps.users().nestedText() : own(root ? 0 : ids.user());
        groups = maps != null ? maps.groups().nestedText() : own(root ? 0 : ids.group());
        proc = b.space("/proc", Long.BYTES);
    }

    private static String own(int id) {
        String text = Integer.toUnsignedString(id);
        return text + " " + text + " 1\n";
    }

    static boolean isWanted(NamespaceSpec spec) {
        return spec.has(NamespaceKind.USER) && spec.user().forbidNested();
    }

    /** Sets the limit, and opens what {@link #enter} needs, while the host's /proc is still there. */
    void limit() {
        Op limit = open(Operand.of(Linux.AT_FDCWD, "AT_FDCWD"), b.string(LIMIT), Linux.O_WRONLY, "O_WRONLY");
        limit.step(Step.FORBID_NESTED, "in " + LIMIT);
        Op write = b.call(Sys.WRITE, Operand.of(0), b.bytes("\"1\"", new byte[]{'1'}), Operand.of(1))
                .step(Step.FORBID_NESTED, "in " + LIMIT);
        limit.into("limit", write, 0);
        close(limit.result());
        open(Operand.of(Linux.AT_FDCWD, "AT_FDCWD"), b.string("/proc"), Linux.O_PATH, "O_PATH").into("proc", proc);
    }

    /** What the init does once the command has been started. */
    void leave(Label otherwise) {
        Op fd = b.load64(proc);
        Op close = b.call(Sys.CLOSE, Operand.of(0)).onNegative(otherwise);
        fd.into("proc", close, 0);
    }

    /** Goes inside; in a process that shares its memory with nobody, as unshare(2) demands. */
    void enter() {
        Label helper = b.label("helper");
        Label inside = b.label("inside");
        Label exit = b.label("helper's end");
        Label over = b.label("over");
        // Changed ids have taken the flag, without which its /proc files are root's. It is harmless: nobody outside may trace a process in here.
        b.call(Sys.PRCTL, Operand.of(Linux.PR_SET_DUMPABLE, "PR_SET_DUMPABLE"), Operand.of(1)).step(Step.FORBID_NESTED,
                "");
        Op fd = b.load64(proc);
        Op self = open(Operand.of(0), b.string("self"), Linux.O_PATH, "O_PATH");
        fd.into("proc", self, 0);
        Operand.Data pipe = b.space("pipe", 2 * Integer.BYTES);
        b.call(Sys.PIPE2, pipe, Operand.of(Linux.O_CLOEXEC, "O_CLOEXEC")).step(Step.FORBID_NESTED, "");
        Op clone = b.call(Sys.CLONE, Operand.of(0), Operand.of(0)).onZero(helper).step(Step.FORBID_NESTED, "");
        b.call(Sys.UNSHARE, Operand.of(NamespaceKind.USER.cloneFlag(), "CLONE_NEWUSER")).step(Step.FORBID_NESTED, "");
        Op writer = b.load32(pipe.plus(Integer.BYTES));
        Op tell = b.call(Sys.WRITE, Operand.of(0), b.space("byte", 1), Operand.of(1)).step(Step.FORBID_NESTED, "");
        writer.into("writer", tell, 0);
        Operand.Data status = b.space("status", Long.BYTES);
        Op helperPid = b.load64(clone.result());
        Op wait = b.call(Sys.WAIT4, Operand.of(0), status, Operand.of(Linux.WALL, "__WALL"), Operand.of(0))
                .step(Step.FORBID_NESTED, "");
        helperPid.into("helper", wait, 0);
        b.load32(status).onZero(inside).onPositive(over).onNegative(over); // it has said itself what was refused

        b.place(helper);
        Op closed = b.load32(pipe.plus(Integer.BYTES));
        Op close = b.call(Sys.CLOSE, Operand.of(0)).step(Step.FORBID_NESTED, "");
        closed.into("writer", close, 0);
        Op reader = b.load32(pipe);
        Op read = b.call(Sys.READ, Operand.of(0), b.space("byte", 1), Operand.of(1)).onZero(over)
                .step(Step.FORBID_NESTED, "");
        reader.into("reader", read, 0);
        map("uid_map", users, self);
        map("gid_map", groups, self);
        b.place(exit);
        b.call(Sys.EXIT_GROUP, Operand.of(0)).then(exit);
        b.place(over);
        b.call(Sys.EXIT_GROUP, Operand.of(127)).then(over);

        b.place(inside);
        Identity.notDumpable(b);
    }

    private void map(String file, String content, Op self) {
        String text = '"' + content.strip().replace("\n", ", ") + '"';
        Op directory = b.load64(self.result());
        Op map = open(Operand.of(0), b.string(file), Linux.O_WRONLY, "O_WRONLY");
        directory.into("self", map, 0);
        Op write = b.call(Sys.WRITE, Operand.of(0), b.bytes(text, content.getBytes(US_ASCII)),
                Operand.of(content.length())).step(Step.FORBID_NESTED, "with " + text + " in " + file);
        map.into("map", write, 0);
    }

    private Op open(Operand directory, Operand path, int flags, String text) {
        return b.call(Sys.OPENAT, directory, path, Operand.of(flags | Linux.O_CLOEXEC, text + "|O_CLOEXEC"))
                .step(Step.FORBID_NESTED, "");
    }

    private void close(Operand result) {
        Op fd = b.load64(result);
        Op close = b.call(Sys.CLOSE, Operand.of(0)).step(Step.FORBID_NESTED, "");
        fd.into("fd", close, 0);
    }
}
