package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.Program;
import dev.namespaces.ffm.program.ProgramBuilder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * Children that share this JVM's memory and take none of the precautions that the library takes, to show that what tests guard against does
 * happen. The calling thread is held until such a child executes something or ends, and then waits for its end.
 */
final class NaiveSpawn {

    private static final int SIGQUIT = 3;
    private static final int PR_SET_DUMPABLE = 4;

    private NaiveSpawn() {}

    /** A child that never comes to execute anything. */
    static void blocked() {
        run(NaiveSpawn::block);
    }

    /** A child that never comes to execute anything, and lets signals in, of which SIGQUIT has no handler. */
    static void blockedWithSignalsLetIn() {
        run(b -> {
            b.call(Sys.RT_SIGACTION, Operand.of(SIGQUIT), b.space("default", 32), Operand.of(0), Operand.of(8));
            letSignalsIn(b);
            block(b);
        });
    }

    /** A child that gives up its dumpable flag and ends. */
    static void undumpable() {
        run(b -> b.call(Sys.PRCTL, Operand.of(PR_SET_DUMPABLE), Operand.of(0)));
    }

    private static void block(ProgramBuilder b) {
        b.call(Sys.PPOLL, Operand.of(0), Operand.of(0), Operand.of(0), Operand.of(0), Operand.of(8));
    }

    private static void letSignalsIn(ProgramBuilder b) {
        b.call(Sys.RT_SIGPROCMASK, Operand.of(Linux.SIG_SETMASK), b.space("none", 8), Operand.of(0), Operand.of(8));
    }

    /** A child that executes a program with its signal handlers still those of the JVM. The arguments are addresses. */
    static void withHandlers(long path, long arguments, long environment) {
        run(b -> {
            letSignalsIn(b);
            b.call(Sys.EXECVE, Operand.of(path), Operand.of(arguments), Operand.of(environment));
        });
    }

    private static void run(Consumer<ProgramBuilder> child) {
        Program program = program(child);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(program.size(), 64);
            program.place(copy, copy.address());
            Native.interpret(copy.address());
        }
    }

    private static Program program(Consumer<ProgramBuilder> child) {
        ProgramBuilder b = new ProgramBuilder(Native.abi());
        Label inChild = b.label("child");
        Label inParent = b.label("parent");
        Label exit = b.label("exit");
        b.onRefusal(exit);
        Operand.Data mask = b.space("mask", 8);
        Operand setMask = Operand.of(Linux.SIG_SETMASK);
        b.call(Sys.RT_SIGPROCMASK, setMask, b.bytes("all", new byte[]{-1, -1, -1, -1, -1, -1, -1, -1}), mask,
                Operand.of(8));
        Op clone = b.call(Sys.CLONE, Operand.of(Linux.CLONE_VM | Linux.CLONE_VFORK | Linux.SIGCHLD), Operand.of(0))
                .onZero(inChild).onPositive(inParent);
        b.place(inParent);
        b.call(Sys.RT_SIGPROCMASK, setMask, mask, Operand.of(0), Operand.of(8));
        Label done = b.label("done");
        Op wait = b.call(Sys.WAIT4, Operand.of(0), Operand.of(0), Operand.of(0), Operand.of(0)).then(done);
        clone.into("pid", wait, 0);
        b.place(done);
        b.returns(Operand.of(0));
        b.place(inChild);
        child.accept(b);
        b.place(exit);
        b.call(Sys.EXIT_GROUP, Operand.of(127)).then(exit);
        return b.build();
    }
}
