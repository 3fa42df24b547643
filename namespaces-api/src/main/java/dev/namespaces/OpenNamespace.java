package dev.namespaces;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/**
 * Live namespaces: they exist without a command, from {@link Namespace#open} until {@link #close()}. Any number of commands can be spawned in them, at once and
 * one after the other, and Java code can run inside those that a thread may enter.
 *
 * {@snippet class="snippets.Snippets" region="pod"}
 *
 * <p>
 * A small process of the library's own stands for them; in a new pid namespace it is PID 1, which reaps. It dies with the JVM, however that ends, and with
 * it everything in a new pid namespace. Commands are set up as {@link Namespace} says: they run as whoever was named, in the root that was made, with
 * {@code no_new_privs} if that was asked for. Where no pid namespace was created, a command that is to die with the JVM needs
 * {@link NamespaceBuilder#dieWithJvm()}, as elsewhere.
 *
 * <p>
 * Thread-safe.
 *
 * <h2>Java code inside</h2>
 *
 * <p>
 * {@link #call} and the threads of {@link #threadFactory()} enter the namespaces of the kinds net, uts, ipc and cgroup that are open here, each on a platform
 * thread made for it that ends afterwards; setns(2). It takes CAP_SYS_ADMIN of the JVM itself: root has it; an ordinary user starts its JVM by {@link Rootless}.
 * <strong>User, pid, time and mount namespaces are not entered</strong>: the kernel does not let a thread of a process of many change the first three, and in another
 * file system the JVM would load its own classes and libraries from there. What has to see those runs as a command: {@link #spawn spawn} a {@code java} of its own.
 *
 * <p>
 * A socket, a channel or a server made inside belongs to the network it was made in, and stays there when it is handed out: any thread may use it.
 *
 * <p>
 * <strong>A thread inherits the namespaces of the thread that starts it.</strong> So code inside must not start any, but by {@link #threadFactory()}: no virtual thread
 * and no task for the common pool (which may start a carrier or a worker, to serve others later), no {@link ProcessBuilder} (its child would be inside too, and
 * the thread that waits for it). After each {@code call} this is checked, unless another thread is inside then, and
 * when these namespaces are closed: a thread or process that stayed inside is an {@link IllegalStateException} that names it. Whatever has threads of its own, as an
 * {@code HttpServer} or an {@code HttpClient}, is made, used and closed by a thread that stays inside as long, such as that of a single-thread executor of this factory.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/setns.2.html">setns(2)</a>
 */
public interface OpenNamespace extends Spawner, AutoCloseable {

    /**
     * Runs an operation on a new platform thread that has entered the namespaces of the kinds net, uts, ipc and cgroup that are open here, and waits for it. The
     * thread has neither the thread-locals nor the scoped values of this one, and leaves the namespaces before this method returns.
     *
     * @param operation what to do inside
     * @param <T> what comes of it
     * @param <E> what it throws
     * @return what it returned
     * @throws E if it throws that
     * @throws NamespaceException if the kernel does not let the thread in: in an ordinary user's JVM, unless started by {@link Rootless}
     * @throws InterruptedException if this thread is interrupted; the operation's thread is interrupted then and waited for
     * @throws IllegalStateException if a thread or a process that it has started stayed inside, which is named; if these namespaces are closed; if none of
     *     those kinds is open here
     */
    <T, E extends Throwable> T call(ScopedValue.CallableOp<? extends T, E> operation)
            throws NamespaceException, InterruptedException, E;

    /**
     * Makes platform threads that enter the namespaces as {@link #call} does before they run their task, and leave them before they end. An executor made
     * of it, such as {@code Executors.newThreadPerTaskExecutor}, runs its tasks inside.
     *
     * <p>
     * A thread that is not let in ends with an {@link java.io.UncheckedIOException} of the {@link NamespaceException}, and one of closed namespaces
     * with an {@link IllegalStateException}, without having run its task.
     *
     * @return a factory of daemon threads
     * @throws IllegalStateException if none of those kinds is open here
     */
    ThreadFactory threadFactory();

    /**
     * One of the namespaces, to be inspected, pinned, or joined by {@link NamespaceBuilder#join}. It belongs to these, and is closed with them; to close it
     * earlier does no harm.
     *
     * @param kind its kind
     * @return its handle
     * @throws NamespaceException if the kernel refuses to open it
     * @throws IllegalArgumentException if no namespace of this kind is open here
     * @throws IllegalStateException if these namespaces are closed
     */
    NamespaceHandle handle(NamespaceKind kind) throws NamespaceException;

    /**
     * Reads the interfaces of the network namespace, with their state at this moment, as {@code ip link} would show them inside. Like {@link #addresses},
     * {@link #routes} and {@link #neighbours} it takes no privilege, and no thread enters anything: the namespaces were opened with a socket of rtnetlink(7).
     *
     * @return the interfaces, the loopback interface first, in the order of their numbers
     * @throws NamespaceException if the kernel refuses it
     * @throws IllegalStateException if no network namespace is open here, or these namespaces are closed
     */
    List<Link> links() throws NamespaceException;

    /**
     * Reads the addresses of the network namespace, of both families, as {@code ip address} would show them inside.
     *
     * @return the addresses; {@link Address#link} says by its number whose each is
     * @throws NamespaceException if the kernel refuses it
     * @throws IllegalStateException if no network namespace is open here, or these namespaces are closed
     */
    List<Address> addresses() throws NamespaceException;

    /**
     * Reads the routes of the network namespace, of both families and of all tables, as {@code ip route show table all} would show them inside.
     *
     * @return the routes
     * @throws NamespaceException if the kernel refuses it
     * @throws IllegalStateException if no network namespace is open here, or these namespaces are closed
     */
    List<Route> routes() throws NamespaceException;

    /**
     * Reads the neighbours of the network namespace that are known, as {@code ip neighbour} would show them inside.
     *
     * @return the neighbours
     * @throws NamespaceException if the kernel refuses it
     * @throws IllegalStateException if no network namespace is open here, or these namespaces are closed
     */
    List<Neighbour> neighbours() throws NamespaceException;

    /**
     * Begins to write every packet of the network namespace to a file: of all its interfaces, the loopback interface included, there and back, whole, and with the time at which the
     * kernel saw it. {@link Capture} says how that goes on and how it ends. It takes no privilege beyond that to have opened these namespaces; several captures may run at once. Each has a
     * thread, and so is not to be begun inside, by {@link #call}.
     *
     * @param file a new file, or one that is emptied; the host's. Its format is pcap, which {@code tcpdump -r} and Wireshark read
     * @return the capture: whatever is sent from now on is in it
     * @throws NamespaceException if the file cannot be opened, or the kernel refuses to capture
     * @throws IllegalStateException if no network namespace is open here, or these namespaces are closed
     * @see <a href="https://man7.org/linux/man-pages/man7/packet.7.html">packet(7)</a>
     */
    Capture capture(Path file) throws NamespaceException;

    /**
     * Ends every command spawned here and its descendants, and whatever else this process may end that is in namespaces created here; interrupts the threads
     * of {@link #call} and {@link #threadFactory()} and waits for them; ends captures; and frees the namespaces, unless somebody else holds them (a pin, a socket). A
     * second call does nothing.
     *
     * @throws IllegalStateException if a thread did not leave within ten seconds, which is named
     */
    @Override
    void close();
}
