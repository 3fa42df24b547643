package dev.namespaces.ffm.spawn;

import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Abi;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.Program;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.ffm.program.StageTwoImage;
import java.util.function.Function;

/**
 * What the {@linkplain Guard guard} runs, in stage 2: it collects the pidfds of children from a socket, drops those that have ended, and kills
 * the rest when the JVM has.
 *
 * <p>
 * The JVM has ended when its pidfd says so, or when the socket is at its end. The first comes at once. The second comes when every child
 * that has not executed anything yet has closed its copy as well; until then the guard receives, so it misses none of them.
 *
 * <p>
 * Its table of descriptors is its list. Where that is full, messages stay in the socket until there is room: a descriptor that finds none is
 * lost on receipt (MSG_CTRUNC, recvmsg(2)), and the child would be with it.
 */
final class GuardProgram {

    /** The size of the report on the start: zeros, or a refusal as a program's header has it. */
    static final int START = 2 * Long.BYTES;

    private static final String NAME = "namespace-guard";

    // The kernel gives the lowest number that is free: 3 was the program's, 4 is the socket, 5 was the image's.
    private static final Operand EPOLL = Operand.of(StageTwoImage.PROGRAM_FD, "epoll");
    private static final Operand SOCKET = Operand.of(StageTwoImage.PROGRAM_FD + 1L, "socket");
    private static final Operand JVM = Operand.of(StageTwoImage.PROGRAM_FD + 2L, "jvm");
    private static final int FIRST_CHILD = StageTwoImage.PROGRAM_FD + 3;

    /** What an event's data is if it is not a child's descriptor. */
    private static final long OF_SOCKET = 0;
    private static final long OF_JVM = 1;

    private static final int NONE = -1;
    private static final Operand WHATEVER = Operand.of(0);

    private final ProgramBuilder b;
    private final int dataOffset;
    private final Label wait;
    private final Label next;
    private final Label end;
    private final Operand.Data highest;
    private final Operand.Data socketEvent;
    private final DescriptorMessage message;

    private GuardProgram(Abi abi) {
        b = ProgramBuilder.ofStageTwo(abi);
        dataOffset = abi.epollDataOffset();
        wait = b.label("wait");
        next = b.label("next message");
        end = b.label("the JVM has ended");
        highest = b.space("highest", Long.BYTES);
        b.word(highest, FIRST_CHILD);
        message = DescriptorMessage.add(b);
        socketEvent = event("{socket}", Linux.EPOLLIN | Linux.EPOLLONESHOT, OF_SOCKET);
    }

    /**
     * Builds the program.
     *
     * @param jvm the JVM's pid
     */
    static Program build(Abi abi, int jvm) {
        GuardProgram guard = new GuardProgram(abi);
        Label failed = guard.b.label("failed");
        guard.prepare(jvm, failed);
        guard.collect();
        guard.kill();
        guard.giveUp(failed);
        return guard.b.build();
    }

    private void prepare(int jvm, Label failed) {
        b.onRefusal(failed);
        required(Sys.PRCTL, Operand.of(Linux.PR_SET_DUMPABLE, "PR_SET_DUMPABLE"), Operand.of(0)); // so that no other process of the user traces it
        required(Sys.PRCTL, Operand.of(Linux.PR_SET_NAME, "PR_SET_NAME"), b.string(NAME));
        required(Sys.CHDIR, b.string("/"));
        Operand.Data limits = b.space("limits", 2 * Long.BYTES);
        required(Sys.PRLIMIT64, Operand.of(0), Operand.of(Linux.RLIMIT_NOFILE, "RLIMIT_NOFILE"), Operand.of(0), limits);
        b.load64(limits.plus(Long.BYTES)).into("hard limit", limits);
        required(Sys.PRLIMIT64, Operand.of(0), Operand.of(Linux.RLIMIT_NOFILE, "RLIMIT_NOFILE"), limits);
        required(Sys.EPOLL_CREATE1, Operand.of(Linux.O_CLOEXEC, "O_CLOEXEC"));
        required(Sys.PIDFD_OPEN, Operand.of(jvm), Operand.of(0));
        Op parent = required(Sys.GETPPID);
        Op isJvm = b.subtract(WHATEVER, Operand.of(jvm)).onNegative(end).onPositive(end); // it had ended before it was opened
        parent.into("parent", isJvm, 0);
        required(Sys.EPOLL_CTL, EPOLL, Operand.of(Linux.EPOLL_CTL_ADD, "EPOLL_CTL_ADD"), JVM,
                event("{jvm}", Linux.EPOLLIN, OF_JVM));
        required(Sys.EPOLL_CTL, EPOLL, Operand.of(Linux.EPOLL_CTL_ADD, "EPOLL_CTL_ADD"), SOCKET, socketEvent);
        b.call(Sys.WRITE, SOCKET, b.space("{started}", START), Operand.of(START)).onNegative(end);
    }

