package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.ffm.linux.ChildJvm;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Very many spawns, one after the other and at once. */
@ExtendWith(LeavesNothingBehind.class)
@Tag("slow-under-emulation")
class StormTest {

    private static final int FEW = 2_000;
    private static final int MANY = 10_000;
    private static final long MOST_GROWTH_KIB = 4 * 1024;

    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"PLAIN", "INIT"})
    void afterTenThousandSpawnsInARowNothingIsLeftAndTheMemoryIsWhatItWas(Way way) throws Exception {
        List<Long> resident = ChildJvm.of(InARow.class, way.name())
                .options("-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch").output().lines().map(Long::valueOf).toList();

        assertThat(resident).hasSize(2);
        assertThat(resident.getLast() - resident.getFirst()).isLessThan(MOST_GROWTH_KIB);
    }

    /** Prints its resident memory after few and after many spawns. */
    static final class InARow {
        static void main(String[] arguments) throws Exception {
            Namespace namespace = Way.valueOf(arguments[0]).namespace();
            spawn(namespace, 1);
            Belongings before = Belongings.now();
            spawn(namespace, FEW - 1);
            printResident();
            spawn(namespace, MANY - FEW);
            printResident();
            List<String> left = Belongings.now().beyond(before);
            if (!left.isEmpty()) {
                throw new AssertionError(left);
            }
        }

        private static void spawn(Namespace namespace, int count) throws Exception {
            for (int i = 0; i < count; i++) {
                try (NamespaceProcess process = namespace.spawn("/bin/true")) {
                    if (process.waitFor() != 0) {
                        throw new AssertionError("spawn " + i + " ended with " + process.exitValue());
                    }
                }
            }
        }

        private static void printResident() throws Exception {
            System.gc();
            System.out.println(Proc.status(Proc.SELF, "VmRSS").replace(" kB", ""));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofTwoThousandSpawnsFromSixtyFourThreadsAtOnceNoneFails(boolean virtual) throws Exception {
        int threads = 64;
        List<Namespace> namespaces = new ArrayList<>();
        for (Way way : Way.values()) {
            namespaces.add(way.namespace());
        }
        CountDownLatch start = new CountDownLatch(threads);
        Callable<Integer> task = () -> {
            start.countDown();
            start.await();
            int failed = 0;
            for (int i = 0; i < FEW / threads + 1; i++) {
                failed += namespaces.get(i % namespaces.size()).run("/bin/true").exitValue();
            }
            return failed;
        };
        try (ExecutorService executor = Executors.newFixedThreadPool(threads,
                (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).factory())) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                results.add(executor.submit(task));
            }
            for (Future<Integer> result : results) {
                assertThat(result.get()).isZero();
            }
        }
    }
}
