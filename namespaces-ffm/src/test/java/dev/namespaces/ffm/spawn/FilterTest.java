package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Sys;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts whose seccomp filter refuses clone3, whose flags it cannot see: clone takes its place, as far as it can. */
@ExtendWith(LeavesNothingBehind.class)
class FilterTest {

    private static final Set<NamespaceKind> ALL_BUT_TIME = EnumSet.complementOf(EnumSet.of(NamespaceKind.TIME));

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "ALL")
    void aRefusedClone3IsReplaced(Way way) throws Exception {
        for (int errno : new int[]{Errno.ENOSYS, Errno.EPERM}) {
            String status = Filter.refusing(Sys.CLONE3, errno,
                    () -> Child.says(way.builder(), "cat", "/proc/self/status"));

            assertThat(Proc.statusField(status, "Seccomp")).isEqualTo("2");
            assertThat(Proc.statusBits(status, "SigBlk")).isZero();
            assertThat(Proc.statusBits(status, "SigCgt")).isZero();
            assertThat(Proc.statusBits(status, "SigIgn"))
                    .isEqualTo(Proc.statusBits(Proc.text(Proc.SELF, "status"), "SigIgn"));
        }
    }

    @Test
    void everyKindButTimeIsNewWithoutClone3() throws Exception {
        Set<NamespaceKind> changed = Filter.refusing(Sys.CLONE3, Errno.ENOSYS, () -> {
            try (NamespaceProcess process = Child.ready(Namespace.builder().create(ALL_BUT_TIME), "echo ready; cat")) {
                Set<NamespaceKind> kinds = EnumSet.allOf(NamespaceKind.class);
                kinds.removeIf(kind -> sameAsOurs(process, kind));
                return kinds;
            }
        });

        assertThat(changed).isEqualTo(ALL_BUT_TIME);
    }

    private static boolean sameAsOurs(Process process, NamespaceKind kind) {
        try {
            return Objects.equals(Proc.namespaces(process.pid()).get(kind), Proc.namespaces(Proc.SELF).get(kind));
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "ALL")
    void withoutClone3AMissingProgramIsReportedAsEver(Way way) throws Exception {
        assertThat(Filter.refusing(Sys.CLONE3, Errno.ENOSYS,
                () -> Attempt.of(way.builder(), Command.of("/no/such/program")))).startsWith("EXECUTE ENOENT");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTimeNamespaceNeedsClone3AndTheRemedySaysSo(boolean init) throws Exception {
        Namespace namespace = (init ? Way.ALL.builder() : Namespace.builder().user().time()).build();
        for (int errno : new int[]{Errno.ENOSYS, Errno.EPERM}) {
            assertThat(Filter.refusing(Sys.CLONE3, errno, () -> Attempt.of(namespace)))
                    .startsWith("CLONE " + Errno.name(errno)).containsIgnoringCase("seccomp filter").contains("clone3");
        }
    }

    @Test
    void whereCloneIsRefusedAsWellTheRemedyNamesTheFilter() throws Exception {
        assertThat(Filter.refusing(Sys.CLONE3, Errno.EPERM, () -> {
            Filter.install(Sys.CLONE, Errno.EPERM);
            return Attempt.of(Way.USER.namespace());
        })).startsWith("CLONE EPERM").contains("seccomp filter");
    }

    @Test
    void theOtherThreadsOfTheJvmGoOnWithClone3() throws Exception {
        Filter.refusing(Sys.CLONE3, Errno.ENOSYS, () -> Attempt.of(Way.USER.namespace()));

        assertThat(Attempt.of(Way.ALL.namespace())).isEqualTo(Attempt.STARTED);
    }
}
