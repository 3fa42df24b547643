package dev.namespaces.benchmarks;

import dev.namespaces.benchmarks.SpawningJvm.Way;
import dev.namespaces.benchmarks.report.Goal;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** S2: a plain spawn from JVMs whose heaps, all of which has been touched, are small to large. */
final class HeapSweep implements Scenario {

    private static final Goal FLAT = Goal.atMost(1.03);
    private static final List<Integer> MEBIBYTES = List.of(64, 512, 2048, 4096, 8192);
    private static final List<Integer> MEBIBYTES_WHEN_QUICK = List.of(64, 1024);
    /** What a JVM takes beside its heap, and what is to be left for others. */
    private static final int SPARE_MEBIBYTES = 2048;
    private static final Duration TOUCHING = Duration.ofSeconds(5);

    @Override
    public String id() {
        return "S2";
    }

    @Override
    public String title() {
        return "plain spawn from a JVM with a touched heap";
    }

    @Override
    public Duration planned(Effort effort) {
        return effort.contest().multipliedBy(Sweep.contests(heaps(effort).size())).plus(TOUCHING);
    }

    private static List<Integer> heaps(Effort effort) {
        return effort.full() ? MEBIBYTES : MEBIBYTES_WHEN_QUICK;
    }

    @Override
    public void run(Workbench bench) throws IOException, InterruptedException {
        Map<Double, Helper> jvms = new LinkedHashMap<>();
        long free = freeMebibytes() - SPARE_MEBIBYTES;
        for (int heap : heaps(bench.effort())) {
            free -= heap;
            if (free < 0) {
                bench.missing("heap of " + heap + " MiB", "this machine has not enough free memory");
                continue;
            }
            jvms.put((double) heap, bench.closing(Helper.start(SpawningJvm.command(bench.programs(),
                    "-Xms" + heap + "m", "-Xmx" + heap + "m", "-XX:+AlwaysPreTouch"))));
        }
        new Sweep("MiB of heap", jvms).hold(bench, FLAT,
                Map.of(Way.PLAIN, "ours", Way.PROCESS_BUILDER, "ProcessBuilder"),
                Way.PLAIN);
    }

    private static long freeMebibytes() throws IOException {
        return Long.parseLong(Machine.field("meminfo", "MemAvailable").replace(" kB", "")) / 1024;
    }
}
