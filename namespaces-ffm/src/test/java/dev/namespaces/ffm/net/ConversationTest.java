package dev.namespaces.ffm.net;

import static dev.namespaces.ffm.net.Bytes.attribute;
import static dev.namespaces.ffm.net.Bytes.error;
import static dev.namespaces.ffm.net.Bytes.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.namespaces.Link;
import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** What a kernel may answer that this one cannot be brought to: the other end of the conversation is written by hand. */
class ConversationTest {

    private static final int INTERRUPTED = 0x10;
    private static final int CAPPED_WITH_DETAILS = 0x300;

    /** For each datagram that is sent, what is received until the next. */
    private final Deque<IntFunction<List<Bytes>>> answers = new ArrayDeque<>();
    private final List<byte[]> sent = new ArrayList<>();
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private int closed;
    private final NetlinkSocket socket = new NetlinkSocket(new Transport() {

        @Override
        public void send(ByteBuffer datagram) {
            assertThat(waiting).as("not read").isEmpty();
            byte[] bytes = new byte[datagram.position()];
            datagram.get(0, bytes);
            sent.add(bytes);
            int sequence = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt(8);
            answers.remove().apply(sequence).forEach(answer -> waiting.add(answer.array()));
        }

        @Override
        public int receive(ByteBuffer buffer, boolean wait) {
            if (!wait && waiting.isEmpty()) {
                return -1;
            }
            byte[] next = waiting.remove();
            buffer.clear().put(0, next, 0, Math.min(next.length, buffer.capacity()));
            buffer.limit(Math.min(next.length, buffer.capacity()));
            return next.length;
        }

        @Override
        public int namespace() {
            throw new AssertionError("nobody asks for it");
        }

        @Override
        public void close() {
            closed++;
        }
    });

    private void answer(IntFunction<List<Bytes>> answer) {
        answers.add(answer);
    }

    private static Bytes link(int flags, int sequence, int index) {
        return message(16, flags, sequence, new Bytes().u32(0, index, 0, 0));
    }

    private static Bytes done(int flags, int sequence) {
        return message(3, flags, sequence, new Bytes().u32(0));
    }

    private static Request request(String detail) {
        return new Request(16, 0, 16, Step.ADD_LINK, detail).text(Attribute.IFLA_IFNAME, "x");
    }

    // ---- requests

