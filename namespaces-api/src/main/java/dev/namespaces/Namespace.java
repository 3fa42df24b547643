package dev.namespaces;

import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.NamespaceProvider;
import dev.namespaces.spi.NamespaceSpec;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A recipe for isolated processes: which namespaces to create, and what to put into them.
 *
 * <p>
 * Immutable and thread-safe. Make one with {@link #builder()}, keep it, and spawn from it as often as needed: each command gets namespaces of its
 * own. It is compiled at its first use and holds no resource of the kernel's.
 *
 * {@snippet class="snippets.Snippets" region="look"}
 *
 * <h2>Privilege</h2>
 *
 * <p>
 * Creating a {@link NamespaceBuilder#user() user} namespace needs no privilege on most hosts, and gives the right to create all the others along
 * with it. Every other kind without it needs CAP_SYS_ADMIN, and nothing is added behind the caller's back: the exception's remedy says when
 * {@code .user()} would do.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/namespaces.7.html">namespaces(7)</a>
 */
public final class Namespace implements Spawner {

    private final NamespaceSpec spec;
    private volatile NamespaceProvider.@Nullable Compiled compiled;

    Namespace(NamespaceSpec spec) {
        this.spec = spec;
    }

    /**
     * Starts a new recipe, which isolates nothing yet.
     *
     * @return a builder
     */
    public static NamespaceBuilder builder() {
        return new NamespaceBuilder(NamespaceSpec.NOTHING);
    }

    /**
     * Whether this JVM can start processes in namespaces: Linux 5.10 or newer on x86-64 or AArch64, the implementation present, native access
     * allowed. It says nothing about privileges.
     *
     * @return true if it can; false, and never an exception, on any other system
     */
    public static boolean isSupported() {
        return Provider.whyUnsupported().isEmpty();
    }

    /**
     * Starts a builder with what this recipe holds.
     *
     * @return a builder
     */
    public NamespaceBuilder toBuilder() {
        return new NamespaceBuilder(spec);
    }

    /**
     * The kinds that are created for each command.
     *
     * @return a new set
     */
    public Set<NamespaceKind> kinds() {
        Set<NamespaceKind> kinds = EnumSet.noneOf(NamespaceKind.class);
        kinds.addAll(spec.kinds());
        return kinds;
    }

    /**
     * What a spawn does, as text for people: the plan in words, the {@code bwrap} command line that comes nearest, and the system calls in their order.
     *
     * <p>
     * The comments above the command line say what bubblewrap does otherwise. Where this JVM cannot start processes in namespaces, the reason stands in
     * place of the system calls.
     *
     * @return several lines
     */
    public String explain() {
        StringBuilder text = new StringBuilder("The plan:\n");
        Plan.of(spec).forEach(line -> text.append("  - ").append(line).append('\n'));
        text.append("\nThe nearest bwrap command line:\n").append(BwrapLine.of(spec));
        return text.append("\nThe system calls:\n").append(systemCalls()).toString();
    }

    private String systemCalls() {
        try {
            return compiled().explain();
        } catch (NamespaceException | UnsupportedOperationException e) {
            return "not to be had here: " + e.getMessage() + "\n";
        }
    }

    @Override
    public NamespaceProcess spawn(Command command) throws NamespaceException {
        return compiled().spawn(command.spec());
    }

    @Override
    public Result run(Command command) throws NamespaceException, InterruptedException {
        CommandSpec runnable = command.runnable().spec();
        return new Result(command, compiled().run(runnable));
    }

    /**
     * Creates the namespaces without a command, to spawn any number of commands in them, and to run Java code there.
     *
     * {@snippet class="snippets.Snippets" region="pod"}
     *
     * @return the live namespaces; {@linkplain OpenNamespace#close() closing} them ends whatever runs inside
     * @throws NamespaceException if the kernel refuses a step; nothing is left then
     * @throws UnsupportedOperationException if this JVM cannot make namespaces at all, with the reason
     */
    public OpenNamespace open() throws NamespaceException {
        return new OpenedNamespace(compiled().open());
    }

    /**
     * Sets processes up in advance, each in namespaces of its own, to wait for commands: a spawn from there costs hardly more than the execution of the program. The
     * first one is set up before this method returns, the others in the background.
     *
     * {@snippet class="snippets.Snippets" region="pool"}
     *
     * @param size how many processes wait when all is quiet, from 1 to 1000
     * @return the pool; {@linkplain NamespacePool#close() closing} it ends those that wait
     * @throws NamespaceException if the kernel refuses a step; nothing is left then
     * @throws IllegalArgumentException if the size is out of range, or if this recipe asks for what can be there only once: a published port, an interface
     *     of the host's or with an end outside, an overlay's upper directory on the host, or {@link NamespaceBuilder#joinAll}
     * @throws UnsupportedOperationException if this JVM cannot make namespaces at all, with the reason
     */
    public NamespacePool pool(int size) throws NamespaceException {
        PoolChecks.check(size, spec);
        return new WarmNamespacePool(compiled().pool(size));
    }

    private NamespaceProvider.Compiled compiled() throws NamespaceException {
        NamespaceProvider.Compiled ready = compiled;
        if (ready == null) {
            synchronized (this) {
                ready = compiled;
                if (ready == null) {
                    ready = Provider.get().compile(spec);
                    compiled = ready;
                }
            }
        }
        return ready;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Namespace namespace && namespace.spec.equals(spec);
    }

    @Override
    public int hashCode() {
        return spec.hashCode();
    }

    /** The plan in words; of files only how large they are, as they may be secret. */
    @Override
    public String toString() {
        return "Namespace[" + String.join("; ", Plan.of(spec)) + "]";
    }
}
