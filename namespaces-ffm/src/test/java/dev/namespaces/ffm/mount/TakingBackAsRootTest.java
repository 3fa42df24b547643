package dev.namespaces.ffm.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.namespaces.Capability;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.OrdinaryUser;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeavesNothingBehind.class)
class TakingBackAsRootTest {

    @TempDir
    Path root;

    /** By then the command's process is nobody who could remove them, but for its capabilities or its init. */
    @Test
    void mountPointsAreTakenBackThoughTheCommandHasChangedItsIds() throws Exception {
        assumeFalse(OrdinaryUser.isSelf(), "changing ids takes root");
        Namespace launched = Namespace.builder().runAs(61234, 61234)
                .mount(mount -> mount.root(root).readOnlyBind(Path.of("/usr"), "/a/usr").tmpfs("/b").proc()).build();
        Namespace underInit = launched.toBuilder().pid().build();

        for (Namespace box : List.of(launched, underInit,
                launched.toBuilder().capabilities(c -> c.dropAll()).build(),
                underInit.toBuilder().capabilities(c -> c.dropAll()).build(),
                underInit.toBuilder().capabilities(c -> c.add(Capability.SYSLOG)).build())) {
            assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> box.spawn("/no/such/program"))
                    .satisfies(e -> assertThat(e.step()).isEqualTo(Step.EXECUTE));
            assertThat(content()).isEmpty();
        }
    }

    private List<Path> content() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.toList();
        }
    }
}
