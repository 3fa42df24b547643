package dev.namespaces.benchmarks;

import java.util.List;
import java.util.stream.Collectors;

/** All there are, in the order in which they run. */
final class Scenarios {

    private static final List<Scenario> ALL = List.of(new PlainSpawn(), new HeapSweep(), new EachKind(),
            new FullSandbox(false), new FullSandbox(true), //
            new PooledSandbox(false), new PooledSandbox(true), new ThreadEntry(),
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
