package dev.namespaces.spi;

import java.util.List;

/**
 * Who a command runs as.
 *
 * @param user its user id inside
 * @param group its group id inside
 * @param supplementary the ids of its supplementary groups
 */
public record RunAsSpec(int user, int group, List<Integer> supplementary) {

    /** Keeps the list from changing. */
    public RunAsSpec {
        supplementary = List.copyOf(supplementary);
    }
}
