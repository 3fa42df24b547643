package dev.namespaces.benchmarks;

import dev.namespaces.benchmarks.Contest.Side;
import dev.namespaces.benchmarks.Contest.Stopwatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares a thread's {@linkplain Entry way into namespaces} of each kind, or of all that a thread may enter at once, and home again, with a program in C
 * that makes the same system calls in a loop ({@code setns.c}), into the same namespaces; prints a Markdown table. Its times are those of a thousand ways
 * there and back, so a millisecond stands for a microsecond each.
 *
 * <p>
 * {@code java --enable-native-access=ALL-UNNAMED -cp benchmarks.jar dev.namespaces.benchmarks.EntryComparison} and {@link Options}. Takes {@code cc},
 * and root; if only of a user namespace, then of one that owns the namespaces to go home to, as {@code unshare -UrnuiC} makes them.
 */
public final class EntryComparison {

    private static final int TIMES = 1000;
    private static final double GOAL = 1.15;

    private EntryComparison() {}

    public static void main(String... args) throws IOException, InterruptedException {
        Options options = Options.of(args);
        RootComparison.require("cc", "gcc libc6-dev");
        boolean tolerable;
        try (TemporaryDirectory directory = TemporaryDirectory.make()) {
            tolerable = compare(options, CFloor.compile("setns.c", directory.path().resolve("setns")));
        }
        System.exit(tolerable ? 0 : 1);
    }

    private static boolean compare(Options options, Path program) throws IOException, InterruptedException {
        List<Contest> contests = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        List<CFloor> running = new ArrayList<>();
        try {
            for (Enterable which : Enterable.values()) {
                Entry entry = Entry.open(which);
                entries.add(entry);
                CFloor inC = CFloor.start(program, List.of(Long.toString(entry.pid()), Long.toString(entry.flags()),
                        Integer.toString(TIMES)));
                running.add(inC);
                contests.add(new Contest(new Side("C", inC),
                        new Side(which.toString().toLowerCase(Locale.ROOT), Stopwatch.of(() -> repeat(entry))), GOAL));
            }
            return new Table(options).compare(contests);
        } finally {
            for (CFloor inC : running) {
                inC.close();
            }
            entries.forEach(Entry::close);
        }
    }

    private static void repeat(Entry entry) {
        for (int i = 0; i < TIMES; i++) {
            entry.goAndReturn();
        }
    }
}
