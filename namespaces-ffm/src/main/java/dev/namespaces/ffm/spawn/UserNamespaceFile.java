package dev.namespaces.ffm.spawn;

import dev.namespaces.IdRange;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.Program;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.MountStep;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A user namespace that is there for its id maps alone, as mount_setattr(2) takes them.
 *
 * <p>
 * It needs a process to be born with. That one shares this process's memory without touching more of it than its program, reads from a pipe until
 * the maps are written and the namespace is held by a descriptor, and ends; it ends too if this process does, since then the pipe has no writer.
 */
final class UserNamespaceFile {

    private static final long FLAGS = NamespaceKind.USER.cloneFlag() | Linux.CLONE_VM | Linux.CLONE_PIDFD
            | Linux.CLONE_PARENT_SETTID | Linux.CLONE_CLEAR_SIGHAND;

    private UserNamespaceFile() {}

    /** Opens a new one. */
    static int open(MountStep.IdMap maps) throws NamespaceException {
        long gate = Descriptors.pipe(Step.MAP_IDS, "");
        try (Arena arena = Arena.ofConfined()) {
            ProgramBuilder b = new ProgramBuilder(Native.abi());
            Operand.Data pid = b.space("pid", Long.BYTES);
            Operand.Data pidfd = b.space("pidfd", Long.BYTES);
            Program program = program(b, pid, pidfd, gate);
            MemorySegment copy = arena.allocate(program.size(), Long.BYTES);
            program.place(copy, copy.address());
            long result = Native.interpret(copy.address());
            try {
                if (result < 0) {
                    throw Refusals.exception(Step.MAP_IDS, "(a user namespace for an idmapped mount)", (int) -result);
                }
                return map(copy.get(ValueLayout.JAVA_INT, program.offset(pid)), maps);
            } finally {
                Syscalls.close(Descriptors.writing(gate));
                if (result >= 0) {
                    ChildProcess.discard(copy.get(ValueLayout.JAVA_INT, program.offset(pidfd))); // its memory is freed next
                }
            }
        } finally {
            Syscalls.close(Descriptors.reading(gate));
        }
    }

    private static Program program(ProgramBuilder b, Operand.Data pid, Operand.Data pidfd, long gate) {
        Label child = b.label("child");
        Label born = b.label("born");
        Label restore = b.label("restore");
        Operand setMask = Operand.of(Linux.SIG_SETMASK, "SIG_SETMASK");
        Operand.Data all = b.bytes("[all]", new byte[]{-1, -1, -1, -1, -1, -1, -1, -1});
        Operand.Data mask = b.space("mask", Long.BYTES);
        Operand.Data outcome = b.space("outcome", Long.BYTES);
        b.onRefusal(restore);
        b.call(Sys.RT_SIGPROCMASK, setMask, all, mask, Operand.of(Long.BYTES)).step(Step.MAP_IDS, "");
        Operand.Data arguments = b.space("{CLONE_NEWUSER|CLONE_VM}", Struct.CloneArgs.SIZE);
        b.word(arguments.plus(Struct.CloneArgs.FLAGS), FLAGS);
        b.address(arguments.plus(Struct.CloneArgs.PIDFD), pidfd);
        b.address(arguments.plus(Struct.CloneArgs.PARENT_TID), pid);
        b.word(arguments.plus(Struct.CloneArgs.EXIT_SIGNAL), Linux.SIGCHLD);
        Op clone = b.call(Sys.CLONE3, arguments, Operand.of(Struct.CloneArgs.SIZE)).onZero(child).onPositive(born)
                .onNegative(restore).step(Step.MAP_IDS, "");
        clone.into("outcome", outcome);

        b.place(child);
        Label exit = b.label("exit");
        b.call(Sys.CLOSE, Operand.of(Descriptors.writing(gate), "gate's other end")).onNegative(exit);
        b.call(Sys.READ, Operand.of(Descriptors.reading(gate), "gate"), b.space("byte", Long.BYTES), Operand.of(1))
                .then(exit);
        b.place(exit);
        b.call(Sys.EXIT_GROUP, Operand.of(0)).then(exit);

        b.place(born);
        b.subtract(Operand.of(0), Operand.of(0)).into("outcome", outcome); // the child's 0 may have come later than the pid
        b.place(restore);
        Label restored = b.label("restored");
        b.call(Sys.RT_SIGPROCMASK, setMask, mask, Operand.of(0), Operand.of(Long.BYTES)).then(restored);
        b.place(restored);
        Op load = b.load64(outcome);
        Op done = b.returns(Operand.of(0));
        load.into("outcome", done, 0);
        return b.build();
    }

    private static int map(int pid, MountStep.IdMap maps) throws NamespaceException {
        MapWriter.write(pid, "uid_map", text(maps.users()));
        MapWriter.write(pid, "gid_map", text(maps.groups()));
        return Descriptors.open("/proc/" + pid + "/ns/user", 0, Step.MAP_IDS, "for an idmapped mount");
    }

    private static String text(List<IdRange> ranges) {
        return ranges.stream().map(IdRange::toString).collect(Collectors.joining("\n", "", "\n"));
    }
}
