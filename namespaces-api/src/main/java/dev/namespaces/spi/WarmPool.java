package dev.namespaces.spi;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespacePool;
import dev.namespaces.NamespaceProcess;

/** What is behind a {@link NamespacePool}, which says what each method does. */
public interface WarmPool extends AutoCloseable {

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
     * How the pool has served so far.
     *
     * @return a snapshot
     */
    NamespacePool.Statistics statistics();

    @Override
    void close();
}
