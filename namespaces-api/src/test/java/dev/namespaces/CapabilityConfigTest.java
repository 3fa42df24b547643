package dev.namespaces;

import static dev.namespaces.Capability.CHECKPOINT_RESTORE;
import static dev.namespaces.Capability.CHOWN;
import static dev.namespaces.Capability.KILL;
import static dev.namespaces.Capability.SYSLOG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.spi.CapabilitySpec;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CapabilityConfigTest {

    private static final long NEWER = 1L << 41;

    @Test
    void numbersHaveNoGapAndNamesAreTheKernels() {
        assertThat(Capability.values()).extracting(Capability::number)
                .containsExactlyElementsOf(IntStream.range(0, Capability.values().length).boxed().toList());
        assertThat(CHECKPOINT_RESTORE.number()).isEqualTo(40);
        assertThat(Capability.NET_ADMIN.kernelName()).isEqualTo("CAP_NET_ADMIN");
    }

    @Test
    void byDefaultNothingIsTakenAndNothingGiven() {
        assertThat(spec(c -> {})).isEqualTo(new CapabilitySpec(-1, 0)).isEqualTo(CapabilitySpec.DEFAULT);
        assertThat(spec(c -> c.drop().add())).isEqualTo(CapabilitySpec.DEFAULT);
    }

    @Test
    void whatIsDroppedIsNeitherToBeHadNorGiven() {
        assertThat(spec(c -> c.drop(CHOWN, KILL))).isEqualTo(new CapabilitySpec(~0b100001, 0));
        assertThat(spec(c -> c.add(CHOWN, KILL).drop(CHOWN))).isEqualTo(new CapabilitySpec(~1, 0b100000));
        assertThat(spec(c -> c.addAll().drop(CHOWN))).isEqualTo(new CapabilitySpec(~1, ~1));
        assertThat(spec(c -> c.add(CHOWN).dropAll())).isEqualTo(new CapabilitySpec(0, 0));
    }

    @Test
    void whatIsKeptIsNotGivenAndNotTakenBack() {
        assertThat(spec(c -> c.keepOnly(CHOWN, KILL))).isEqualTo(new CapabilitySpec(0b100001, 0));
        assertThat(spec(c -> c.drop(CHOWN).keepOnly(CHOWN, KILL))).isEqualTo(new CapabilitySpec(0b100000, 0));
        assertThat(spec(c -> c.add(CHOWN, SYSLOG).keepOnly(CHOWN, KILL))).isEqualTo(new CapabilitySpec(0b100001, 1));
    }

    @Test
    void whatIsAddedIsToBeHadAgain() {
        assertThat(spec(c -> c.dropAll().add(CHOWN))).isEqualTo(new CapabilitySpec(1, 1));
        assertThat(spec(c -> c.add(CHOWN))).isEqualTo(new CapabilitySpec(-1, 1));
        assertThat(spec(c -> c.dropAll().addAll())).isEqualTo(new CapabilitySpec(-1, -1));
    }

    @Test
    void thoseOfNewerKernelsAreDroppedWithAllAndNotWithSome() {
        assertThat(spec(c -> c.dropAll()).bounding() & NEWER).isZero();
        assertThat(spec(c -> c.keepOnly(Capability.values())).bounding() & NEWER).isZero();
        assertThat(spec(c -> c.drop(Capability.values())).bounding() & NEWER).isNotZero();
        assertThat(spec(c -> c.addAll()).added() & NEWER).isNotZero();
        assertThat(CapabilitySpec.isAllBut(spec(c -> c.drop(Capability.values())).bounding())).isTrue();
        assertThat(CapabilitySpec.isAllBut(spec(c -> c.keepOnly(Capability.values())).bounding())).isFalse();
    }

    @Test
    void callsAccumulateAndEqualOnesMakeEqualRecipes() {
        Namespace twice = Namespace.builder().capabilities(c -> c.dropAll()).capabilities(c -> c.add(KILL)).build();

        assertThat(twice).isEqualTo(Namespace.builder().capabilities(c -> c.dropAll().add(KILL)).build())
                .isEqualTo(twice.toBuilder().build()).isNotEqualTo(Namespace.builder().build());
    }

    @Test
    void theyAreInThePlan() {
        assertThat(plan(c -> {})).doesNotContain("capabilit");
        assertThat(plan(c -> c.drop(CHOWN, KILL))).contains("capabilities that are dropped: CAP_CHOWN, CAP_KILL");
        assertThat(plan(c -> c.dropAll())).contains("every capability is dropped").doesNotContain("dropped but");
        assertThat(plan(c -> c.keepOnly(KILL).add(CHOWN))).contains(
                "every capability is dropped but CAP_CHOWN, CAP_KILL",
                "capabilities that the command has, whoever it runs as: CAP_CHOWN");
        assertThat(plan(c -> c.addAll().drop(SYSLOG)))
                .contains("the command has every capability but CAP_SYSLOG, whoever it runs as");
    }

    @Test
    void bwrapHasOptionsForThem() {
        assertThat(options(Namespace.builder(), c -> {})).isEmpty();
        assertThat(options(Namespace.builder(), c -> c.drop(CHOWN).add(KILL)))
                .isEqualTo("--cap-drop CAP_CHOWN --cap-add CAP_KILL");
        assertThat(options(Namespace.builder().user(), c -> c.drop(CHOWN).add(KILL)))
                .isEqualTo("--cap-add ALL --cap-drop CAP_CHOWN");
        assertThat(options(Namespace.builder().user(), c -> c.keepOnly(CHOWN, KILL)))
                .isEqualTo("--cap-drop ALL --cap-add CAP_CHOWN --cap-add CAP_KILL");
        assertThat(options(Namespace.builder(), c -> c.addAll().drop(CHOWN)))
                .isEqualTo("--cap-add ALL --cap-drop CAP_CHOWN");
    }

    private static CapabilitySpec spec(Consumer<CapabilityConfig> configurer) {
        return Namespace.builder().capabilities(configurer).spec().process().capabilities();
    }

    private static String plan(Consumer<CapabilityConfig> configurer) {
        return String.join("\n", Plan.of(Namespace.builder().capabilities(configurer).spec()));
    }

    private static String options(NamespaceBuilder builder, Consumer<CapabilityConfig> configurer) {
        return String.join(" ", BwrapLine.of(builder.capabilities(configurer).spec()).lines()
                .filter(line -> line.contains("--cap-")).map(line -> line.replaceAll("^bwrap|\\\\$", "").strip())
                .toList());
    }
}
