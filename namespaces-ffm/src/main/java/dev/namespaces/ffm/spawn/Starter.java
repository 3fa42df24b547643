package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.Outcome;

/** Starts commands as one specification says. Thread-safe. */
public interface Starter {

    /**
     * Starts a command.
     *
     * @param command what to start
     * @return the running process
     * @throws NamespaceException if a step is refused
     */
    NamespaceProcess spawn(CommandSpec command) throws NamespaceException;

    /**
     * Runs a command to its end.
     *
     * @param command what to run
     * @return what came of it
     * @throws NamespaceException if a step is refused
     * @throws InterruptedException if the calling thread is interrupted
     */
    Outcome run(CommandSpec command) throws NamespaceException, InterruptedException;

    /**
     * Makes the namespaces without a command.
     *
     * @return their holder
     * @throws NamespaceException if a step is refused
     */
    Holder hold() throws NamespaceException;

    /**
     * The system calls of a spawn, as text.
     *
     * @return several lines
     * @throws NamespaceException if it takes the kernel to know them, and that refuses
     */
    String explain() throws NamespaceException;
}
