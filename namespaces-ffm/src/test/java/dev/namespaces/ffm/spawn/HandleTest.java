package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The {@link ProcessHandle} of a process, and what it tells, before and after the end. */
@ExtendWith(LeavesNothingBehind.class)
class HandleTest {

    private static final Namespace PLAIN = Namespace.builder().build();

    @ParameterizedTest
    @EnumSource(Way.class)
    void aRunningProcessHasTheHandleThatTheJdkGivesToItsPid(Way way) throws Exception {
        try (NamespaceProcess cat = way.namespace().spawn("cat")) {
            assertThat(Proc.statOf(cat.pid()).parent()).isEqualTo(Proc.SELF);
            assertThat(cat.toHandle()).isEqualTo(ProcessHandle.of(cat.pid()).orElseThrow());
            assertThat(cat.toHandle().isAlive()).isTrue();
            assertThat(cat.toHandle().parent()).contains(ProcessHandle.current());
            Child.finish(cat);
            assertThat(cat.toHandle().isAlive()).isFalse();
        }
    }

    @Test
    void theHandleOfAnEndedProcessIsAnEndedOne() throws Exception {
        try (NamespaceProcess process = PLAIN.spawn("true")) {
            process.waitFor();
            ProcessHandle handle = process.toHandle();

            assertThat(handle.pid()).isEqualTo(process.pid());
            assertThat(handle.isAlive()).isFalse();
            assertThat(handle.parent()).isEmpty();
            assertThat(handle.children()).isEmpty();
            assertThat(handle.descendants()).isEmpty();
            assertThat(handle.destroy()).isFalse();
            assertThat(handle.destroyForcibly()).isFalse();
            assertThat(handle.onExit()).isCompletedWithValue(handle);
            assertThat(handle.info().command()).isEmpty();
            assertThat(handle.info().startInstant()).isEmpty();
            assertThat(handle).isEqualByComparingTo(handle).isEqualTo(process.toHandle());
        }
    }

    @Test
    void theInfoIsTheProcessesUntilItsEnd() throws Exception {
        try (NamespaceProcess sleep = PLAIN.spawn("sleep", "1000")) {
            // The kernel lets the parent go on a moment before the new program's arguments can be read.
            Await.value("the arguments", () -> sleep.info().arguments(), Optional::isPresent);
            assertThat(sleep.info().command().orElseThrow()).contains("sleep", "/");
            assertThat(sleep.info().arguments().orElseThrow()).containsExactly("1000");
            assertThat(sleep.info().startInstant()).isPresent();
            sleep.destroy();
            sleep.waitFor();
            assertThat(sleep.info().command()).isEmpty();
        }
    }

    @Test
    void childrenAndDescendantsAreThoseOfTheProcess() throws Exception {
        try (NamespaceProcess process = Child.ready(PLAIN, "(sleep 1000 & echo ready; wait) & wait; echo never")) {
            List<ProcessHandle> children = process.children().toList();
            List<Long> grandchildren = Await.value("the grandchild", () -> Proc.children(children.getFirst().pid()),
                    list -> !list.isEmpty());

            assertThat(children).singleElement().extracting(child -> Proc.statOf(child.pid()).parent())
                    .isEqualTo(process.pid());
            assertThat(process.descendants().map(ProcessHandle::pid))
                    .containsExactlyInAnyOrder(children.getFirst().pid(), grandchildren.getFirst());
        }
    }

    @Test
    void theCommandUnderTheInitIsItsDescendant() throws Exception {
        try (NamespaceProcess process = Child.ready(Way.INIT.namespace(), "echo ready; cat")) {
            assertThat(process.descendants().map(ProcessHandle::pid)).contains(Proc.onlyChild(process.pid()));
        }
    }

    @Test
    void theHandleTellsOfTheExitToo() throws Exception {
        try (NamespaceProcess cat = PLAIN.spawn("cat")) {
            ProcessHandle handle = cat.toHandle();
            Child.finish(cat);

            assertThat(handle.onExit().get()).isEqualTo(handle);
        }
    }
}
