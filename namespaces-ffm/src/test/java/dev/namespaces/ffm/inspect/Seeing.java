package dev.namespaces.ffm.inspect;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceId;
import dev.namespaces.NamespaceInfo;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.NamespaceSnapshot;
import dev.namespaces.Namespaces;
import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.Program;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.ffm.spawn.Child;
import dev.namespaces.ffm.spawn.Proc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;

/** What {@link SnapshotTest} lets a JVM of its own see. */
final class Seeing {

    private Seeing() {}

    static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "thread" -> thread();
            case "pins" -> pins();
            case "unreadable" -> unreadable();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void thread() throws Exception {
        FutureTask<NamespaceInfo> task = new FutureTask<>(() -> {
            unshare(NamespaceKind.UTS);
            try (NamespaceHandle own = NamespaceHandle.ofCurrentThread(NamespaceKind.UTS)) {
                return Namespaces.snapshot().find(own.id()).orElseThrow();
            }
        });
        Thread.ofPlatform().start(task);
        NamespaceInfo info = task.get();
        System.out.println("found, processes " + info.processes() + ", oldest this one: "
                + (info.oldestProcess().orElse(0) == Proc.SELF));
    }

    private static void unshare(NamespaceKind kind) {
        ProgramBuilder b = new ProgramBuilder(Native.abi());
        Label done = b.label("done");
        Op unshare = b.call(Sys.UNSHARE, Operand.of(kind.cloneFlag())).then(done);
        b.place(done);
        unshare.into("result", b.returns(Operand.of(0)), 0);
        Program program = b.build();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(program.size(), Long.BYTES);
            program.place(copy, copy.address());
            if (Native.interpret(copy.address()) != 0) {
                throw new AssertionError("no new namespace");
            }
        }
    }

    private static void pins() throws Exception {
        NamespaceId id;
        try (NamespaceProcess holder = Namespace.builder().net().spawn("sleep", "1000");
                NamespaceHandle handle = NamespaceHandle.of(NamespaceKind.NET, holder)) {
            handle.pin(Path.of("/run/a"));
            handle.pin(Path.of("/run/b c"));
            id = handle.id();
        }
        say("", id);
        Child.says(Namespace.builder().build(), "mount", "-t", "tmpfs", "none", "/run");
        say("when something is mounted over it: ", id);
    }

    private static void say(String when, NamespaceId id) throws NamespaceException {
        NamespaceSnapshot snapshot = Namespaces.snapshot();
        NamespaceInfo info = snapshot.find(id).orElseThrow();
        System.out.println(when + "processes " + info.processes() + ", oldest "
                + (info.oldestProcess().isPresent() ? info.oldestProcess().getAsLong() : "none") + ", owner seen: "
                + info.owner().flatMap(snapshot::find).isPresent() + ", pins " + info.pins());
    }

    private static void unreadable() throws NamespaceException {
        NamespaceSnapshot snapshot = Namespaces.snapshot();
        try (NamespaceHandle own = NamespaceHandle.ofCurrentThread(NamespaceKind.NET)) {
            System.out.println("process 1 is unreadable: " + snapshot.unreadable().contains(1L) + ", this one: "
                    + snapshot.unreadable().contains(Proc.SELF) + ", found: " + snapshot.find(own.id()).isPresent());
        }
    }
}
