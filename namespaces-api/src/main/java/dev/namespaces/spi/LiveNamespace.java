package dev.namespaces.spi;

import dev.namespaces.Address;
import dev.namespaces.Capture;
import dev.namespaces.Link;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Neighbour;
import dev.namespaces.Route;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** What is behind a {@link dev.namespaces.OpenNamespace}, which says what each method does. */
public interface LiveNamespace extends AutoCloseable {

    /**
     * Starts a command inside.
     *
     * @param command what to start
     * @return the running process
     * @throws NamespaceException if a step is refused
     */
    NamespaceProcess spawn(CommandSpec command) throws NamespaceException;

    /**
     * Runs a command inside to its end.
     *
     * @param command what to run
     * @return what came of it
     * @throws NamespaceException if a step is refused
     * @throws InterruptedException if the calling thread is interrupted
     */
    Outcome run(CommandSpec command) throws NamespaceException, InterruptedException;

    /**
     * Runs an operation inside.
     *
     * @param operation what to do
     * @param <T> what comes of it
     * @param <E> what it throws
     * @return what it returned
     * @throws E if it throws that
     * @throws NamespaceException if a step is refused
     * @throws InterruptedException if the calling thread is interrupted
     */
    <T, E extends Throwable> T call(ScopedValue.CallableOp<? extends T, E> operation)
            throws NamespaceException, InterruptedException, E;

    /**
     * Makes threads that run inside.
     *
     * @return their factory
     */
    ThreadFactory threadFactory();

    /**
     * One of the namespaces.
     *
     * @param kind its kind
     * @return its handle
     * @throws NamespaceException if a step is refused
     */
    NamespaceHandle handle(NamespaceKind kind) throws NamespaceException;

    /**
     * Reads the interfaces of the network namespace.
     *
     * @return the interfaces
     * @throws NamespaceException if the kernel refuses it
     */
    List<Link> links() throws NamespaceException;

    /**
     * Reads the addresses of the network namespace.
     *
     * @return the addresses
     * @throws NamespaceException if the kernel refuses it
     */
    List<Address> addresses() throws NamespaceException;

    /**
     * Reads the routes of the network namespace.
     *
     * @return the routes
     * @throws NamespaceException if the kernel refuses it
     */
    List<Route> routes() throws NamespaceException;

    /**
     * Reads the neighbours of the network namespace.
     *
     * @return the neighbours
     * @throws NamespaceException if the kernel refuses it
     */
    List<Neighbour> neighbours() throws NamespaceException;

    /**
     * Opens further namespaces, which belong to the user namespace of these, if one is open here: whoever is privileged in there has rights over all of them, and may
     * look at them all. They are closed by themselves.
     *
     * @param spec what to isolate
     * @return the live namespaces
     * @throws NamespaceException if a step is refused; nothing is left then
     */
    LiveNamespace beside(NamespaceSpec spec) throws NamespaceException;

    /**
     * Makes what the network namespace is to contain besides.
     *
     * @param more interfaces, and addresses, routes and neighbours of old ones and of those; its sysctls and its way out do not count
     * @throws NamespaceException if the kernel refuses something; of pairs there is nothing then, but of the rest what came before
     */
    void extend(NetSpec more) throws NamespaceException;

    /**
     * Changes interfaces of the network namespace.
     *
     * @param changes what to do, in this order
     * @throws NamespaceException if the kernel refuses something, after which it goes on with the others
     */
    void change(List<LinkChange> changes) throws NamespaceException;

    /**
     * Captures the packets of the network namespace.
     *
     * @param file where they are written to
     * @return the capture, which has begun
     * @throws NamespaceException if a step is refused
     */
    Capture capture(Path file) throws NamespaceException;

    @Override
    void close();
}
