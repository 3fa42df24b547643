package dev.namespaces;

/**
 * A range of ids and what it is mapped to; see user_namespaces(7).
 *
 * @param inside the first id inside
 * @param outside the first id outside
 * @param count how many ids, one after the other
 */
public record IdRange(long inside, long outside, long count) {

    /** The largest id; 4294967295 means none. */
    private static final long LARGEST = 0xFFFF_FFFEL;

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if it is empty, or goes beyond 0 to 4294967294
     */
    public IdRange {
        if (count < 1) {
            throw new IllegalArgumentException("a range of ids must have at least one, not " + count);
        }
        check("inside", inside, count);
        check("outside", outside, count);
    }

    private static void check(String side, long first, long count) {
        if (first < 0 || first > LARGEST || count > LARGEST - first + 1) {
            throw new IllegalArgumentException(
                    "ids go from 0 to " + LARGEST + ", not from " + first + " on for " + count + " (" + side + ")");
        }
    }

    /** As uid_map has it: {@code "inside outside count"}. */
    @Override
    public String toString() {
        return inside + " " + outside + " " + count;
    }
}
