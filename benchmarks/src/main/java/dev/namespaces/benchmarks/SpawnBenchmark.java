package dev.namespaces.benchmarks;

import dev.namespaces.Command;
import java.io.IOException;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time from a spawn of {@code /bin/true} until it has ended and its streams are closed.
 *
 * <p>
 * One configuration runs after the other, so on a machine that does other things too their ratios drift; {@link Bench} is for ratios.
 * Another heap: {@code -jvmArgsAppend "-Xms4g -Xmx4g -XX:+AlwaysPreTouch"}. What a spawn allocates: {@code -prof gc}.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SpawnBenchmark {

    /** The JDK's own way. */
    @State(Scope.Benchmark)
    public static class Jdk {

        @Param
        public Streams streams = Streams.DISCARDED;
        private Spawn spawn = () -> 0;

        @Setup
        public void prepare() {
            spawn = Spawn.processBuilder(streams.connect(new ProcessBuilder(Spawn.PROGRAM)));
        }
    }

    /** Ours. */
    @State(Scope.Benchmark)
    public static class Isolated {

        @Param
        public Isolation isolation = Isolation.PLAIN;
        @Param
        public Streams streams = Streams.DISCARDED;
        private Spawn spawn = () -> 0;

        @Setup
        public void prepare() throws IOException, InterruptedException {
            spawn = Spawn.namespace(isolation.namespace(), streams.connect(Command.of(Spawn.PROGRAM)));
            System.out.println(isolation.namespace());
        }
    }

    @Benchmark
    public void processBuilder(Jdk jdk) throws IOException, InterruptedException {
        jdk.spawn.run();
    }

    @Benchmark
    public void namespace(Isolated isolated) throws IOException, InterruptedException {
        isolated.spawn.run();
    }
}
