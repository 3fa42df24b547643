package dev.namespaces.ffm.spawn;

import dev.namespaces.Step;
import dev.namespaces.ffm.confine.TerminalFilter;
import dev.namespaces.ffm.linux.Abi;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.mount.MountCheck;
import dev.namespaces.ffm.mount.Undo;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.Program;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.ffm.program.StageTwoImage;
import dev.namespaces.spi.NamespaceSpec;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The program of stage 2, a process with memory of its own: it sets the namespaces up, and executes the command, or is the init that starts it,
 * forwards signals to it, and waits for every orphan until the command ends.
 *
 * <p>
 * It reports on a pipe. First {@link #START} bytes: a zero for a start and the command's pid, or a refusal as a program's header has it; where stage 2 becomes the
 * command, a start is the end of file instead, as the pipe closes on exec. Then, from an init, {@link #END} bytes: the command's wait status
 * and its {@code struct rusage}. All signals are blocked in an init: that way it can wait for them, and none is lost to a handler that a PID 1
 * would need; pid_namespaces(7).
 *
 * @param program the program
 * @param command where the command goes, or null where it holds namespaces without one
 * @param isInit whether it goes on as itself rather than becoming the command
 * @param gates where it waits for the JVM
 * @param isExposed whether it enters namespaces of others, who may stop it
 */
record SecondStage(Program program, @Nullable CommandPatches command, boolean isInit, Gates gates, boolean isExposed) {

    /** What stage 2 is called in a list of processes. */
    static final String NAME = "namespaces-init";
    /** The size of the report on the start. */
    static final int START = 2 * Long.BYTES;
    /** In the report on the start of an init: the pid of its command, as it sees it. */
    static final int START_PID = Long.BYTES;
    /** In the report on the end, behind the wait status. */
    static final int END_USAGE = Long.BYTES;
    /** The size of the report on the end. */
    static final int END = END_USAGE + Struct.Rusage.SIZE;

    /** Writes the program of a job. */
    interface Author {
        @Nullable
        SecondStage write(Abi abi, Job job, Route route, CommandCapabilities capabilities, Identity identity, Ids ids);
    }

    static final int REPORT_FD = StageTwoImage.PROGRAM_FD + 1;
    static final Operand REPORT = Operand.of(REPORT_FD, "report");

    static @Nullable SecondStage build(Abi abi, Job job, Route route, CommandCapabilities capabilities,
            Identity identity, Ids ids) {
        if (route == Route.DIRECT) {
            return null;
        }
        NamespaceSpec spec = job.spec();
        TerminalUse terminals = job.terminals();
        ProgramBuilder b = ProgramBuilder.ofStageTwo(abi);
        Label failed = b.label("failed");
        Label exit = b.label("exit");
        NestedOps nested = NestedOps.isWanted(spec) ? new NestedOps(b, spec, identity, ids) : null;
        b.onRefusal(failed);
        b.call(Sys.FCNTL, REPORT, Operand.of(Linux.F_SETFD, "F_SETFD"), Operand.of(Linux.FD_CLOEXEC, "FD_CLOEXEC"))
                .step(Step.START_INIT, "");
        Gates gates = new Gates();
        NetOps network = new NetOps(b, job);
        network.prepare();
        prepare(b, job, identity, gates, exit);
        if (job.forks() && !job.forksAtLast()) {
            terminals.newSession(b, spec, route); // a session's leader must not be the process that ends when it has forked
        }
        if (nested != null) {
            nested.limit();
        }
        identity.setUp(b);
        network.add(gates, failed);
        Undo undo = new Undo(b);
        NamespaceOps namespaces = new NamespaceOps(b, abi, spec, terminals.isShared() ? Pty.ofThisProcess() : null,
                undo,
                failed);
        namespaces.add();
        MountCheck check = namespaces.check();
        if (check != null) {
            gates.add(b, Step.MOUNT_FLAGS, "compare the mounts", failed, new MountKeeper(check));
        }
        if (!job.forksAtLast()) {
            lastGate(b, job, gates, failed);
        }
        if (terminals.isShared()) {
            TerminalFilter.add(b, abi, failed); // in the init as well, which whoever is root inside may trace
        }
        identity.protect(b);
        Operand.Data candidates = null;
        boolean initTakesBack = route == Route.INIT && nested == null && !capabilities.drops() && !job.holds()
                && !job.parks();
        if (job.holds()) {
            if (nested != null) {
                nested.enter();
            }
            Identity.setDumpable(b, job.visible());
            capabilities.bound(b);
            Capabilities.capset(b, 0, 0, 0).step(Step.START_INIT, ""); // it needs none to wait and to reap
            InitOps.hold(b);
        } else {
            Label command = b.label("command");
            if (route == Route.INIT) {
                InitOps.add(b, job, command, failed, exit, capabilities);
            }
            Label refused = initTakesBack ? b.label("command failed") : failed;
            b.place(command).onRefusal(refused);
            if (!job.forksAtLast()) {
                terminals.takeOwn(b);
            }
            if (nested != null) {
                nested.enter();
            }
            capabilities.bound(b);
            Parking parking = job.parks() ? new Parking(b, gates, exit) : null;
            if (parking != null && !job.forksAtLast()) {
                parking.await(); // with the ids of the setting up: others who have the command's may stop whoever has them
            }
            identity.becomeCommand(b, capabilities);
            if (job.forksAtLast()) {
                capabilities.giveUpTheRest(b);
                gates.addSibling(b, Set.of(), exit);
                terminals.newSession(b, spec, route);
                lastGate(b, job, gates, failed);
                terminals.takeOwn(b);
                if (parking != null) {
                    parking.await();
                }
            }
            CommandOps ops = CommandOps.add(b, parking == null ? refused : parking.refused());
            if (parking == null) {
                candidates = ops.candidates();
            } else {
                parking.finish(ops);
            }
            if (initTakesBack) { // the command's process may have given up the right to
                b.place(refused);
                b.subtract(Operand.of(1), Operand.of(0)).into("failed", b.header(Op.FAILED, "&failed")).then(exit);
            }
        }
        b.place(failed);
        undo.add(() -> {
            if (!initTakesBack && nested == null) {
                capabilities.takeUp(b);
            }
        });
        b.call(Sys.WRITE, REPORT, b.header(Op.REFUSED_OP, "{refused op, -errno}"), Operand.of(START))
                .then(exit);
        b.place(exit);
        b.call(Sys.EXIT_GROUP, Operand.of(127)).then(exit);
        Program program = b.build();
        return new SecondStage(program, candidates == null ? null : CommandPatches.of(program, candidates),
                route == Route.INIT || job.holds(), gates, !job.entrance().isEmpty());
    }

    /** The same with another program of the same shape. */
    SecondStage with(Program other) {
        return new SecondStage(other, command, isInit, gates, isExposed);
    }

    /** The last that the JVM does from outside. */
    private static void lastGate(ProgramBuilder b, Job job, Gates gates, Label failed) {
        if (job.demands().action()) {
            gates.add(b, Step.START_INIT, "do what is to be done before the exec", failed, new ActionKeeper());
        }
        if (!gates.isEmpty() && !job.parks()) {
            gates.close(b);
        }
    }

    /** What has to come before everything else: what is entered, the fork into what can only be forked into, and ids. */
    private static void prepare(ProgramBuilder b, Job job, Identity identity, Gates gates, Label exit) {
        NamespaceSpec spec = job.spec();
        IdMaps maps = identity.maps();
        boolean joins = !job.entrance().isEmpty();
        if (maps != null || job.forks() || job.demands().action() || NetOps.isWanted(job)
                || NamespaceOps.dependOnHostMounts(spec) || job.parks()) {
            gates.prepare(b);
        }
        if (maps != null && !joins) {
            gates.add(b, Step.MAP_IDS, maps.text(), exit, new MapWriter(maps));
        }
        JoinOps join = new JoinOps(b, job.entrance(), FirstStage.LOWEST_SOURCE + IdmappedTrees.of(spec).size());
        if (joins) {
            join.enter();
        }
        if (job.unsharesTime()) {
            TimeOps.add(b, spec.time());
        }
        if (joins) {
            join.enterFiles();
        }
        if (job.forks() && !job.forksAtLast()) {
            gates.addSibling(b, job.kindsOfFork(), exit);
        }
        if (maps != null && joins) { // the process with the new user namespace is there only now
            gates.add(b, Step.MAP_IDS, maps.text(), exit, new MapWriter(maps));
        }
    }
}
