package dev.namespaces.benchmarks;

import dev.namespaces.benchmarks.SpawningJvm.Way;
import dev.namespaces.benchmarks.report.Goal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** S14: sandboxes on a host with few to many mounts, which are made in a private mount namespace. */
final class ManyMounts implements Scenario {

    private static final Goal FLAT = Goal.atMost(1.1);
    private static final List<Integer> COUNTS = List.of(20, 1000, 5000);

    @Override
    public String id() {
        return "S14";
    }

    @Override
    public String title() {
        return "sandboxes on a host with many mounts";
    }

    @Override
    public Duration planned(Effort effort) {
        return effort.contest().multipliedBy(Sweep.contests(COUNTS.size()));
    }

    @Override
    public void run(Workbench bench) throws IOException, InterruptedException {
        if (!Isolation.privileged()) {
            bench.missing("sandboxes without a user namespace", "takes root");
            return;
        }
        Path point = Files.createDirectories(bench.programs().directory().resolve("point"));
        Map<Double, Helper> jvms = new LinkedHashMap<>();
        for (int count : COUNTS) {
            List<String> command = new ArrayList<>(List.of(bench.programs().mounts().toString(),
                    Integer.toString(count), point.toString()));
            command.addAll(SpawningJvm.command(bench.programs()));
            jvms.put((double) count, bench.closing(Helper.start(command)));
        }
        new Sweep("mounts", jvms).hold(bench, FLAT, Map.of(Way.TEMPLATE, "entering a sandbox that is there",
                Way.SANDBOX, "a new sandbox, which copies them all"), Way.TEMPLATE);
    }
}
