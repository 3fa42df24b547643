package dev.namespaces.ffm.net;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with the kernel about one network namespace, that in which the socket was made; see rtnetlink(7). Thread-safe: one request after
 * the other.
 *
 * <p>
 * A call takes as long as the kernel works, which is not done by waiting for somebody: a virtual thread holds its carrier meanwhile.
 */
public final class NetlinkSocket implements AutoCloseable {

    /** The family of such a socket, {@code AF_NETLINK}. */
    public static final int FAMILY = Rtnetlink.AF_NETLINK;
    /** Its protocol, {@code NETLINK_ROUTE}. */
    public static final int PROTOCOL = Rtnetlink.NETLINK_ROUTE;

    /** As many bytes of requests as go out together; the kernel takes more. */
    private static final int LARGEST_DATAGRAM = 32 * 1024;
    /** The kernel writes as much of a list into one datagram as the buffer holds, unless a single message is longer. */
    private static final int BUFFER = 8 * 1024;
    /** Whoever changes a network all the time must not hold up its readers for good. */
    private static final int MOST_ATTEMPTS = 100;
    private static final Reader<Object> NOTHING = (_, _) -> {};

    private final Transport transport;
    private ByteBuffer buffer = buffer(BUFFER);
    private int sequence;
    private boolean closed;

    NetlinkSocket(Transport transport) {
        this.transport = transport;
    }

    /**
     * Opens a socket in the network namespace of the calling thread.
     *
     * @return the socket, close-on-exec
     * @throws NamespaceException if the kernel refuses it
     */
    public static NetlinkSocket open() throws NamespaceException {
        return new NetlinkSocket(KernelTransport.open());
    }

    /**
     * Takes over a socket, {@code socket(AF_NETLINK, SOCK_RAW, …)}, that was made in whatever namespace.
     *
     * @param descriptor the socket, from now on closed by this one, even if this fails
     * @return the socket
     * @throws NamespaceException if it is none
     */
    public static NetlinkSocket of(int descriptor) throws NamespaceException {
        return new NetlinkSocket(KernelTransport.of(descriptor));
    }

    /**
     * Opens a socket in the network namespace of another, with the rights that this process has outside of it too. Takes CAP_SYS_ADMIN over both.
     *
     * @param there a socket in that namespace
     * @return the socket, close-on-exec
     * @throws NamespaceException if the kernel refuses it
     */
    static NetlinkSocket openBeside(NetlinkSocket there) throws NamespaceException {
        int namespace = there.namespace();
        try {
            return new NetlinkSocket(KernelTransport.openIn(namespace));
        } finally {
            Syscalls.close(namespace);
        }
    }

