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
    private static final List<Integer> COUNTS = List.of(100, 1000, 5000, 19_000);

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
        return effort.contest().multipliedBy(Sweep.contests(COUNTS.size()));
    }

    @Override
    public void run(Workbench bench) throws IOException, InterruptedException {
        Map<Double, Helper> jvms = new LinkedHashMap<>();
        for (int count : COUNTS) {
            jvms.put((double) count,
                    bench.closing(Helper.start(SpawningJvm.command(count, bench.programs()))));
        }
        new Sweep("descriptors", jvms).hold(bench, FLAT,
                Map.of(Way.PLAIN, "ours", Way.PROCESS_BUILDER, "ProcessBuilder"), Way.PLAIN);
    }
}
