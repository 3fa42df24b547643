package dev.namespaces.ffm.net;

import java.util.function.ToIntFunction;

/** Constants that the kernel has numbers for. */
final class Numbers {

    private Numbers() {}

    /** The one of that number, or another where there is none. */
    static <E> E find(E[] all, ToIntFunction<E> number, int wanted, E otherwise) {
        for (E one : all) {
            if (number.applyAsInt(one) == wanted) {
                return one;
            }
        }
        return otherwise;
    }
}
