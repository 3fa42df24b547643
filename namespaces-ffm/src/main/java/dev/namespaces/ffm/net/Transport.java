package dev.namespaces.ffm.net;

import dev.namespaces.NamespaceException;
import java.nio.ByteBuffer;

/** What carries datagrams to the kernel and back. */
interface Transport extends AutoCloseable {

    /** Sends the bytes from 0 to the position. */
    void send(ByteBuffer datagram) throws NamespaceException;

    /**
     * Receives the next datagram into a buffer, from 0 to its limit, which is set to where it ends.
     *
     * @param wait whether to wait for one if there is none
     * @return the length that the datagram really had, or -1 if there is none
     */
    int receive(ByteBuffer buffer, boolean wait) throws NamespaceException;

    /**
     * The network namespace that the kernel is asked about.
     *
     * @return a new descriptor of it, for the caller to close
     */
    int namespace() throws NamespaceException;

    @Override
    void close();
}