    @Test
    void requestsGoOutTogetherAndTheLastAloneIsAcknowledged() throws Exception {
        answer(sequence -> List.of(error(0x100, sequence + 2, 0, new Bytes())));

        socket.make(request("a"), request("b"), request("c"));

        assertThat(sent).singleElement().satisfies(datagram -> {
            List<Integer> flags = new ArrayList<>();
            for (Message m = Message.first(ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder())); m != null; m = m
                    .next()) {
                flags.add(m.flags());
            }
            assertThat(flags).containsExactly(1, 1, 5);
        });
    }

    @Test
    void theFirstRefusalIsTheOneThatIsTold() {
        answer(sequence -> List.of(error(0x100, sequence + 1, Errno.EEXIST, new Bytes()),
                error(0x100, sequence + 2, Errno.ENODEV, new Bytes())));

        assertThatExceptionOfType(NamespaceException.class)
                .isThrownBy(() -> socket.make(request("a"), request("b"), request("c")))
                .withMessage(
                        "cannot make the interface b: File exists (EEXIST); choose another name, or delete the one "
                                + "that has it");
    }

    @Test
    void whatDoesNotFitInOneDatagramGoesOutInSeveralUntilOneIsRefused() throws Exception {
        Request large = new Request(16, 0, 16, Step.ADD_LINK, "large").bytes(Attribute.IFLA_ADDRESS, new byte[20_000]);
        Request larger = new Request(16, 0, 16, Step.ADD_LINK, "larger").bytes(Attribute.IFLA_ADDRESS,
                new byte[60_000]);
        answer(sequence -> List.of(error(0x100, sequence, 0, new Bytes())));
        answer(sequence -> List.of(error(0x100, sequence, 0, new Bytes())));
        answer(sequence -> List.of(error(0x100, sequence, Errno.EINVAL, new Bytes())));

        assertThatExceptionOfType(NamespaceException.class)
                .isThrownBy(() -> socket.make(large, larger, large, large)).withMessageContaining("large: Invalid");

        assertThat(sent).extracting(datagram -> datagram.length).containsExactly(20_036, 60_036, 20_036);
        socket.make(List.of());
        assertThat(sent).hasSize(3);
    }

    @Test
    void theKernelsWordsAndTheAttributeAreInTheMessage() {
        Bytes details = attribute(1, new Bytes().text("device is odd").u8(0)).add(attribute(2, new Bytes().u32(32)));
        answer(sequence -> List.of(error(CAPPED_WITH_DETAILS, sequence, Errno.EINVAL, details)));
        answer(sequence -> List.of(error(CAPPED_WITH_DETAILS, sequence, Errno.EINVAL,
                attribute(1, new Bytes().text("device is odd").u8(0)))));
        answer(sequence -> List.of(error(CAPPED_WITH_DETAILS, sequence, Errno.EINVAL,
                attribute(2, new Bytes().u32(36)))));
        answer(sequence -> List.of(error(CAPPED_WITH_DETAILS, sequence, Errno.EINVAL,
                attribute(2, new Bytes().u32(1_000_000)))));

        assertRefused("cannot make the interface a (\"device is odd\" at IFLA_IFNAME): Invalid argument (EINVAL)");
        assertRefused("cannot make the interface a (\"device is odd\"): Invalid argument (EINVAL)");
        assertRefused("cannot make the interface a (at IFLA_IFNAME): Invalid argument (EINVAL)");
        assertRefused("cannot make the interface a: Invalid argument (EINVAL)");
    }

    @Test
    void detailsMayStandBehindTheWholeRequest() {
        Bytes details = attribute(1, new Bytes().text("no").u8(0));
        answer(sequence -> List.of(message(2, 0x200, sequence,
                new Bytes().u32(-Errno.EINVAL).u32(21).u16(16).u16(5).u32(sequence).u32(0).u8(1, 2, 3, 4, 5).padded()
                        .add(details))));

        assertRefused("cannot make the interface a (\"no\"): Invalid argument (EINVAL)");
    }

    private void assertRefused(String message) {
        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> socket.make(request("a")))
                .withMessage(message).satisfies(e -> {
                    assertThat(e.step()).isEqualTo(Step.ADD_LINK);
                    assertThat(e.errno()).isEqualTo(Errno.EINVAL);
                });
    }

    @Test
    void answersToSomethingElseArePassedOver() throws Exception {
        answer(sequence -> List.of(error(0x100, sequence - 1, Errno.EEXIST, new Bytes()),
                error(0x100, sequence + 1, Errno.EEXIST, new Bytes()), link(0, sequence, 1),
                new Bytes(), error(0x100, sequence, 0, new Bytes())));

        socket.make(request("a"));

        assertThat(waiting).isEmpty();
    }

    @Test
    void aMalformedAnswerIsToldAsOne() {
        answer(_ -> List.of(new Bytes().u32(3)));
        answer(sequence -> List.of(error(0x100, sequence, -1, new Bytes())));
        answer(sequence -> List.of(error(0x100, sequence, 4096, new Bytes())));
        answer(sequence -> List.of(message(2, 0, sequence, new Bytes())));

        assertMalformed("(4 bytes are no message)");
        assertMalformed("(an error number of -1)");
        assertMalformed("(an error number of 4096)");
        assertMalformed("(a message of type 2 has only 16 bytes)");
    }

    private void assertMalformed(String detail) {
        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> socket.make(request("a")))
                .satisfies(e -> {
                    assertThat(e.step()).isEqualTo(Step.NETLINK);
                    assertThat(e.errnoName()).isEqualTo("EBADMSG");
                    assertThat(e.detail()).isEqualTo(detail);
                });
    }

    // ---- lists

    @Test
    void aListComesInSeveralDatagrams() throws Exception {
        answer(sequence -> List.of(link(2, sequence, 1).add(link(2, sequence, 2)),
                link(2, sequence, 3).add(link(2, sequence + 7, 99)).add(message(20, 2, sequence, new Bytes())),
                done(2, sequence)));

        assertThat(Links.list(socket)).extracting(Link::index).containsExactly(1, 2, 3);
    }

    @Test
    void aListThatWasInterruptedIsAskedForAgain() throws Exception {
        answer(sequence -> List.of(link(2, sequence, 1).add(link(2 | INTERRUPTED, sequence, 2)), done(2, sequence)));
        answer(sequence -> List.of(link(2, sequence, 1).add(link(2, sequence, 2)), done(2 | INTERRUPTED, sequence)));
        answer(sequence -> List.of(link(2, sequence, 4).add(done(2, sequence))));

        assertThat(Links.list(socket)).extracting(Link::index).containsExactly(4);
        assertThat(sent).hasSize(3);
    }

    @Test
    void aListThatIsInterruptedAlwaysIsGivenUp() {
        for (int i = 0; i < 100; i++) {
            answer(sequence -> List.of(done(2 | INTERRUPTED, sequence)));
        }

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> Links.list(socket))
                .withMessageContaining("cannot read the interfaces, which change all the time: ")
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo("EINTR"));
        assertThat(answers).isEmpty();
    }

    @Test
    void aDatagramThatWasTooLongIsAskedForAgain() throws Exception {
        Bytes padding = attribute(6, new Bytes().text("q".repeat(40_000)).u8(0));
        IntFunction<List<Bytes>> long40 = sequence -> List.of(
                message(16, 2, sequence, new Bytes().u32(0, 5, 0, 0).add(padding)), link(2, sequence, 6),
                done(2, sequence));
        answer(long40);
        answer(long40);

        assertThat(Links.list(socket)).extracting(Link::index).containsExactly(5, 6);
        assertThat(sent).hasSize(2);
    }

    @Test
    void aListMayBeRefusedAtItsBeginningOrAtItsEnd() {
        answer(sequence -> List.of(error(0x100, sequence, Errno.EPERM, new Bytes())));
        answer(sequence -> List.of(link(2, sequence, 1), message(3, 0x202, sequence,
                new Bytes().u32(-Errno.ENOMEM).add(attribute(1, new Bytes().text("too much").u8(0))))));

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> Links.list(socket))
                .withMessageStartingWith("cannot read the interfaces: Operation not permitted (EPERM)");
        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> Links.list(socket))
                .withMessage("cannot read the interfaces (\"too much\"): Cannot allocate memory (ENOMEM)");
    }

    @Test
    void aMalformedListIsReadToItsEndBeforeTheNextOne() throws Exception {
        answer(sequence -> List.of(link(2, sequence, 1), new Bytes().u32(1), link(2, sequence, 2), done(2, sequence)));
        answer(sequence -> List.of(link(2, sequence, 3).add(done(2, sequence))));

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> Links.list(socket))
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo("EBADMSG"));
        assertThat(Links.list(socket)).extracting(Link::index).containsExactly(3);
    }

    // ---- the end

    @Test
    void afterItsEndNothingIsAskedAndASecondCloseDoesNothing() {
        socket.close();
        socket.close();

        assertThat(closed).isEqualTo(1);
        assertThatIllegalStateException().isThrownBy(() -> socket.make(request("a")))
                .withMessage("the netlink socket is closed");
        assertThatIllegalStateException().isThrownBy(() -> Links.list(socket));
        assertThat(sent).isEmpty();
    }
}
