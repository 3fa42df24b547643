package dev.namespaces;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A process in namespaces of its own: a {@link Process} for whatever takes one, and more.
 *
 * <p>
 * <strong>{@link #close()} kills the process and its descendants</strong>, unlike {@code Process.close()} of JDK 26, which waits. Death by
 * signal n is exit value 128+n, as in the JDK; {@link #terminationSignal()} tells the two apart.
 *
 * <p>
 * Thread-safe. Waiting and reading never hold the carrier of a virtual thread. The process is known by a descriptor of its own (a pidfd), so
 * no signal ever reaches a stranger that was given its number.
 *
 * <h2>Pid namespaces</h2>
 *
 * <p>
 * With a pid namespace, {@link #pid()} is the number that the JVM's side sees of the namespace's first process: the init, unless
 * {@link PidConfig#asPid1()} was asked for. The init hands signals on to the command, whose own number is {@link #commandPid()} outside and
 * {@link #innerPid()} inside.
 */
public abstract class NamespaceProcess extends Process implements AutoCloseable {

    /** For the implementation. */
    protected NamespaceProcess() {}

    /**
     * Kills the process and everything that it started, waits for its end, and closes the streams. Does nothing the second time.
     *
     * <p>
     * With a pid namespace this is complete: when its first process is killed, the kernel kills the rest. Without one, it is the best that
     * can be done: the descendants are stopped, then killed, and so is the process group if the command {@linkplain
     * NamespaceBuilder#newSession() leads one}; a descendant whose parent had ended before is not found.
     *
     * <p>
     * Not interruptible; the thread's interrupt status is kept. Text that a {@link #outputWriter()} has not flushed is lost.
     */
    @Override
    public abstract void close();

    /**
     * Sends SIGTERM, as {@link Process#destroy()} does. Under a pid namespace's init it goes to the command.
     */
    @Override
    public abstract void destroy();

    /**
     * Sends SIGKILL. With a pid namespace this ends everything in it; without, the one process.
     *
     * @return this
     */
    @Override
    public abstract NamespaceProcess destroyForcibly();

    /**
     * Sends a signal, if the process has not ended yet. Under a pid namespace's init it goes to the command, SIGKILL and SIGSTOP excepted.
     *
     * @param number the signal's number on this architecture, such as 15
     * @throws NamespaceException if the kernel refuses
     * @throws IllegalArgumentException if there is no such signal
     * @see <a href="https://man7.org/linux/man-pages/man7/signal.7.html">signal(7)</a>
     */
    public abstract void signal(int number) throws NamespaceException;

    /**
     * The pid of the command as the JVM's side sees it: {@link #pid()}, unless an init runs it. What is signalled by this number rather than
     * by {@link #signal(int)} may be a stranger by then.
     *
     * @return the pid; once it has been asked for, it is known after the end as well
     * @throws NamespaceException if the command has ended, or {@code /proc} does not show it
     */
    public abstract long commandPid() throws NamespaceException;

    /**
     * The pid of the command as it sees itself, in the innermost pid namespace: 1 as PID 1, and the same as {@link #commandPid()} without a pid
     * namespace of its own.
     *
     * @return the pid
     */
    public abstract long innerPid();

    /**
     * The namespaces that the command is in, those that it shares with the JVM included.
     *
     * @return their ids by kind, without kinds that this kernel does not have
     * @throws NamespaceException if the command has ended, or may not be looked at: after an exec of a program that it may not read, or a change
     *     of its ids, by another user than root (see ptrace(2), PTRACE_MODE_READ_FSCREDS)
     * @see <a href="https://man7.org/linux/man-pages/man7/namespaces.7.html">namespaces(7)</a>
     */
    public abstract Map<NamespaceKind, NamespaceId> namespaces() throws NamespaceException;

    /**
     * Changes the size of the process's {@linkplain Stdio#terminal terminal}; its foreground processes get SIGWINCH. Does nothing once the process has
     * ended.
     *
     * @param rows its height in characters
     * @param columns its width in characters
     * @throws NamespaceException if the kernel refuses
     * @throws IllegalArgumentException if either is not between 1 and 65535
     * @throws IllegalStateException if standard input is no terminal of its own
     * @see <a href="https://man7.org/linux/man-pages/man2/TIOCSWINSZ.2const.html">TIOCSWINSZ(2const)</a>
     */
    public final void resize(int rows, int columns) throws NamespaceException {
        resizeTerminal(Stdio.size("rows", rows), Stdio.size("columns", columns));
    }

    /**
     * For the implementation: {@link #resize} with checked arguments.
     *
     * @param rows the height
     * @param columns the width
     * @throws NamespaceException if the kernel refuses
     */
    protected abstract void resizeTerminal(int rows, int columns) throws NamespaceException;

    /**
     * The signal that ended the process. An exit value of 137 alone does not tell: a command may also return it.
     *
     * @return the signal's number, or empty if the process exited by itself
     * @throws IllegalThreadStateException if it has not ended yet
     */
    public abstract OptionalInt terminationSignal();

    /**
     * What the process used.
     *
     * @return processor time and memory, as far as they are known
     * @throws IllegalThreadStateException if it has not ended yet
     */
    public abstract Usage usage();

    /** {@inheritDoc} Interruptible, and never polls. */
    @Override
    public abstract boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException;

    /** {@inheritDoc} Interruptible, and never polls. */
    @Override
    public abstract boolean waitFor(Duration duration) throws InterruptedException;
}
