package dev.namespaces.benchmarks;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Another JVM, which has touched all of a heap of its own and spawns when it is told to: a byte in, the nanoseconds that it took out.
 */
final class SpawningJvm implements Contest.Stopwatch, AutoCloseable {

    private final Process process;
    private final DataInputStream times;

    private SpawningJvm(Process process) {
        this.process = process;
        this.times = new DataInputStream(process.getInputStream());
    }

    static SpawningJvm start(int heapMebibytes) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new SpawningJvm(new ProcessBuilder(java, "-Xms" + heapMebibytes + "m", "-Xmx" + heapMebibytes + "m",
                "-XX:+AlwaysPreTouch", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"),
                SpawningJvm.class.getName()).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    @Override
    public long nanos() throws IOException {
        process.getOutputStream().write(1);
        process.getOutputStream().flush();
        return times.readLong();
    }

    /** How much of its memory the kernel has had to provide; see proc_pid_status(5). */
    String resident() throws IOException {
        try (Stream<String> status = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return status.filter(line -> line.startsWith("VmRSS:")).findFirst().orElse("").replaceAll("\\s+", " ");
        }
    }

    /** Ends it: it finds the end of its input. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
    }

    public static void main(String... args) throws IOException, InterruptedException {
        Contest.Stopwatch plain = Contest.Stopwatch.of(Spawn.namespace(Isolation.PLAIN, Streams.DISCARDED));
        DataOutputStream times = new DataOutputStream(System.out);
        while (System.in.read() >= 0) {
            times.writeLong(plain.nanos());
            times.flush();
        }
    }
}
