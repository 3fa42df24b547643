package dev.namespaces.benchmarks;

import dev.namespaces.benchmarks.Contest.Side;
import dev.namespaces.benchmarks.Contest.Stopwatch;
import java.io.IOException;
import java.util.List;

/**
 * Compares spawns pair by pair and prints a Markdown table: {@link ProcessBuilder} with plain and isolated spawns, or a small heap with a large
 * one.
 *
 * <p>
 * {@code java --enable-native-access=ALL-UNNAMED -cp benchmarks.jar dev.namespaces.benchmarks.SpawnComparison} and {@link Options}.
 */
public final class SpawnComparison {

    private static final int SMALL_HEAP = 64;
    private static final int LARGE_HEAP = 4096;

    private final Options options;

    private SpawnComparison(Options options) {
        this.options = options;
    }

    public static void main(String... args) throws IOException, InterruptedException {
        Options options = Options.of(args);
        SpawnComparison comparison = new SpawnComparison(options);
        System.exit((options.heap() ? comparison.heaps() : comparison.withProcessBuilder()) ? 0 : 1);
    }

    private boolean withProcessBuilder() throws IOException, InterruptedException {
        return new Table(options).compare(List.of(
                contest("plain", Isolation.PLAIN, 0.5),
                contest("all kinds, as PID 1", Isolation.ALL_AS_PID_1, 1.0),
                contest("all kinds, under the init", Isolation.ALL_UNDER_INIT, 1.25)));
    }

    private static Contest contest(String name, Isolation isolation, double goal)
            throws IOException, InterruptedException {
        return new Contest(
                new Side("ProcessBuilder", Stopwatch.of(Spawn.processBuilder(Streams.DISCARDED))),
                new Side(name, Stopwatch.of(Spawn.namespace(isolation, Streams.DISCARDED))), goal);
    }

    private boolean heaps() throws IOException, InterruptedException {
        try (SpawningJvm small = SpawningJvm.start(SMALL_HEAP); SpawningJvm large = SpawningJvm.start(LARGE_HEAP)) {
            small.nanos(); // it has touched its heap by the time it answers
            large.nanos();
            return new Table(options).compare(List.of(new Contest(
                    new Side("plain, heap of 64 MiB (" + small.resident() + ")", small),
                    new Side("plain, heap of 4 GiB (" + large.resident() + ")", large), 1.1)));
        }
    }
}
