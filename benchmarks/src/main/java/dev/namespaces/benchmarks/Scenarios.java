package dev.namespaces.benchmarks;

import java.util.List;
import java.util.stream.Collectors;

/** All there are, in the order in which they run. */
final class Scenarios {

    private static final List<Scenario> ALL = List.of(new PlainSpawn(), new HeapSweep(), new EachKind(),
            new FullSandbox(false), new FullSandbox(true), //
            new NotYet("S6", "the sandbox with a pooled network namespace", "a pool of namespaces"),
            new NotYet("S7", "a parked child, fully isolated", "a pool of namespaces"), new ThreadEntry(),
            new Throughput(), new OpenLoop(),
            new ManyChildren(), new ManyDescriptors(), new ManyMounts(), new Soak(), new FirstSpawn(),
            new NetworkMaking());

    private Scenarios() {}

    /** Those with such ids, or all where none is named. */
    static List<Scenario> named(List<String> ids) {
        for (String id : ids) {
            if (ALL.stream().noneMatch(scenario -> scenario.id().equalsIgnoreCase(id))) {
                throw new IllegalArgumentException("there is no scenario " + id + "; there are "
                        + ALL.stream().map(Scenario::id).collect(Collectors.joining(", ")));
            }
        }
        return ALL.stream().filter(scenario -> ids.isEmpty() || ids.stream().anyMatch(scenario.id()::equalsIgnoreCase))
                .toList();
    }
}
