package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Command;
import dev.namespaces.NamespacePool;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.ffm.linux.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the Flight Recorder hears of pools; in a JVM of its own, as the recorder keeps threads and files. */
@ExtendWith(LeavesNothingBehind.class)
@Tag("slow-under-emulation") // the recorder takes long to start
class PoolEventsTest {

    @TempDir
    Path folder;

    @Test
    void eachSpawnAndEachRefillIsRecorded() throws Exception {
        Path file = folder.resolve("recording.jfr");
        List<String> pids = ChildJvm.of(Recorded.class, file.toString()).output().lines().toList();

        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        List<RecordedEvent> spawns = of("dev.namespaces.PoolSpawn", events);
        assertThat(spawns).extracting(event -> event.getBoolean("hit")).containsExactly(true, false, true);
        assertThat(spawns).extracting(event -> Long.toString(event.getLong("pid"))).containsExactlyElementsOf(pids);
        List<RecordedEvent> refills = of("dev.namespaces.PoolRefill", events);
        assertThat(refills).hasSizeGreaterThanOrEqualTo(2)
                .extracting(event -> Long.toString(event.getLong("pid"))).contains(pids.getFirst());
        for (RecordedEvent event : Stream.concat(spawns.stream(), refills.stream()).toList()) {
            assertThat(event.getDuration()).as("how long it took").isBetween(Duration.ofNanos(1),
                    Duration.ofMinutes(3));
        }
    }

    private static List<RecordedEvent> of(String name, List<RecordedEvent> events) {
        return events.stream().filter(event -> event.getEventType().getName().equals(name))
                .sorted(Comparator.comparing(RecordedEvent::getStartTime)).toList();
    }

    /** Records a hit, a miss and a refusal, and prints the pids. */
    static final class Recorded {
        static void main(String[] arguments) throws Exception {
            try (Recording recording = new Recording()) {
                recording.enable("dev.namespaces.PoolSpawn");
                recording.enable("dev.namespaces.PoolRefill");
                recording.start();
                try (NamespacePool pool = Pools.full(Way.INIT.builder(), 1)) {
                    print(pool.spawn("true"));
                    print(pool.spawn(Child.shell("true").beforeExec(_ -> {})));
                    Pools.awaitFull(pool, 1);
                    if (Attempt.of(pool, Command.of("/usr/nonesuch")).startsWith("EXECUTE ENOENT")) {
                        System.out.println(0);
                    }
                }
                recording.stop();
                recording.dump(Path.of(arguments[0]));
            }
        }

        private static void print(NamespaceProcess process) {
            try (process) {
                System.out.println(process.pid());
            }
        }
    }
}
