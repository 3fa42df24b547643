package dev.namespaces.benchmarks;

import dev.namespaces.benchmarks.report.Figure;
import dev.namespaces.benchmarks.report.Goal;
import dev.namespaces.benchmarks.report.Row;
import dev.namespaces.benchmarks.report.Sample;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Two ways to do something that are run in turn, in blocks, as A B B A, so that whatever else the machine does hits both alike. What counts is the ratio of
 * B's median to A's, of each such four.
 *
 * @param what what is done
 * @param endpoint when the clock is stopped
 * @param beside what A is
 * @param a the way to compare with
 * @param b the way that is judged
 * @param rhythm how quickly one follows another
 * @param loops how often it is done each time the clock is started
 * @param goal what the ratio is to be; null where it is only reported
 * @param note what else there is to say
 */
record Contest(String what, String endpoint, String beside, Side a, Side b, Rhythm rhythm, int loops,
        @Nullable Goal goal, String note) {

    private static final int FEWEST_ROUNDS = 4;
    private static final int WARM_UP_SHARE = 4;
    private static final int BLOCKS = 4;
    private static final int MOST_IN_A_BLOCK = 50;
    private static final Duration BLOCK = Duration.ofMillis(15);

    static Contest of(String what, Endpoint endpoint, String beside, Side a, Side b) {
        return new Contest(what, endpoint.toString(), beside, a, b, Rhythm.BACK_TO_BACK, 1, null, "");
    }

    Contest at(Rhythm other) {
        return new Contest(what + ", " + other, endpoint, beside, a, b, other, loops, goal, note);
    }

    Contest to(@Nullable Goal other) {
        return new Contest(what, endpoint, beside, a, b, rhythm, loops, other, note);
    }

    Contest noting(String other) {
        return new Contest(what, endpoint, beside, a, b, rhythm, loops, goal, other);
    }

    Row run(Duration budget) throws IOException, InterruptedException {
        long start = System.nanoTime();
        int block = warmUp(start + budget.toNanos() / WARM_UP_SHARE);
        List<Round> rounds = new ArrayList<>();
        while (rounds.size() < FEWEST_ROUNDS || System.nanoTime() - start < budget.toNanos()) {
            rounds.add(round(block));
        }
        Figure ratio = Bootstrap.median(rounds.stream().mapToDouble(Round::ratio).toArray(), Figure.TIMES);
        return new Row(what, endpoint, beside, sample(rounds.stream().map(round -> round.a)),
                sample(rounds.stream().map(round -> round.b)), ratio, goal, note);
    }

    /** Returns how many make a block, of which both have the same number. */
    private int warmUp(long end) throws IOException, InterruptedException {
        int block = 1;
        long now = System.nanoTime();
        do {
            round(block);
            long each = (System.nanoTime() - now) / ((long) BLOCKS * block);
            block = Math.clamp(BLOCK.toNanos() / each, 1, MOST_IN_A_BLOCK);
            now = System.nanoTime();
        } while (now < end);
        return block;
    }

    private Round round(int block) throws IOException, InterruptedException {
        long[] a1 = nanos(a, block);
        long[] b1 = nanos(b, block);
        long[] b2 = nanos(b, block);
        long[] a2 = nanos(a, block);
        return new Round(concat(a1, a2), concat(b1, b2));
    }

    private long[] nanos(Side side, int block) throws IOException, InterruptedException {
        Teardown.drain();
        return side.nanos(block, rhythm.pause());
    }

    private static long[] concat(long[] one, long[] other) {
        return LongStream.concat(Arrays.stream(one), Arrays.stream(other)).toArray();
    }

    private Sample sample(Stream<long[]> nanos) {
        return Sample.of(nanos.flatMapToLong(Arrays::stream).toArray(), loops);
    }

    private static double median(long[] nanos) {
        return Sample.quantile(Arrays.stream(nanos).asDoubleStream().sorted().toArray(), 0.5);
    }

    /** What both have taken, in blocks as A B B A. */
    private static final class Round {

        private final long[] a;
        private final long[] b;

        Round(long[] a, long[] b) {
            this.a = a;
            this.b = b;
        }

        double ratio() {
            return median(b) / median(a);
        }
    }
}
