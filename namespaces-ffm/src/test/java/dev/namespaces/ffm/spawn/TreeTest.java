package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceProcess;
import java.io.BufferedReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link NamespaceProcess#close()} ends: the process and what it has started. */
@ExtendWith(LeavesNothingBehind.class)
class TreeTest {

    /** Children and grandchildren in the background, in sessions of their own too. */
    private static final String FAMILY = """
            sleep 1000 &
            setsid sleep 1000 &
            (sleep 1000 & setsid sh -c 'sleep 1000 & wait' & wait) &
            echo ready
            wait
            """;
    /** The shell, two sleepers, a subshell with a sleeper, a shell in a session of its own with another. */
    private static final int MEMBERS = 7;

    @ParameterizedTest
    @EnumSource(Way.class)
    void closeKillsChildrenAndGrandchildren(Way way) throws Exception {
        assertFamilyIsKilled(way, way.builder());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void closeKillsThemInANewSessionToo(Way way) throws Exception {
        assertFamilyIsKilled(way, way.builder().newSession());
    }

    private static void assertFamilyIsKilled(Way way, NamespaceBuilder builder) throws Exception {
        List<Long> family = new ArrayList<>();
        try (NamespaceProcess process = Child.ready(builder, FAMILY)) {
            int size = MEMBERS + (way.hasInit() ? 1 : 0);
            Await.value("the whole family", () -> Proc.descendants(process.pid(), Proc.all()),
                    all -> all.stream().filter(stat -> stat.name().equals("sleep")).count() == 4
                            && all.size() == size - 1)
                    .forEach(stat -> family.add(stat.pid()));
            family.add(process.pid());
        }
        for (long pid : family) {
            Await.until("the end of " + pid, () -> !Proc.isAlive(pid));
        }
    }

    @Test
    void orphansInTheGroupThatItLeadsAreKilledToo() throws Exception {
        Namespace session = Namespace.builder().newSession().build();
        long orphan;
        try (NamespaceProcess process = session.spawn(Child.shell("(sleep 1000 & echo $!); cat"))) {
            orphan = Long.parseLong(process.inputReader().readLine());
            assertThat(Proc.isAlive(orphan)).isTrue();
        }
        Await.until("the end of the orphan", () -> !Proc.isAlive(orphan));
    }

    @Test
    void orphansInAPidNamespaceAreKilledToo() throws Exception {
        for (Way way : new Way[]{Way.INIT, Way.AS_PID_1}) {
            List<Long> sleepers;
            try (NamespaceProcess process = Child.ready(way.namespace(), "(setsid sleep 1000 &); echo ready; cat")) {
                sleepers = Await.value("the sleeper", () -> Proc.descendants(process.pid(), Proc.all()).stream()
                        .filter(stat -> stat.name().equals("sleep")).map(Proc.Stat::pid).toList(),
                        list -> list.size() == 1);
            }
            assertThat(sleepers).noneMatch(Proc::isAlive);
        }
    }

    @Test
    void closeEndsWhatIsStoppedOrTakesNoSignal() throws Exception {
        List<Long> pids = new ArrayList<>();
        for (Way way : Way.values()) {
            try (NamespaceProcess stopped = way.namespace().spawn("cat");
                    NamespaceProcess deaf = Child.ready(way.namespace(), "trap '' TERM INT HUP; echo ready; cat")) {
                stopped.signal(19);
                deaf.destroy();
                pids.add(stopped.pid());
                pids.add(deaf.pid());
            }
        }
        assertThat(pids).noneMatch(Proc::isAlive);
    }

    @Test
    void closeSparesTheRestOfTheJvmsGroup() throws Exception {
        try (NamespaceProcess other = Namespace.builder().spawn("cat")) {
            NamespaceProcess process = Namespace.builder().spawn("cat");
            process.close();

            assertThat(other.isAlive()).isTrue();
            assertThat(Child.finish(other)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void closeTwiceAndAfterTheEndDoesNothing(Way way) throws Exception {
        try (NamespaceProcess process = way.namespace().spawn("true")) {
            assertThat(process.waitFor()).isZero();
            Child.close(process);
            Child.close(process);
            assertThat(process.exitValue()).isZero();
        }
    }

    @Test
    void closeKeepsTheThreadsInterruptStatus() throws Exception {
        NamespaceProcess process = Namespace.builder().spawn("cat");
        Thread.currentThread().interrupt();
        process.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(process.isAlive()).isFalse();
        assertThat(process.exitValue()).isEqualTo(137);
    }

    @Test
    void aDescendantThatStartsOthersAllTheTimeIsCaughtAsWell() throws Exception {
        List<Long> family = new ArrayList<>();
        try (NamespaceProcess process = Child.ready(Namespace.builder(),
                "echo ready; (i=0; while [ $i -lt 500 ]; do sleep 1000 & echo $!; i=$((i+1)); done; wait) & wait")) {
            BufferedReader reader = process.inputReader();
            for (int i = 0; i < 10; i++) {
                family.add(Long.valueOf(reader.readLine()));
            }
            process.toHandle().descendants().forEach(handle -> family.add(handle.pid()));
        }
        for (long pid : family) {
            Await.until("the end of " + pid, () -> !Proc.isAlive(pid));
        }
    }
}
