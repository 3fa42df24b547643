package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.IdRange;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceKind;
import dev.namespaces.Propagation;
import dev.namespaces.ffm.linux.KernelVersion;
import dev.namespaces.spi.MountRoot;
import dev.namespaces.spi.MountSpec;
import dev.namespaces.spi.MountStep;
import dev.namespaces.spi.NamespaceSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MountSupportTest {

    private static final Path HOST = Path.of("/host");
    private static final KernelVersion V5_10 = new KernelVersion(5, 10);
    private static final KernelVersion V5_11 = new KernelVersion(5, 11);
    private static final KernelVersion V5_12 = new KernelVersion(5, 12);
    private static final MountStep OVERLAY = new MountStep.Overlay(List.of(HOST), new MountStep.Upper.Memory(), "/x");
    private static final MountStep BIND = new MountStep.Bind(HOST, "/x", null, false, Set.of(), null);
    private static final MountStep IDMAPPED = new MountStep.Bind(HOST, "/x", null, false, Set.of(),
            new MountStep.IdMap(List.of(new IdRange(0, 1, 1)), List.of(new IdRange(0, 1, 1))));

    @Test
    void anOverlayInAUserNamespaceNeedsLinux511() {
        NamespaceSpec user = spec(Set.of(NamespaceKind.MOUNT, NamespaceKind.USER), OVERLAY);

        assertThat(MountSupport.whyUnsupported(user, V5_10, true))
                .isEqualTo("an overlay in a user namespace needs Linux 5.11, and this is 5.10: /x");
        assertThat(MountSupport.whyUnsupported(user, V5_11, false)).isEmpty();
        assertThat(MountSupport.whyUnsupported(spec(Set.of(NamespaceKind.MOUNT), OVERLAY), V5_10, true))
                .as("the host's root may").isEmpty();
    }

    @Test
    void anIdmappedBindNeedsLinux512AndRootOnTheHost() {
        NamespaceSpec user = spec(Set.of(NamespaceKind.MOUNT, NamespaceKind.USER), BIND, IDMAPPED);

        assertThat(MountSupport.whyUnsupported(user, V5_11, true))
                .isEqualTo("an idmapped bind needs Linux 5.12, and this is 5.11: /x");
        assertThat(MountSupport.whyUnsupported(user, V5_12, false))
                .isEqualTo("an idmapped bind needs CAP_SYS_ADMIN on the host, which this process lacks: /x");
        assertThat(MountSupport.whyUnsupported(user, V5_12, true)).isEmpty();
    }

    @Test
    void bindsWorkEverywhere() {
        assertThat(MountSupport.whyUnsupported(spec(Set.of(NamespaceKind.MOUNT, NamespaceKind.USER), BIND), V5_10,
                false)).isEmpty();
    }

    /** Which of the two it is depends on who runs this, and on which kernel. */
    @Test
    void whatThisHostCannotMountIsRefusedByBuild() {
        List<IdRange> ids = List.of(new IdRange(0, 1, 1));
        NamespaceBuilder builder = Namespace.builder().user()
                .mount(m -> m.emptyRoot().idmappedBind(HOST, "/x", ids, ids));
        String why = MountSupport.whyUnsupported(spec(Set.of(NamespaceKind.MOUNT, NamespaceKind.USER), IDMAPPED));

        if (why.isEmpty()) {
            assertThat(builder.build().kinds()).containsExactly(NamespaceKind.MOUNT, NamespaceKind.USER);
        } else {
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(builder::build).withMessage(why);
        }
    }

    private static NamespaceSpec spec(Set<NamespaceKind> kinds, MountStep... steps) {
        NamespaceSpec nothing = NamespaceSpec.NOTHING;
        return new NamespaceSpec(kinds, nothing.user(), nothing.pid(), nothing.net(), nothing.time(), nothing.uts(),
                new MountSpec(new MountRoot.Empty(), List.of(steps), Propagation.PRIVATE), nothing.process(), null,
                nothing.join());
    }
}
