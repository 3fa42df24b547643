package dev.namespaces;

/**
 * Whatever starts commands in namespaces: a {@link Namespace}, the {@link NamespaceBuilder} of one, an {@link OpenNamespace}, a {@link NamespacePool}.
 *
 * <p>
 * Both methods throw a {@link NamespaceException} for whatever goes wrong before the command runs, a missing program included, and then
 * leave nothing behind. No shell is involved anywhere.
 */
public interface Spawner {

    /**
     * Starts a command and returns as soon as it runs.
     *
     * <p>
     * May be called from a virtual thread; the carrier is held for the length of the spawn itself, which is less than a millisecond or two.
     *
     * @param command what to start
     * @return the running process; {@linkplain NamespaceProcess#close() closing} it kills it
     * @throws NamespaceException if the kernel refuses a step; the command has not run
     * @throws UnsupportedOperationException if this JVM cannot start processes in namespaces at all, with the reason
     */
    NamespaceProcess spawn(Command command) throws NamespaceException;

    /**
     * Runs a command to its end and collects its output.
     *
     * <p>
     * Standard input is empty unless the command says otherwise. Standard output and error are collected up to
     * {@link Command#outputLimit(long)}. When {@link Command#timeout} passes, or the calling thread is interrupted, the command and its
     * descendants are killed. After the command's exit a descendant of it may still hold an output pipe: such output is waited for one second
     * and no longer.
     *
     * @param command what to run
     * @return its exit value, output and usage
     * @throws NamespaceException if the kernel refuses a step; the command has not run
     * @throws InterruptedException if the thread is interrupted while it waits; the command has been killed
     * @throws IllegalArgumentException if standard input is an explicit {@linkplain Stdio#pipe() pipe} or a {@linkplain Stdio#terminal
     *     terminal}, which nobody could serve
     * @throws UnsupportedOperationException if this JVM cannot start processes in namespaces at all, with the reason
     */
    Result run(Command command) throws NamespaceException, InterruptedException;

    /**
     * Starts a program, as {@link #spawn(Command)} does.
     *
     * @param program its name, looked up in {@code PATH}, or a path with a slash in it
     * @param arguments what follows the name
     * @return the running process
     * @throws NamespaceException if the kernel refuses a step
     */
    default NamespaceProcess spawn(String program, String... arguments) throws NamespaceException {
        return spawn(Command.of(program, arguments));
    }

    /**
     * Runs a program to its end, as {@link #run(Command)} does.
     *
     * @param program its name, looked up in {@code PATH}, or a path with a slash in it
     * @param arguments what follows the name
     * @return its exit value, output and usage
     * @throws NamespaceException if the kernel refuses a step
     * @throws InterruptedException if the thread is interrupted while it waits; the command has been killed
     */
    default Result run(String program, String... arguments) throws NamespaceException, InterruptedException {
        return run(Command.of(program, arguments));
    }
}
