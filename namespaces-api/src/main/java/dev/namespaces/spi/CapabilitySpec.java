package dev.namespaces.spi;

/**
 * What a command may do. A set has a bit for each capability, at its number; the bits that have no {@link dev.namespaces.Capability} yet stand for
 * those of newer kernels.
 *
 * @param bounding what the command and its descendants may have at all: the bounding set that it starts with is this part of the JVM's, or in a new
 *        user namespace of all capabilities
 * @param added what the command gets whoever it runs as, in its permitted, effective, inheritable and ambient sets; if all bits are set but those
 *        that were dropped, every one that the JVM can give
 */
public record CapabilitySpec(long bounding, long added) {

    private static final long ALL = -1;

    /** Unless told otherwise: none is taken away, and none given. */
    public static final CapabilitySpec DEFAULT = new CapabilitySpec(ALL, 0);

    /**
     * The same with some more.
     *
     * @param more a set
     * @return a copy
     */
    public CapabilitySpec with(long more) {
        return new CapabilitySpec(bounding | more, added | more);
    }

    /**
     * The same without any other than these.
     *
     * @param others a set
     * @return a copy
     */
    public CapabilitySpec only(long others) {
        return new CapabilitySpec(bounding & others, added & others);
    }

    /**
     * Whether nothing was said.
     *
     * @return true if it is {@link #DEFAULT}
     */
    public boolean isDefault() {
        return bounding == ALL && added == 0;
    }

    /**
     * Whether capabilities that are not in a set are in it by default, as it was made from all of them.
     *
     * @param set a set
     * @return true if it is all but some
     */
    public static boolean isAllBut(long set) {
        return set < 0;
    }
}
