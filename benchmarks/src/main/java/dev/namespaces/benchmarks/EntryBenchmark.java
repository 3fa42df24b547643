package dev.namespaces.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to get Java code into namespaces and back, in each {@linkplain Visit.Way way}. Takes root, if only of a user namespace, as
 * {@code unshare -UrnuiC} makes it, with namespaces to go home to. {@link ThreadEntry} is for ratios.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class EntryBenchmark {

    @Param
    public Enterable kinds = Enterable.NET;
    @Param
    public Visit.Way way = Visit.Way.CALL;
    private Visit visit = () -> {};

    @Setup
    public void open() throws Exception {
        visit = Visit.of(way, kinds);
    }

    @Benchmark
    public void visit() throws Exception {
        visit.make();
    }

    @TearDown
    public void close() {
        visit.close();
    }
}
