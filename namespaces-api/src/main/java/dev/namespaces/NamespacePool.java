package dev.namespaces;

import java.time.Duration;

/**
 * Processes that are set up in namespaces of their own and wait for a command, from {@link Namespace#pool} until {@link #close()}. A spawn hands one of them the
 * arguments, the environment, the working directory and the standard streams, and costs hardly more than the execution of the program.
 *
 * {@snippet class="snippets.Snippets" region="pool"}
 *
 * <p>
 * Each serves one command and never another: no two commands share namespaces, a file system in memory or a descriptor. What was taken is made anew in
 * the background. Nobody waits for that: where none is ready, the command is started as {@link Namespace#spawn} does it. That is also done for a command which one that
 * waits cannot serve: with a {@linkplain Stdio#terminal terminal}, with a stream that is a terminal of this JVM's, with {@link Command#beforeExec}, or with more
 * than about 120 KiB of arguments and environment.
 *
 * <p>
 * Those that wait hold no descriptor and no memory of this JVM's, and end with it, however it ends. A command behaves as one of
 * {@link Namespace#spawn}, but for what comes of its process being older than itself:
 *
 * <ul>
 * <li>It sees the host's files as they were mounted when its process was set up. What is bound is the file or directory that had the path then, and namespaces that it
 * joins have been joined then.
 * <li>{@link ProcessHandle.Info#startInstant()} is the time at which its process was made.
 * <li>What a process inherits of the thread that starts it, such as the processors that it may run on, it has from a thread of the pool's.
 * <li>Mount points that have been made in directories of the host stay there when the command cannot be executed.
 * <li>Its mounts are taken off a moment after its end has been seen.
 * </ul>
 *
 * <p>
 * Thread-safe.
 */
public interface NamespacePool extends Spawner, AutoCloseable {

    /**
     * How the pool has served so far.
     *
     * @return a snapshot
     */
    Statistics statistics();

    /**
     * Ends the processes that wait, and those in the making; afterwards nothing is left of the pool. Commands go on: whoever has spawned one closes it. A second call
     * does nothing.
     */
    @Override
    void close();

    /**
     * How a pool has served.
     *
     * @param waiting how many processes wait for a command at this moment
     * @param hits how many commands were handed to one that waited
     * @param misses how many commands had to be started otherwise, or were refused then
     * @param refills how many processes have been set up to wait, the first ones included
     * @param failures how many times that was refused
     * @param meanRefill how long it took on average, zero before the first
     */
    record Statistics(int waiting, long hits, long misses, long refills, long failures, Duration meanRefill) {}
}
