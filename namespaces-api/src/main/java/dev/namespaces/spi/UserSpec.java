package dev.namespaces.spi;

/**
 * How a new user namespace maps ids.
 *
 * @param mapping who the caller is inside
 */
public record UserSpec(Mapping mapping) {

    /** Unless told otherwise. */
    public static final UserSpec DEFAULT = new UserSpec(Mapping.ROOT);

    /** Who the caller is inside. */
    public enum Mapping {
        /** User and group 0. */
        ROOT,
        /** The same ids as outside. */
        CURRENT
    }
}
