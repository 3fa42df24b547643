package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.CommandSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Places in the program of stage 2 at which it waits until Java has done its part from outside.
 *
 * <p>
 * Gates have numbers, from 1 on. Stage 2 says on the pipe of its report that it is at one, as two words: the number, which no op's address is as low
 * as, and a word that belongs to it. Then it reads a byte from the socket of the gates. The end of the file means that the JVM has died, or that Java's
 * part has failed: stage 2 ends then, and has run nothing. It is a socket so that a descriptor can come along, whoever may trace whom.
 */
final class Gates {

    /** Where stage 2 has its end of the socket, if there is any gate. */
    static final int FD = FirstStage.GATE_FD;

    static final Operand SOCKET = Operand.of(FD, "gate");

    /** What Java does while stage 2 waits. */
    interface Keeper {

        /**
         * Does Java's part; the gate opens when it returns.
         *
         * @param child the process that waits
         * @param arrival what it has brought along
         * @param command what it is to run
         * @throws NamespaceException if it cannot be done: the gate stays shut then, and the child ends
         */
        void pass(Newborn child, Arrival arrival, CommandSpec command) throws NamespaceException;
    }

    /**
     * What stage 2 has brought to a gate.
     *
     * @param word what it has said beside the gate's number
     * @param socket the JVM's end of the socket, by which a descriptor may have come
     */
    record Arrival(long word, int socket) {}

    private final List<Keeper> keepers = new ArrayList<>();
    private boolean parks;

    /** Keeps the socket from the command; comes before every gate. */
    void prepare(ProgramBuilder b) {
        b.call(Sys.FCNTL, SOCKET, Operand.of(Linux.F_SETFD, "F_SETFD"), Operand.of(Linux.FD_CLOEXEC, "FD_CLOEXEC"))
                .step(Step.START_INIT, "");
    }

    /**
     * Adds a gate.
     *
     * @param b the program of stage 2
     * @param step what it is for
     * @param what the same in words, for explain()
     * @param shut where stage 2 goes if the gate stays shut; nobody reads what it reports then
     * @param keeper does Java's part
     */
    void add(ProgramBuilder b, Step step, String what, Label shut, Keeper keeper) {
        Operand.Data arrival = arrival(b, what, keeper);
        b.call(Sys.WRITE, SecondStage.REPORT, arrival, Operand.of(SecondStage.START)).step(step, "");
        await(b, step, shut);
    }

    /**
     * Adds a fork into a sibling, a child of the JVM too. It goes on behind the gate once the JVM has accepted it in the place of this process, which
     * ends.
     *
     * @param b the program of stage 2
     * @param kinds the kinds of namespace that it is created with
     * @param exit where stage 2 ends without a further report
     */
    void addSibling(ProgramBuilder b, Set<NamespaceKind> kinds, Label exit) {
        Operand.Data arrival = arrival(b, "take the pid's process for this one",
                (child, arrived, _) -> child.replaceWith(arrived.word()));
        Label sibling = b.label("sibling");
        Op clone = b.call(Sys.CLONE, Operand.of(Kinds.flags(kinds) | Linux.CLONE_PARENT,
                (kinds.isEmpty() ? "" : Kinds.text(kinds) + "|") + "CLONE_PARENT"), Operand.of(0))
                .onZero(sibling).step(Step.CLONE, Kinds.withNew(kinds));
        clone.into("pid", arrival.plus(Long.BYTES));
        b.call(Sys.WRITE, SecondStage.REPORT, arrival, Operand.of(SecondStage.START)).then(exit);
        b.place(sibling);
        await(b, Step.CLONE, exit);
    }

    /**
     * Adds the sending of a descriptor, which the keeper of the next gate takes.
     *
     * @param b the program of stage 2
     * @param step what it is for
     * @return where the descriptor goes before
     */
    static DescriptorMessage send(ProgramBuilder b, Step step) {
        DescriptorMessage message = DescriptorMessage.add(b);
        b.call(Sys.SENDMSG, SOCKET, message.header(), Operand.of(Linux.MSG_NOSIGNAL, "MSG_NOSIGNAL")).step(step, "");
        return message;
    }

    /**
     * Adds the report that all is done, behind every gate: what follows waits for a command, at the same socket.
     *
     * @param b the program of stage 2
     */
    void park(ProgramBuilder b) {
        parks = true;
        b.call(Sys.WRITE, SecondStage.REPORT, arrival(b, "wait for a command", keepers.size() + 1),
                Operand.of(SecondStage.START)).step(Step.START_INIT, "");
    }

    private Operand.Data arrival(ProgramBuilder b, String what, Keeper keeper) {
        keepers.add(keeper);
        return arrival(b, what, keepers.size());
    }

    private static Operand.Data arrival(ProgramBuilder b, String what, int number) {
        Operand.Data arrival = b.space("{gate " + number + ": " + what + "}", SecondStage.START);
        b.word(arrival, number);
        return arrival;
    }

    private static void await(ProgramBuilder b, Step step, Label shut) {
        b.call(Sys.READ, SOCKET, b.space("byte", 1), Operand.of(1)).onZero(shut).step(step, "");
    }

    /** Gives the socket up; comes behind every gate. */
    void close(ProgramBuilder b) {
        b.call(Sys.CLOSE, SOCKET).step(Step.START_INIT, "");
    }

    boolean isEmpty() {
        return keepers.isEmpty() && !parks;
    }

    /** Whether the first word of a report is a gate's number. */
    boolean isGate(long word) {
        return word >= 1 && word <= keepers.size();
    }

    /** Whether it waits for a command in the end. */
    boolean parks() {
        return parks;
    }

    /** Whether the first word of a report says that all is done but the command. */
    boolean isParked(long word) {
        return parks && word == keepers.size() + 1L;
    }

    Keeper keeper(long number) {
        return keepers.get(Math.toIntExact(number) - 1);
    }
}
