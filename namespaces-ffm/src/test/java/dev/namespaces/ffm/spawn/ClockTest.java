package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.OrdinaryUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clocks that are moved: what the command, its threads and the processes that it starts see of them. */
@ExtendWith(LeavesNothingBehind.class)
class ClockTest {

    private static final Duration AHEAD = Duration.ofDays(10);
    private static final Duration BACK = Duration.ofMillis(-1500);

    /** With what else the time namespace is made. */
    enum With {
        USER, PID, AS_PID_1, MAPS, EVERYTHING;

        NamespaceBuilder builder() {
            NamespaceBuilder builder = Namespace.builder().time().user();
            return switch (this) {
                case USER -> builder;
                case PID -> builder.pid().mount();
                case AS_PID_1 -> builder.pid(pid -> pid.asPid1()).mount();
                case MAPS -> builder.user(user -> user.mapUsers(0, Ids.current().user(), 1).mapGroups(0,
                        Ids.current().group(), 1)).pid().mount();
                case EVERYTHING -> builder.create(Set.of(NamespaceKind.values()))
                        .user(user -> user.forbidNestedUserNamespaces()).runAs(0, 0);
            };
        }
    }

    @ParameterizedTest
    @EnumSource(With.class)
    void eachClockIsMovedByItsOffset(With with) throws Exception {
        Namespace namespace = with.builder().time(time -> time.boottime(AHEAD).monotonic(BACK)).build();
        long before = uptime(Files.readString(Path.of("/proc/uptime")));
        String[] inside = Child.script(namespace, "cat /proc/self/timens_offsets /proc/uptime").split("\n", -1);
        long after = uptime(Files.readString(Path.of("/proc/uptime")));

        assertThat(inside[0].split(" +", -1)).containsExactly("monotonic", "-2", "500000000");
        assertThat(inside[1].split(" +", -1)).containsExactly("boottime", "864000", "0");
        assertThat(uptime(inside[2]) - AHEAD.toSeconds() * 100).isBetween(before, after);
    }

    /** In hundredths of a second. */
    private static long uptime(String text) {
        return Long.parseLong(text.split(" ", 2)[0].replace(".", ""));
    }

    @ParameterizedTest
    @EnumSource(value = With.class, names = {"USER", "PID"})
    void everyThreadAndEveryProcessOfTheCommandSeesTheMovedClocks(With with) throws Exception {
        Namespace namespace = with.builder().time(time -> time.monotonic(BACK).boottime(AHEAD)).build();
        long before = System.nanoTime();
        List<String> lines = Child.says(namespace, Command.of(ChildJvm.of(Clocks.class).command())).lines().toList();
        long after = System.nanoTime();

        assertThat(lines).hasSize(6);
        assertThat(lines.subList(0, 3)).allSatisfy(
                nanos -> assertThat(Long.parseLong(nanos) - BACK.toNanos()).isBetween(before, after));
        assertThat(lines.get(3)).as("namespaces of the threads").matches("\\[time:\\[\\d+]]")
                .isNotEqualTo("[" + Proc.namespaces(Proc.SELF).get(NamespaceKind.TIME) + "]");
        assertThat("[" + lines.get(4) + "]").as("that of a process it has started").isEqualTo(lines.get(3));
        assertThat(uptime(lines.get(5))).as("of a process it has started").isGreaterThan(AHEAD.toSeconds() * 100);
    }

    /** Prints the monotonic clock as the main thread, another and a virtual one see it, and what a child finds. */
    static final class Clocks {
        static void main() throws Exception {
            System.out.println(System.nanoTime());
            for (Thread.Builder builder : new Thread.Builder[]{Thread.ofPlatform(), Thread.ofVirtual()}) {
                builder.start(() -> System.out.println(System.nanoTime())).join();
            }
            Set<String> namespaces = new TreeSet<>();
            try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
                for (Path thread : threads.toList()) {
                    namespaces.add(Files.readSymbolicLink(thread.resolve("ns/time")).toString());
                }
            }
            System.out.println(namespaces);
            System.out.flush();
            new ProcessBuilder("sh", "-c", "readlink /proc/self/ns/time; (exec cat /proc/uptime)").inheritIO().start()
                    .waitFor();
        }
    }

    @Test
    void theInitSeesThemToo() throws Exception {
        try (NamespaceProcess process = Child.ready(With.PID.builder().time(time -> time.boottime(AHEAD)),
                "echo ready; cat")) {
            long command = Proc.onlyChild(process.pid());

            assertThat(Proc.namespaces(process.pid()).get(NamespaceKind.TIME))
                    .isEqualTo(Proc.namespaces(command).get(NamespaceKind.TIME))
                    .isNotEqualTo(Proc.namespaces(Proc.SELF).get(NamespaceKind.TIME));
        }
    }

    @ParameterizedTest
    @EnumSource(With.class)
    void theProcessIsTheJvmsChildAndEndsAsAnyOther(With with) throws Exception {
        Namespace namespace = with.builder().time(time -> time.boottime(AHEAD)).build();
        assertThat(namespace.run(Child.shell("exit 7")).exitValue()).isEqualTo(7);
        try (NamespaceProcess process = Child.ready(namespace, "echo ready; cat")) {
            assertThat(Proc.statOf(process.pid()).parent()).isEqualTo(Proc.SELF);
            process.destroyForcibly();
            assertThat(process.waitFor()).isEqualTo(137);
        }
    }

    @ParameterizedTest
    @EnumSource(With.class)
    void aMissingProgramIsReportedAsEver(With with) throws Exception {
        assertThat(Attempt.of(with.builder().time(time -> time.boottime(AHEAD)), Command.of("/no/such/program")))
                .startsWith("EXECUTE ENOENT");
    }

    @Test
    void asRootNoUserNamespaceIsNeeded() throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "needs root: without a user namespace this takes CAP_SYS_ADMIN");

        assertThat(Child.says(Namespace.builder().time(time -> time.monotonic(BACK)), "cat",
                "/proc/self/timens_offsets")).containsPattern("monotonic +-2 +500000000");
    }

    @ParameterizedTest
    @EnumSource(With.class)
    void aClockThatWouldStartBelowZeroIsRefusedAndNothingIsLeft(With with) {
        NamespaceBuilder builder = with.builder().time(time -> time.boottime(Duration.ofDays(-36_500)));

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> builder.spawn("true")).satisfies(e -> {
            assertThat(e.step()).isEqualTo(Step.SET_CLOCK);
            assertThat(e.errnoName()).isEqualTo("ERANGE");
            assertThat(e.detail()).contains("boottime -3153600000 0");
            assertThat(e.remedy().orElse("")).contains("has been up for");
        });
    }

    @Test
    void explainShowsTheOffsets() {
        assertThat(With.USER.builder().time(time -> time.monotonic(BACK).boottime(AHEAD)).build().explain())
                .contains("monotonic clock: the host's less PT1.5S", "\"monotonic -2 500000000, boottime 864000 0\"",
                        "unshare(CLONE_NEWTIME)");
    }
}
