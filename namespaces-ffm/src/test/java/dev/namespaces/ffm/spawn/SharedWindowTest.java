package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.ffm.linux.CStrings;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.spi.NamespaceSpec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The moment in which a child shares the JVM's memory and lets signals in again: none of the JVM's handlers may run then. Many large arguments, which
 * the kernel copies meanwhile, make it long enough to be seen.
 */
@ExtendWith(LeavesNothingBehind.class)
class SharedWindowTest {

    private static final int WANTED = 4;
    private static final List<String> COMMAND = new ArrayList<>(List.of("/bin/true"));

    static {
        COMMAND.addAll(Collections.nCopies(12, "x".repeat(100_000)));
    }

    @BeforeAll
    static void assumeThatThereIsSuchAMoment() {
        assumeTrue(
                Route.of(new Job(NamespaceSpec.NOTHING, Demands.NONE, Entrance.NONE, Job.Purpose.RUN)) == Route.DIRECT,
                "before Linux 5.16 no child that shares the JVM's memory lets signals in: stage 2 does");
    }

    @Test
    void noHandlerOfTheJvmIsLeft() throws Exception {
        Namespace plain = Namespace.builder().build();

        assertThat(handlersSeenWhile(() -> plain.run(Command.of(COMMAND)).orThrow())).containsOnly(0L);
    }

    @Test
    void noHandlerOfTheJvmIsLeftWhereCloneTakesThePlaceOfClone3() throws Exception {
        Namespace plain = Namespace.builder().build();

        assertThat(handlersSeenWhile(() -> Filter.refusing(Sys.CLONE3, Errno.ENOSYS,
                () -> plain.run(Command.of(COMMAND)).orThrow()))).containsOnly(0L);
    }

    @Test
    void inANaiveChildTheyAreSeenToBeThere() throws Exception {
        try (Arena arena = Arena.ofShared()) {
            long[] arguments = COMMAND.stream().mapToLong(argument -> CStrings.allocate(arena, argument)).toArray();
            MemorySegment all = arena.allocateFrom(ValueLayout.JAVA_LONG,
                    Arrays.copyOf(arguments, arguments.length + 1));
            MemorySegment none = arena.allocate(ValueLayout.JAVA_LONG);

            assertThat(handlersSeenWhile(() -> {
                NaiveSpawn.withHandlers(arguments[0], all.address(), none.address());
                return true;
            })).doesNotContain(0L);
        }
    }

    /** The signals that are caught, seen several times in children that are about to execute something and block no signal. */
    private static List<Long> handlersSeenWhile(Callable<?> spawn) throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread spawner = Thread.ofPlatform().start(() -> {
            while (!enough.get()) {
                try {
                    spawn.call();
                } catch (Exception | Error e) {
                    failure.set(e);
                    enough.set(true);
                }
            }
        });
        List<Long> seen = new ArrayList<>();
        try {
            Await.until("such a moment to be seen " + WANTED + " times", () -> {
                lookAtChildren(seen);
                return seen.size() >= WANTED || enough.get();
            });
        } finally {
            enough.set(true);
            spawner.join();
        }
        assertThat(failure.get()).isNull();
        return seen;
    }

    private static void lookAtChildren(List<Long> seen) throws IOException {
        Path java = Files.readSymbolicLink(Proc.path(Proc.SELF, "exe"));
        for (long child : Proc.children(Proc.SELF)) {
            try {
                String status = Proc.text(child, "status");
                boolean stillShares = Files.readSymbolicLink(Proc.path(child, "exe")).equals(java);
                if (stillShares && Proc.statusBits(status, "SigBlk") == 0) {
                    seen.add(Proc.statusBits(status, "SigCgt"));
                }
            } catch (IOException _) {
                // it has ended meanwhile
            }
        }
    }
}