    /** A new descriptor of the network namespace, for the caller to close. */
    int namespace() throws NamespaceException {
        return transport.namespace();
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    /**
     * Makes requests in one go: as many as fit are one datagram, and only the last of them is acknowledged. The kernel goes on behind a request that
     * it refuses; datagrams behind that one are not sent.
     *
     * @param requests what to do, in this order
     * @throws NamespaceException if one is refused: the first
     */
    public void make(List<Request> requests) throws NamespaceException {
        make(requests, NOTHING);
    }

    /**
     * Makes requests in one go, of which some ask for something.
     *
     * @param requests what to do, in this order
     * @param reader what to make of each message that is no acknowledgement
     * @param <T> what is asked for
     * @return what was asked for, in this order
     * @throws NamespaceException if one is refused: the first
     */
    <T> List<T> make(List<Request> requests, Reader<T> reader) throws NamespaceException {
        List<T> found = new ArrayList<>();
        int from = 0;
        while (from < requests.size()) {
            int to = from;
            int length = 0;
            while (to < requests.size() && (to == from || length + requests.get(to).length() <= LARGEST_DATAGRAM)) {
                length += requests.get(to++).length();
            }
            makeTogether(requests.subList(from, to), length, to - from - 1, reader, found::add);
            from = to;
        }
        return found;
    }

    /**
     * Makes requests in one go.
     *
     * @param requests what to do, in this order
     * @throws NamespaceException if one is refused: the first
     */
    public void make(Request... requests) throws NamespaceException {
        make(List.of(requests));
    }

    /**
     * Makes all of some requests or none, as nfnetlink does what lies between two requests that begin and end a batch.
     *
     * @param batch what to do, in this order, between the two
     * @throws NamespaceException if one is refused: the first
     */
    void makeBatch(List<Request> batch) throws NamespaceException {
        makeTogether(batch, batch.stream().mapToInt(Request::length).sum(), batch.size() - 2, NOTHING,
                _ -> {});
    }

    /** If the first is refused that begins a batch, the kernel has not looked at the others. */
    private synchronized <T> void makeTogether(List<Request> requests, int length, int acknowledged, Reader<T> reader,
            Consumer<T> found) throws NamespaceException {
        ByteBuffer datagram = emptyBuffer(length);
        int first = sequence + 1;
        for (Request request : requests) {
            boolean last = request == requests.get(acknowledged);
            request.appendTo(datagram, ++sequence, last ? Rtnetlink.NLM_F_ACK : 0);
        }
        transport.send(datagram);
        NamespaceException refusal = null;
        boolean answered = false;
        while (!answered) {
            receive();
            try {
                for (Message message = Message.first(buffer); message != null; message = message.next()) {
                    int number = message.sequence() - first;
                    if (number < 0 || number >= requests.size()) {
                        continue;
                    }
                    if (message.type() == Rtnetlink.NLMSG_ERROR) {
                        Answer answer = Answer.of(message);
                        if (answer.errno() != 0 && refusal == null) {
                            refusal = answer.exception(requests.get(number));
                        }
                        answered |= number == acknowledged || (number == 0 && acknowledged != requests.size() - 1);
                    } else {
                        reader.read(message, found);
                    }
                }
            } catch (MalformedMessageException e) {
                throw malformed(e);
            }
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    /**
     * Asks for a list. It is asked for again if it has changed meanwhile, or one of its messages is longer than any before.
     *
     * @param request what to list
     * @param reader what to make of each message
     * @param <T> what is listed
     * @return the list
     * @throws NamespaceException if it is refused
     */
    public synchronized <T> List<T> list(Request request, Reader<T> reader) throws NamespaceException {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            List<T> whole = tryToList(request, reader);
            if (whole != null) {
                return whole;
            }
        }
        throw NetRemedies.exception(Step.READ_NETWORK, request.detail() + ", which change all the time", Errno.EINTR);
    }

    private <T> @Nullable List<T> tryToList(Request request, Reader<T> reader) throws NamespaceException {
        ByteBuffer datagram = emptyBuffer(request.length());
        request.appendTo(datagram, ++sequence, Rtnetlink.NLM_F_DUMP);
        transport.send(datagram);
        List<T> found = new ArrayList<>();
        boolean interrupted = false;
        boolean done = false;
        try {
            while (!done) {
                int length = receive();
                if (length > buffer.capacity()) {
                    buffer = buffer(length);
                    return null;
                }
                for (Message message = Message.first(buffer); message != null; message = message.next()) {
                    if (message.sequence() == sequence) {
                        interrupted |= message.has(Rtnetlink.NLM_F_DUMP_INTR);
                        done |= isEnd(message, request);
                        if (message.type() == listed(request)) {
                            reader.read(message, found::add);
                        }
                    }
                }
            }
        } catch (MalformedMessageException e) {
            throw malformed(e);
        } finally {
            if (!done) {
                drain();
            }
        }
        return interrupted ? null : found;
    }

    /** Whether a message is the last, which may be a refusal. */
    private static boolean isEnd(Message message, Request request)
            throws MalformedMessageException, NamespaceException {
        if (message.type() != Rtnetlink.NLMSG_DONE && message.type() != Rtnetlink.NLMSG_ERROR) {
            return false;
        }
        Answer answer = Answer.of(message);
        if (answer.errno() != 0) {
            throw answer.exception(request);
        }
        return true;
    }

    /** {@code RTM_NEW…} comes as the answer to {@code RTM_GET…}. */
    private static int listed(Request request) {
        return request.type() - (Rtnetlink.RTM_GETLINK - Rtnetlink.RTM_NEWLINK);
    }

    /** The kernel refuses a second list while the first is not read to its end, and writes the next part when one is taken. */
    private void drain() throws NamespaceException {
        int length;
        do {
            length = transport.receive(buffer, false);
        } while (length >= 0);
    }

    private int receive() throws NamespaceException {
        return transport.receive(buffer, true);
    }

    private ByteBuffer emptyBuffer(int length) {
        if (closed) {
            throw new IllegalStateException("the netlink socket is closed");
        }
        if (length > buffer.capacity()) {
            buffer = buffer(length);
        }
        return buffer.clear();
    }

    private static NamespaceException malformed(MalformedMessageException cause) {
        NamespaceException exception = NetRemedies.exception(Step.NETLINK, "(" + cause.getMessage() + ")",
                Errno.EBADMSG);
        exception.initCause(cause);
        return exception;
    }

    /** Closes the socket; once more does nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            transport.close();
        }
    }

    /**
     * Makes something of a message.
     *
     * @param <T> of what kind
     */
    interface Reader<T> {
        void read(Message message, Consumer<T> found) throws MalformedMessageException;
    }
}
