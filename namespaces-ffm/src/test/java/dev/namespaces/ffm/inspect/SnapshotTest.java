package dev.namespaces.ffm.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceId;
import dev.namespaces.NamespaceInfo;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.NamespaceSnapshot;
import dev.namespaces.NamespaceTree;
import dev.namespaces.Namespaces;
import dev.namespaces.ffm.handle.Stat;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.ffm.linux.Tool;
import dev.namespaces.ffm.spawn.Await;
import dev.namespaces.ffm.spawn.Child;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import dev.namespaces.ffm.spawn.Proc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link Namespaces#snapshot()}, against what made the namespaces and what lsns(8) says of them. */
@ExtendWith(LeavesNothingBehind.class)
class SnapshotTest {

    private static final Namespace ALL = all().pid(pid -> pid.asPid1()).build();
    private static final Namespace ALL_UNDER_INIT = all().build();
    private static final int STORM = 150;

    @TempDir
    Path directory;

    private static NamespaceBuilder all() {
        return Namespace.builder().create(EnumSet.allOf(NamespaceKind.class));
    }

    @ParameterizedTest
    @EnumSource(NamespaceKind.class)
    void everyNamespaceOfAProcessIsSeenWithAllThatIsKnownOfIt(NamespaceKind kind) throws Exception {
        try (NamespaceProcess process = Child.ready(ALL, "echo ready; exec cat")) {
            NamespaceInfo info = find(Namespaces.snapshot(), id(process, kind));

            Optional<NamespaceId> user = Optional.of(id(process, NamespaceKind.USER));
            boolean nested = kind == NamespaceKind.USER || kind == NamespaceKind.PID;
            assertThat(info.kind()).isEqualTo(kind);
            assertThat(info.owner()).isEqualTo(kind == NamespaceKind.USER ? Optional.of(own(kind)) : user);
            assertThat(info.parent()).isEqualTo(nested ? Optional.of(own(kind)) : Optional.empty());
            assertThat(info.oldestProcess()).hasValue(process.pid());
            assertThat(info.pins()).isEmpty();
            assertThat(info.creatorUid()).isEqualTo(
                    kind == NamespaceKind.USER ? OptionalLong.of(Syscalls.geteuid()) : OptionalLong.empty());
        }
    }

    @Test
    void processesAreCountedAndTheFirstOfThemIsTheOldest() throws Exception {
        try (NamespaceProcess one = Child.ready(ALL, "echo ready; exec cat");
                NamespaceProcess two = Child.ready(ALL_UNDER_INIT, "echo ready; exec cat")) {
            NamespaceSnapshot snapshot = Namespaces.snapshot();
            NamespaceInfo ofOne = find(snapshot, id(one, NamespaceKind.NET));
            NamespaceInfo ofTwo = find(snapshot, id(two, NamespaceKind.NET));

            assertThat(ofOne.processes()).isEqualTo(1);
            assertThat(ofTwo.processes()).isEqualTo(2);
            assertThat(ofTwo.oldestProcess()).hasValue(two.pid());
            assertThat(two.commandPid()).isNotEqualTo(two.pid());
        }
    }

    @Test
    void lsnsSaysTheSame() throws Exception {
        Tool.find("lsns");
        try (NamespaceProcess one = Child.ready(ALL, "echo ready; exec cat");
                NamespaceProcess two = Child.ready(ALL_UNDER_INIT, "echo ready; exec cat")) {
            String lines = Tool.run("lsns", "--raw", "--noheadings", "--output", "NS,TYPE,NPROCS,PID,PNS,ONS");
            Map<Long, String> theirs = lines.lines().collect(
                    Collectors.toMap(line -> Long.valueOf(line.split(" ", 2)[0]), Function.identity()));
            NamespaceSnapshot snapshot = Namespaces.snapshot();

            for (NamespaceProcess process : List.of(one, two)) {
                for (NamespaceId id : process.namespaces().values()) {
                    assertThat(asLsns(find(snapshot, id))).isEqualTo(theirs.get(id.inode()));
                }
            }
        }
    }

    private static String asLsns(NamespaceInfo info) {
        return "%d %s %d %d %d %d".formatted(info.id().inode(), info.kind().procName(), info.processes(),
                info.oldestProcess().orElse(0), info.parent().map(NamespaceId::inode).orElse(0L),
                info.owner().map(NamespaceId::inode).orElse(0L));
    }

    @ParameterizedTest
    @EnumSource(names = {"USER", "PID"})
    void nestedNamespacesAreATree(NamespaceKind kind) throws Exception {
        try (NamespaceProcess process = Child.ready(ALL, "echo ready; exec cat")) {
            NamespaceId ours = own(kind);
            NamespaceTree own = Namespaces.snapshot().trees(kind).stream()
                    .filter(tree -> tree.namespace().id().equals(ours)).findFirst().orElseThrow();

            NamespaceId its = id(process, kind);
            assertThat(own.children()).filteredOn(child -> child.namespace().id().equals(its)).singleElement()
                    .satisfies(child -> assertThat(child.children()).isEmpty());
        }
    }

