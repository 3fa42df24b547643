package dev.namespaces;

/**
 * Packets of a network namespace being written to a file, from {@link OpenNamespace#capture} until {@link #close()}.
 *
 * {@snippet class="snippets.Snippets" region="capture"}
 *
 * <p>
 * The file is a pcap file of link type {@code LINUX_SLL2}, with nanoseconds, as {@code tcpdump -i any} writes it: it says of each packet which interface it was seen on, by its number
 * ({@link Link#index}), and which way it went. A packet that passes several interfaces is seen on each of them; what goes through the loopback interface is written once.
 *
 * <p>
 * It can be read at any time: packets are in it some hundredths of a second after they were sent, always whole ones, and also if the JVM is killed. Between the network
 * and the file there is memory of the kernel's, 32 MiB for each capture. Where more comes at once than this process can write meanwhile, packets are lost, and {@linkplain #dropped counted}.
 *
 * <p>
 * Thread-safe.
 */
public interface Capture extends AutoCloseable {

    /**
     * How many packets are in the file.
     *
     * @return their number until now
     */
    long packets();

    /**
     * How many packets are missing from the file, as there was no room for them when they came.
     *
     * @return their number until now
     */
    long dropped();

    /**
     * Ends the capture: what was sent until now is in the file when this returns. Closing the live namespaces does so too, after everything in there has ended. A second call does
     * nothing.
     *
     * @throws NamespaceException if the file could not be written to its end, as on a full disk; the capture ended then
     */
    @Override
    void close() throws NamespaceException;
}
