package dev.namespaces.spi;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.NamespaceSnapshot;

/** The implementation behind {@link dev.namespaces.Namespace}, found with {@link java.util.ServiceLoader}. */
public interface NamespaceProvider {

    /**
     * Why this JVM cannot start processes in namespaces.
     *
     * @return a sentence that names what is missing, or the empty string where nothing is
     */
    String whyUnsupported();

    /**
     * Why this host cannot do what a specification asks for, as far as its kernel and the JVM's privileges tell.
     *
     * @param spec what to isolate
     * @return a sentence that names what is missing, or the empty string where nothing is
     */
    String whyUnsupported(NamespaceSpec spec);

    /**
     * Compiles a specification, so that it can be spawned from often.
     *
     * @param spec what to isolate
     * @return the compiled form, thread-safe
     * @throws NamespaceException if the kernel refuses what the compilation needs
     * @throws UnsupportedOperationException if this JVM or host cannot do it, with the reason
     */
    Compiled compile(NamespaceSpec spec) throws NamespaceException;

    /**
     * What opens namespaces that exist.
     *
     * @return the opener, thread-safe
     */
    NamespaceOpener opener();

    /**
     * Looks at all namespaces.
     *
     * @return what was seen
     * @throws NamespaceException if {@code /proc} cannot be read
     */
    NamespaceSnapshot snapshot() throws NamespaceException;

    /** A compiled specification. */
    interface Compiled {

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
         * Creates the namespaces without a command.
         *
         * @return the live namespaces
         * @throws NamespaceException if a step is refused
         */
        LiveNamespace open() throws NamespaceException;

        /**
         * Sets processes up in advance that wait for commands.
         *
         * @param size how many
         * @return their pool
         * @throws NamespaceException if a step is refused
         */
        WarmPool pool(int size) throws NamespaceException;

        /**
         * The system calls of a spawn, as text.
         *
         * @return several lines
         * @throws NamespaceException if it takes the kernel to know them, and that refuses
         */
        String explain() throws NamespaceException;
    }
}
