package dev.namespaces;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The kernel refused a step, and nothing was left behind.
 *
 * <p>
 * Says which {@linkplain #step() step} it was, {@linkplain #detail() of what}, with which {@linkplain #errno() errno}, and, where it could be
 * worked out on this very host, {@linkplain #remedy() what to change}.
 */
public class NamespaceException extends IOException {

    private static final long serialVersionUID = 1L;

    /** The step that was refused. */
    private final Step step;
    /** What it was about. */
    private final String detail;
    /** The positive error number. */
    private final int errno;
    /** Its name. */
    private final String errnoName;
    /** What to change. */
    private final @Nullable String remedy;

    /**
     * Describes a refusal.
     *
     * @param step the step that was refused
     * @param detail what it was about, such as the path, or empty
     * @param errno the positive error number
     * @param errnoName its name, such as {@code "EPERM"}
     * @param errnoText its meaning in words, such as {@code "Operation not permitted"}
     * @param remedy what to change on this host, or null where that is not known
     */
    public NamespaceException(Step step, String detail, int errno, String errnoName, String errnoText,
            @Nullable String remedy) {
        super("cannot " + step.words() + (detail.isEmpty() ? "" : " " + detail) + ": " + errnoText + " (" + errnoName
                + ")"
                + (remedy == null ? "" : "; " + remedy));
        this.step = step;
        this.detail = detail;
        this.errno = errno;
        this.errnoName = errnoName;
        this.remedy = remedy;
    }

    /**
     * The step that was refused.
     *
     * @return the step
     */
    public Step step() {
        return step;
    }

    /**
     * What the step was about: a path, a program, an option.
     *
     * @return the detail, empty where the step says it all
     */
    public String detail() {
        return detail;
    }

    /**
     * The error number, as in errno(3).
     *
     * @return a positive number
     */
    public int errno() {
        return errno;
    }

    /**
     * The error number's name.
     *
     * @return such as {@code "ENOENT"}
     */
    public String errnoName() {
        return errnoName;
    }

    /**
     * What to change on this host so that the step succeeds, worked out from the host's state; never guessed.
     *
     * @return the remedy, or empty where it is not known
     */
    public Optional<String> remedy() {
        return Optional.ofNullable(remedy);
    }
}
