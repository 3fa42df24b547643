package dev.namespaces.benchmarks;

import java.util.Iterator;
import java.util.List;

/**
 * What {@link SpawnComparison}, {@link RootComparison}, {@link EntryComparison} or {@link NetworkComparison} is asked to do.
 *
 * @param pairs {@code --pairs N}: how many pairs of spawns are compared, 400 unless told; {@code --quick}: 100
 * @param heap {@code --heap}: compare heaps; {@link SpawnComparison} alone
 * @param tolerance {@code --check FACTOR}: exit with 1 if a ratio is more than so many times its goal, twice in a row; infinite unless told
 */
record Options(int pairs, boolean heap, double tolerance) {

    private static final int PAIRS = 400;
    private static final int QUICK_PAIRS = 100;

    static Options of(String... args) {
        Options options = new Options(PAIRS, false, Double.POSITIVE_INFINITY);
        for (Iterator<String> words = List.of(args).iterator(); words.hasNext();) {
            options = options.with(words.next(), words);
        }
        return options;
    }

    private Options with(String option, Iterator<String> words) {
        return switch (option) {
            case "--quick" -> new Options(QUICK_PAIRS, heap, tolerance);
            case "--pairs" -> new Options(Integer.parseInt(words.next()), heap, tolerance);
            case "--heap" -> new Options(pairs, true, tolerance);
            case "--check" -> new Options(pairs, heap, Double.parseDouble(words.next()));
            default -> throw new IllegalArgumentException(
                    option + ": there are --pairs N, --quick, --heap and --check FACTOR");
        };
    }
}
