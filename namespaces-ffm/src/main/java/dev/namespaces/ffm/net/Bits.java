package dev.namespaces.ffm.net;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.ToIntFunction;

/** Sets that the kernel keeps as the bits of a number. */
final class Bits {

    private Bits() {}

    /** Those of a type's constants whose bit is set; others are passed over. */
    static <E extends Enum<E>> Set<E> of(Class<E> type, ToIntFunction<E> bit, int bits) {
        Set<E> set = EnumSet.allOf(type);
        set.removeIf(constant -> (bits & bit.applyAsInt(constant)) == 0);
        return set;
    }
}
