package dev.namespaces.ffm.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.spawn.Await;
import dev.namespaces.ffm.spawn.Child;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import dev.namespaces.ffm.spawn.Proc;
import java.nio.file.Files;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Processes that have ended, or end just now, or whose numbers others have got. */
@ExtendWith(LeavesNothingBehind.class)
class EndedProcessTest {

    private static final Namespace PLAIN = Namespace.builder().build();
    private static final Namespace UNDER_INIT = Namespace.builder().user().pid().build();
    private static final int DEATHS = 100;

    @Test
    void ofAProcessThatHasEndedNothingIsOpened() throws Exception {
        Process cat = new ProcessBuilder("cat").start();
        ProcessHandle handle = cat.toHandle();
        Child.finish(cat);

        assertSaysThatItHasEnded(cat.pid(), () -> NamespaceHandle.of(NamespaceKind.NET, cat));
        assertSaysThatItHasEnded(cat.pid(), () -> NamespaceHandle.of(NamespaceKind.NET, handle));
        assertSaysThatItHasEnded(cat.pid(), () -> NamespaceHandle.of(NamespaceKind.NET, cat.pid()));
    }

    @Test
    void norOfOneOfOurs() throws Exception {
        try (NamespaceProcess process = PLAIN.spawn("true")) {
            process.waitFor();

            assertThatExceptionOfType(NamespaceException.class)
                    .isThrownBy(() -> NamespaceHandle.of(NamespaceKind.NET, process))
                    .matches(e -> e.errno() == Errno.ESRCH);
        }
    }

    @Test
    void norOfOneThatNobodyHasWaitedFor() throws Exception {
        try (NamespaceProcess parent = PLAIN.spawn("sh", "-c", "true & exec sleep 1000")) {
            long zombie = Await.value("a child that has ended", () -> Proc.children(parent.pid()),
                    children -> children.size() == 1 && Proc.statOf(children.getFirst()).isGone()
                            && Proc.statOf(parent.pid()).name().equals("sleep"))
                    .getFirst();

            assertSaysThatItHasEnded(zombie, () -> NamespaceHandle.of(NamespaceKind.NET, zombie));
        }
    }

    @Test
    void theNumberOfAThreadIsNoProcess() throws Exception {
        long thread = Proc.names(Proc.path(Proc.SELF, "task")).stream().mapToLong(Long::parseLong)
                .filter(each -> each != Proc.SELF).findFirst().orElseThrow();

        assertSaysThatItHasEnded(thread, () -> NamespaceHandle.of(NamespaceKind.NET, thread));
    }

    @Test
    void ofOneThatEndsMeanwhileThereIsEitherAHandleOrThatError() throws Exception {
        try (NamespaceHandle own = NamespaceHandle.ofCurrentThread(NamespaceKind.NET)) {
            for (int i = 0; i < DEATHS; i++) {
                Namespace namespace = i % 2 == 0 ? PLAIN : UNDER_INIT;
                try (NamespaceProcess process = namespace.spawn("true");
                        NamespaceHandle handle = NamespaceHandle.of(NamespaceKind.NET, process)) {
                    assertThat(handle).isEqualTo(own);
                } catch (NamespaceException e) {
                    assertThat(e.errno()).isEqualTo(Errno.ESRCH);
                }
            }
        }
    }

    @Test
    void whoeverHasGotItsNumberIsNotTakenForIt() throws Exception {
        assumeTrue(Files.exists(RecycledPid.LAST), "this kernel has no " + RecycledPid.LAST);
        Namespace ownNumbers = Namespace.builder().user().mount(m -> m.proc()).pid().build();

        assertThat(Child.says(ownNumbers, Command.of(ChildJvm.of(RecycledPid.class).command())))
                .isEqualTo("the other by its number, and of the one that has ended: ESRCH");
    }

    private static void assertSaysThatItHasEnded(long pid, ThrowingCallable call) {
        assertThatExceptionOfType(NamespaceException.class).isThrownBy(call)
                .matches(e -> e.step() == Step.OPEN_NAMESPACE)
                .withMessage("cannot open the namespace net of process " + pid + ": No such process (ESRCH)");
    }
}
