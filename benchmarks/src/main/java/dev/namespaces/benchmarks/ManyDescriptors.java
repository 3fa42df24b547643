package dev.namespaces.benchmarks;

import dev.namespaces.benchmarks.SpawningJvm.Way;
import dev.namespaces.benchmarks.report.Goal;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** S13: a plain spawn from JVMs with few to many open descriptors. */
final class ManyDescriptors implements Scenario {

    private static final Goal FLAT = Goal.atMost(1.1);
    private static final int LEAST = 100;
    private static final int MOST = 19_000;
    private static final List<Integer> COUNTS = List.of(LEAST, 1000, 5000, MOST);

    @Override
    public String id() {
        return "S13";
    }

    @Override
    public String title() {
        return "plain spawn from a JVM with many open descriptors";
    }

    @Override
    public Duration planned(Effort effort) {
        return effort.contest().multipliedBy(Sweep.contests(COUNTS.size()) + 1L);
    }

    @Override
    public void run(Workbench bench) throws IOException, InterruptedException {
        Map<Double, Helper> jvms = new LinkedHashMap<>();
        Helper few = jvm(bench);
        for (int count : COUNTS) {
            Helper jvm = count == LEAST ? few : jvm(bench);
            jvm.side(Way.PLAIN.number()).nanos(1, Duration.ZERO); // the library is there before the descriptors
            SpawningJvm.open(jvm, count);
            jvms.put((double) count, jvm);
        }
        Helper late = jvm(bench);
        SpawningJvm.open(late, MOST);
        new Sweep("descriptors", jvms).hold(bench, FLAT,
                Map.of(Way.PLAIN, "ours", Way.PROCESS_BUILDER, "ProcessBuilder"), Way.PLAIN);
        bench.hold(
                Contest.of("ours, " + MOST + " descriptors that were open before its first spawn", Endpoint.EXIT_SEEN,
                        LEAST + " descriptors", few.side(Way.PLAIN.number()),
                        late.side(Way.PLAIN.number())));
    }

    private static Helper jvm(Workbench bench) throws IOException, InterruptedException {
        return bench.closing(Helper.start(SpawningJvm.command(bench.programs())));
    }
}