    private void collect() {
        Label receive = b.label("receive");
        Operand.Data event = event("event", 0, 0);
        Operand.Data which = event.plus(dataOffset);

        b.place(wait);
        b.call(Sys.EPOLL_PWAIT, EPOLL, event, Operand.of(1), Operand.of(-1), Operand.of(0), Operand.of(Long.BYTES))
                .onNegative(wait).onZero(wait);
        Op what = b.load64(which).onZero(receive);
        Op isJvm = b.subtract(WHATEVER, Operand.of(OF_JVM)).onZero(end);
        what.into("fd", isJvm, 0);
        of(which, b -> b.call(Sys.EPOLL_CTL, EPOLL, Operand.of(Linux.EPOLL_CTL_DEL, "EPOLL_CTL_DEL"), WHATEVER), 2);
        of(which, b -> b.call(Sys.CLOSE, WHATEVER), 0);

        b.place(next);
        b.call(Sys.EPOLL_CTL, EPOLL, Operand.of(Linux.EPOLL_CTL_MOD, "EPOLL_CTL_MOD"), SOCKET, socketEvent).then(wait);

        b.place(receive);
        Op spare = b.call(Sys.FCNTL, EPOLL, Operand.of(Linux.F_DUPFD_CLOEXEC, "F_DUPFD_CLOEXEC"), Operand.of(0))
                .onNegative(wait); // no room: the socket's event stays off until a child has ended
        Op release = b.call(Sys.CLOSE, WHATEVER).onNegative(wait);
        spare.into("spare", release, 0);
        receive(Linux.MSG_DONTWAIT).onNegative(next).onZero(end);
        Operand.Data child = b.space("child", Long.BYTES);
        Operand.Data childEvent = event("{child}", Linux.EPOLLIN, 0);
        b.load32(message.descriptor()).into("child", child).onNegative(next);
        b.load64(child).into("child", childEvent.plus(dataOffset));
        Label add = b.label("add");
        Op known = b.load64(highest);
        Op got = b.load64(child);
        Op higher = b.subtract(WHATEVER, WHATEVER).onNegative(add).onZero(add);
        known.into("highest", higher, 1);
        got.into("child", higher, 0);
        b.load64(child).into("child", highest);
        b.place(add);
        of(child, b -> b.call(Sys.EPOLL_CTL, EPOLL, Operand.of(Linux.EPOLL_CTL_ADD, "EPOLL_CTL_ADD"), WHATEVER,
                childEvent).then(next), 2); // refused or not: it is in the table
    }

    private void kill() {
        b.place(end);
        killAndClose(highest);
        Op at = b.load64(highest);
        Op down = b.subtract(WHATEVER, Operand.of(1)).into("highest", highest);
        at.into("highest", down, 0);
        Label late = b.label("late registrations");
        Op left = b.load64(highest);
        Op any = b.subtract(WHATEVER, Operand.of(FIRST_CHILD)).onNegative(late).onZero(end).onPositive(end);
        left.into("highest", any, 0);

        Label over = b.label("over");
        Operand.Data child = b.space("child", Long.BYTES);
        b.place(late);
        receive(0).onNegative(over).onZero(over);
        b.load32(message.descriptor()).into("child", child);
        killAndClose(child);
        b.go(late);
        b.place(over);
        b.call(Sys.EXIT_GROUP, Operand.of(0)).then(over);
    }

    private void giveUp(Label failed) {
        Label exit = b.label("exit");
        b.place(failed);
        b.call(Sys.WRITE, SOCKET, b.header(Op.REFUSED_OP, "{refused op, -errno}"), Operand.of(START)).then(exit);
        b.place(exit);
        b.call(Sys.EXIT_GROUP, Operand.of(Errno.EPIPE)).then(exit);
    }

    private Op required(Sys call, Operand... arguments) {
        return b.call(call, arguments).step(Step.DIE_WITH_JVM, "");
    }

    /** Receives one message; the caller says what follows a refusal, and the end. */
    private Op receive(int flags) {
        b.subtract(Operand.of(Struct.Cmsg.SPACE), Operand.of(0)).into("room",
                message.controlLength());
        b.subtract(Operand.of(NONE), Operand.of(0)).into("none", message.descriptor());
        return b.call(Sys.RECVMSG, SOCKET, message.header(),
                Operand.of(Linux.MSG_CMSG_CLOEXEC | flags, "MSG_CMSG_CLOEXEC" + (flags == 0 ? "" : "|MSG_DONTWAIT")));
    }

    private void killAndClose(Operand.Data child) {
        of(child, b -> b.call(Sys.PIDFD_SEND_SIGNAL, WHATEVER, Operand.of(Linux.SIGKILL, "SIGKILL"), Operand.of(0),
                Operand.of(0)), 0);
        of(child, b -> b.call(Sys.CLOSE, WHATEVER), 0);
    }

    /** A call with a word for one of its arguments, after which the program goes on whatever the result, unless the call says otherwise. */
    private void of(Operand.Data word, Function<ProgramBuilder, Op> call, int argument) {
        Op load = b.load64(word);
        Label on = b.label("on");
        b.onRefusal(on);
        Op op = call.apply(b);
        b.place(on);
        load.into(word.text(), op, argument);
    }

    private Operand.Data event(String text, int events, long data) {
        Operand.Data event = b.space(text, 2 * Long.BYTES);
        if (dataOffset == Long.BYTES) {
            b.word(event, events);
            b.word(event.plus(dataOffset), data);
        } else {
            b.word(event, Integer.toUnsignedLong(events) | data << Integer.SIZE);
        }
        return event;
    }
}
