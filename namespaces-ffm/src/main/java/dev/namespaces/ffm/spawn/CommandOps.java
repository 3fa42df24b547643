package dev.namespaces.ffm.spawn;

import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Branches;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;

/**
 * The last ops before a command runs, whichever stage executes it: signals let in, working directory, and the search for the program.
 *
 * <p>
 * The search goes as execvp(3) does it: candidate after candidate while one is missing or unreachable; after a refused permission too, which is
 * then the final error if nothing else is found; any other error ends it. Unlike execvp, a file of no known format is an error, never handed to a
 * shell.
 *
 * @param candidates the word that must hold the address of the candidates, an array of paths that ends with NULL
 * @param execute the op whose arguments 1 and 2 must hold the addresses of the command's arguments and of its environment
 * @param directory the op whose argument 0 must hold the address of the working directory, or 0
 */
record CommandOps(Operand.Data candidates, Op execute, Op directory) {

    static final String ARGUMENTS = "arguments";
    static final String ENVIRONMENT = "environment";
    static final String DIRECTORY = "directory";

    private static final int[] GO_ON = {Errno.ENOENT, Errno.ENOTDIR, Errno.ENODEV, Errno.ETIMEDOUT, Errno.ESTALE};

    /**
     * Adds the ops.
     *
     * @param b the program
     * @param failed where it goes when nothing could be executed
     * @return what has to know of the command
     */
    static CommandOps add(ProgramBuilder b, Label failed) {
        Label search = b.label("search");
        b.onRefusal(failed);
        Operand.Data none = b.space("[]", Long.BYTES);
        b.call(Sys.RT_SIGPROCMASK, Operand.of(Linux.SIG_SETMASK, "SIG_SETMASK"), none, Operand.of(0),
                Operand.of(Long.BYTES)).step(Step.SIGNALS,
                        "");
        Op directory = b.subtract(new Operand.Patch(DIRECTORY), Operand.of(0)).onZero(search);
        Op chdir = b.call(Sys.CHDIR, Operand.of(0)).step(Step.CHANGE_DIRECTORY, DIRECTORY);
        directory.into(DIRECTORY, chdir, 0);

        Label advance = b.label("next candidate");
        Label exhausted = b.label("exhausted");
        Label denied = b.label("denied");
        Operand.Data cursor = b.space("cursor", Long.BYTES);
        Operand.Data sawDenied = b.space("denied", Long.BYTES);

        b.place(search);
        Op at = b.load64(cursor);
        Op load = b.load64(Operand.of(0)).onZero(exhausted);
        Op execute = b.call(Sys.EXECVE, Operand.of(0), new Operand.Patch(ARGUMENTS), new Operand.Patch(ENVIRONMENT))
                .step(Step.EXECUTE, "");
        at.into("candidate", load, 0);
        load.into("path", execute, 0);
        Branches.onErrno(b, execute, GO_ON, advance, new int[]{Errno.EACCES}, denied, failed);

        b.place(denied);
        b.subtract(Operand.of(-Errno.EACCES, "-EACCES"), Operand.of(0)).into("denied", sawDenied).then(advance);

        b.place(advance);
        Op from = b.load64(cursor);
        Op next = b.subtract(Operand.of(0), Operand.of(-Long.BYTES)).into("cursor", cursor).then(search);
        from.into("cursor", next, 0);

        b.place(exhausted);
        Op any = b.load64(sawDenied).onZero(failed);
        Op report = b.subtract(Operand.of(0), Operand.of(0)).into("error", b.header(Op.REFUSED_RESULT, "&error"))
                .then(failed);
        any.into("denied", report, 0);
        return new CommandOps(cursor, execute, directory);
    }
}
