package dev.namespaces.examples;

import dev.namespaces.Capability;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The names of capabilities(7), by number. */
final class CapabilityNames {

    private static final Capability[] KNOWN = Capability.values();

    private CapabilityNames() {}

    /** A set, as short as it can be said: what is missing where that is less. */
    static String of(long set) {
        long all = (1L << KNOWN.length) - 1;
        long missing = all & ~set;
        if (set == 0) {
            return "none";
        }
        if (missing == 0) {
            return "all";
        }
        return Long.bitCount(missing) < Long.bitCount(set) ? "all but " + words(missing) : words(set);
    }

    private static String name(Capability capability) {
        return capability.name().toLowerCase(Locale.ROOT);
    }

    private static String words(long set) {
        return IntStream.range(0, Long.SIZE).filter(bit -> (set >> bit & 1) != 0)
                .mapToObj(bit -> bit < KNOWN.length ? name(KNOWN[bit]) : Integer.toString(bit))
                .collect(Collectors.joining(", "));
    }
}
