package dev.namespaces.ffm.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.ffm.spawn.Child;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What namespaces have to do with each other. */
@ExtendWith(LeavesNothingBehind.class)
class NestingTest {

    private static final Namespace ALL = Namespace.builder().create(EnumSet.allOf(NamespaceKind.class)).build();

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "USER")
    void theOwnerIsTheUserNamespaceThatItWasMadeIn(NamespaceKind kind) throws Exception {
        try (NamespaceProcess process = Child.ready(ALL, "echo ready; cat");
                NamespaceHandle handle = NamespaceHandle.of(kind, process);
                NamespaceHandle user = NamespaceHandle.of(NamespaceKind.USER, process)) {
            assertRelated(handle.owner(), user);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"USER", "PID"})
    void theParentIsTheCallersOwn(NamespaceKind kind) throws Exception {
        try (NamespaceProcess process = Child.ready(ALL, "echo ready; cat");
                NamespaceHandle handle = NamespaceHandle.of(kind, process);
                NamespaceHandle own = NamespaceHandle.ofCurrentThread(kind)) {
            assertRelated(handle.parent(), own);
        }
    }

    @Test
    void aUserNamespaceIsOwnedByItsParent() throws Exception {
        try (NamespaceProcess process = Child.ready(ALL, "echo ready; cat");
                NamespaceHandle user = NamespaceHandle.of(NamespaceKind.USER, process);
                NamespaceHandle own = NamespaceHandle.ofCurrentThread(NamespaceKind.USER)) {
            assertRelated(user.owner(), own);
        }
    }

    @Test
    void whatIsAboveTheCallersOwnIsOutOfSight() throws Exception {
        try (NamespaceHandle user = NamespaceHandle.ofCurrentThread(NamespaceKind.USER);
                NamespaceHandle pid = NamespaceHandle.ofCurrentThread(NamespaceKind.PID)) {
            assertThat(user.parent()).isEmpty();
            assertThat(user.owner()).isEmpty();
            assertThat(pid.parent()).isEmpty();
        }
    }

    @Test
    void theCreatorIsTheUserOfTheJvm() throws Exception {
        try (NamespaceProcess process = Child.ready(ALL, "echo ready; cat");
                NamespaceHandle user = NamespaceHandle.of(NamespaceKind.USER, process)) {
            assertThat(user.creatorUid()).isEqualTo(Syscalls.geteuid());
        }
    }

    @Test
    void otherKindsHaveNoParentAndNoKnownCreator() throws Exception {
        try (NamespaceHandle net = NamespaceHandle.ofCurrentThread(NamespaceKind.NET);
                NamespaceHandle pid = NamespaceHandle.ofCurrentThread(NamespaceKind.PID)) {
            assertThatIllegalStateException().isThrownBy(net::parent)
                    .withMessage("only user and pid namespaces are nested, and this is " + net);
            assertThatIllegalStateException().isThrownBy(pid::creatorUid)
                    .withMessage("only of user namespaces the creator is known, and this is " + pid);
        }
    }

    private static void assertRelated(Optional<NamespaceHandle> found, NamespaceHandle expected) {
        try (NamespaceHandle handle = found.orElseThrow()) {
            assertThat(handle).isEqualTo(expected);
        }
    }
}
