package dev.namespaces.spi;

/**
 * What a new network namespace contains.
 *
 * @param loopback whether the loopback interface is brought up
 */
public record NetSpec(boolean loopback) {

    /** Unless told otherwise. */
    public static final NetSpec DEFAULT = new NetSpec(true);
}
