package dev.namespaces.ffm.mount;

import dev.namespaces.MountFlag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the mounts of a child must be, as far as they show the host's file systems: each of them one that was expected, with the flags that it should
 * have. New file systems are the child's own.
 */
public final class MountCheck {

    private final Set<String> hostDevices;
    private final Map<String, List<Set<MountFlag>>> expected = new HashMap<>();
    private final Set<String> allowed = new HashSet<>();

    MountCheck(MountTable host) {
        hostDevices = host.entries().stream().map(MountTable.Entry::device).collect(Collectors.toSet());
    }

    void expect(String source, Set<MountFlag> flags) {
        expected.computeIfAbsent(source, _ -> new ArrayList<>()).add(Set.copyOf(flags));
    }

    void allow(String source) {
        allowed.add(source);
    }

    /**
     * Finds a mount that is not as it should be.
     *
     * @param mountinfo of the child
     * @return what is wrong in words, or empty
     */
    public Optional<String> difference(String mountinfo) {
        Map<String, List<Set<MountFlag>>> left = new HashMap<>();
        expected.forEach((source, flags) -> left.put(source, new ArrayList<>(flags)));
        return MountTable.parse(mountinfo).entries().stream()
                .filter(entry -> hostDevices.contains(entry.device()) && !allowed.contains(entry.source()))
                .filter(entry -> !take(left.getOrDefault(entry.source(), List.of()), entry.flags()))
                .map(entry -> entry.point() + " (" + entry.source() + " with " + entry.flags() + ")").findFirst();
    }

    /** Ticks off the strictest expectation that these flags meet. */
    private static boolean take(List<Set<MountFlag>> expectations, Set<MountFlag> flags) {
        Optional<Set<MountFlag>> met = expectations.stream().filter(flags::containsAll)
                .max(Comparator.comparingInt(Set::size));
        met.ifPresent(expectations::remove);
        return met.isPresent();
    }
}
