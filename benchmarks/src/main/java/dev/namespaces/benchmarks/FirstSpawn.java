package dev.namespaces.benchmarks;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.benchmarks.report.Goal;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** S16: the first spawn in a fresh JVM, with an AOT cache (JEP 483) that a JVM which did the same has left. */
final class FirstSpawn implements Scenario {

    private static final Goal BESIDE_JDK = Goal.atMost(2.5);
    /** How many times as long as others these contests are, as each JVM spawns but once. */
    private static final int LENGTH = 4;
    private static final String OURS = "ours";
    private static final String JDK = "jdk";

    @Override
    public String id() {
        return "S16";
    }

    @Override
    public String title() {
        return "first spawn in a fresh JVM";
    }

    @Override
    public Duration planned(Effort effort) {
        return effort.contest().multipliedBy(2L * LENGTH);
    }

    @Override
    public void run(Workbench bench) throws IOException, InterruptedException {
        Path directory = bench.programs().directory();
        for (boolean cached : List.of(true, false)) {
            List<String> ours = command(OURS, cached, directory);
            List<String> jdk = command(JDK, cached, directory);
            Contest contest = Contest.of(Spawn.PROGRAM + (cached ? ", with an AOT cache" : ", without an AOT cache"),
                    Endpoint.EXIT_SEEN, "ProcessBuilder", Side.of(() -> nanos(jdk)), Side.of(() -> nanos(ours)));
            bench.add(bench.measure(cached ? contest.to(BESIDE_JDK) : contest, LENGTH));
        }
    }

    private static List<String> command(String way, boolean cached, Path directory)
            throws IOException, InterruptedException {
        if (!cached) {
            return jvm("-XX:AOTMode=off", way);
        }
        Path cache = directory.resolve(way + ".aot");
        nanos(jvm("-XX:AOTCacheOutput=" + cache, way));
        if (!Files.exists(cache)) {
            throw new IOException("the JVM has left no AOT cache");
        }
        return jvm("-XX:AOTCache=" + cache, way);
    }

    private static List<String> jvm(String option, String way) {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xlog:disable",
                "--enable-native-access=ALL-UNNAMED", option, "-cp", System.getProperty("java.class.path"),
                FirstSpawn.class.getName(), way);
    }

    private static long nanos(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
        try (DataInputStream answer = new DataInputStream(process.getInputStream())) {
            return answer.readLong();
        } finally {
            process.waitFor();
        }
    }

    /** Spawns once, and writes to standard output how long that took, all that had to be loaded for it included. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        long start = System.nanoTime();
        if (arguments[0].equals(OURS)) {
            Spawn.namespace(Namespace.builder().build(), Streams.DISCARDED.connect(Command.of(Spawn.PROGRAM))).run();
        } else {
            Spawn.processBuilder(Streams.DISCARDED.connect(new ProcessBuilder(Spawn.PROGRAM))).run();
        }
        long nanos = System.nanoTime() - start;
        new DataOutputStream(System.out).writeLong(nanos);
        System.out.flush();
    }
}