    @Test
    void otherKindsAreNotNested() throws Exception {
        NamespaceSnapshot snapshot = Namespaces.snapshot();

        assertThatIllegalArgumentException().isThrownBy(() -> snapshot.trees(NamespaceKind.NET))
                .withMessage("only user and pid namespaces are nested, not those of kind NET");
    }

    @Test
    void aNamespaceWithoutProcessesIsSeenAsTheParentOfAnother() throws Exception {
        Namespace inner = Namespace.builder().user(user -> user.forbidNestedUserNamespaces()).build();
        try (NamespaceProcess process = Child.ready(inner, "echo ready; exec cat")) {
            NamespaceSnapshot snapshot = Namespaces.snapshot();
            NamespaceInfo its = find(snapshot, id(process, NamespaceKind.USER));
            NamespaceInfo between = find(snapshot, its.parent().orElseThrow());

            assertThat(between.processes()).isZero();
            assertThat(between.oldestProcess()).isEmpty();
            assertThat(between.parent()).contains(own(NamespaceKind.USER));
        }
    }

    @Test
    void aThreadThatIsAloneInANamespaceIsSeen() throws Exception {
        Namespace root = Namespace.builder().user().build();

        assertThat(Child.says(root, ChildJvm.of(Seeing.class, "thread").command().toArray(String[]::new)))
                .isEqualTo("found, processes 1, oldest this one: true");
    }

    @ParameterizedTest
    @EnumSource(names = {"USER", "NET"})
    void aProcessWhoseFirstThreadHasEndedIsCountedByTheOthers(NamespaceKind kind) throws Exception {
        Path source = Files.writeString(directory.resolve("leaderless.c"), """
                #include <pthread.h>
                #include <sys/syscall.h>
                #include <unistd.h>
                static void *other(void *unused) { for (;;) pause(); }
                int main(void) { pthread_t thread; pthread_create(&thread, 0, other, 0); syscall(SYS_exit, 0); }
                """);
        Path program = directory.resolve("leaderless");
        Tool.run(Tool.find("cc"), "-pthread", "-o", program, source);
        Namespace namespace = Namespace.builder().user().net().build();
        try (NamespaceProcess process = namespace.spawn(program.toString())) {
            Await.until("the end of the first thread", () -> Proc.statOf(process.pid()).isGone());
            long other = Proc.names(Proc.path(process.pid(), "task")).stream().mapToLong(Long::parseLong)
                    .filter(thread -> thread != process.pid()).findFirst().orElseThrow();
            NamespaceInfo info = find(Namespaces.snapshot(),
                    Stat.id(Proc.path(process.pid(), "task/" + other + "/ns/" + kind.procName())));

            assertThat(info.processes()).isEqualTo(1);
            assertThat(info.oldestProcess()).hasValue(process.pid());
        }
    }

    @Test
    void pinnedNamespacesAreSeenWithTheirPaths() throws Exception {
        Namespace ownRun = Namespace.builder().user().net().mount(m -> m.tmpfs("/run")).build();

        assertThat(Child.says(ownRun, ChildJvm.of(Seeing.class, "pins").command().toArray(String[]::new)))
                .isEqualTo(
                        """
                                processes 0, oldest none, owner seen: true, pins [/run/a, /run/b c]
                                when something is mounted over it: processes 0, oldest none, owner seen: false, pins [/run/a, /run/b c]""");
    }

    @Test
    void whatMayNotBeLookedAtIsListedAsUnreadable() throws Exception {
        assertThat(ChildJvm.of(Seeing.class, "unreadable").asOrdinaryUser().output())
                .isEqualTo("process 1 is unreadable: true, this one: false, found: true\n");
    }

    @Test
    void whileProcessesComeAndGoItIsComplete() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService other = Executors.newSingleThreadExecutor();
                NamespaceProcess process = Child.ready(ALL, "echo ready; exec cat")) {
            Callable<Integer> storm = () -> {
                int count = 0;
                for (; count < STORM; count++) {
                    (count % 2 == 0 ? ALL : ALL_UNDER_INIT).run("true");
                }
                over.set(true);
                return count;
            };
            Future<Integer> spawned = other.submit(storm);
            int looks = 0;
            for (; !over.get() && !spawned.isDone(); looks++) {
                NamespaceSnapshot snapshot = Namespaces.snapshot();
                process.namespaces().values().forEach(id -> assertThat(snapshot.find(id)).isPresent());
                assertThat(snapshot.find(own(NamespaceKind.USER))).isPresent();
            }
            assertThat(spawned.get()).isEqualTo(STORM);
            assertThat(looks).isPositive();
        }
    }

    private static NamespaceInfo find(NamespaceSnapshot snapshot, NamespaceId id) {
        return snapshot.find(id).orElseThrow(() -> new AssertionError(id + " was not seen"));
    }

    private static NamespaceId id(NamespaceProcess process, NamespaceKind kind) throws NamespaceException {
        return Objects.requireNonNull(process.namespaces().get(kind));
    }

    private static NamespaceId own(NamespaceKind kind) throws Exception {
        try (NamespaceHandle own = NamespaceHandle.ofCurrentThread(kind)) {
            return own.id();
        }
    }
}
