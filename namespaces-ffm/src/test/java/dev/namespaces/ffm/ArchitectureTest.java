package dev.namespaces.ffm;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import dev.namespaces.Namespace;
import dev.namespaces.ffm.linux.Origin;
import dev.namespaces.ffm.linux.Native;
import java.lang.foreign.Linker;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How the modules are cut: see section 2 of the design. */
@Tag("slow-under-emulation") // and the same on every kernel
class ArchitectureTest {

    private static final JavaClasses ALL = new ClassFileImporter().importLocations(Set.of(
            Location.of(Origin.uri(Namespace.class)),
            Location.of(Origin.uri(FfmProvider.class))));
    private static final JavaClasses IMPLEMENTATION = ALL.that(resideInAPackage("dev.namespaces.ffm.."));

    @Test
    void bothModulesAreLookedAt() {
        assertThat(ALL.contain(Namespace.class)).isTrue();
        assertThat(ALL.contain(FfmProvider.class)).isTrue();
        assertThat(ALL.contain(ArchitectureTest.class)).as("tests").isFalse();
    }

    @Test
    void theForeignFunctionApiIsUsedByTheImplementationAlone() {
        noClasses().that().resideOutsideOfPackage("dev.namespaces.ffm..").should().dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..").check(ALL);
    }

    @Test
    void nativeCodeIsCalledInOnePlace() {
        noClasses().that().doNotBelongToAnyOf(Native.class).should().dependOnClassesThat()
                .areAssignableTo(Linker.class).check(ALL);
    }

    @Test
    void eachFloorUsesOnlyThoseBelow() {
        layeredArchitecture().consideringOnlyDependenciesInLayers() //
                .layer("floor 1").definedBy("dev.namespaces.ffm.linux..") //
                .layer("floor 2").definedBy("dev.namespaces.ffm.program..") //
                .layer("floor 3")
                .definedBy("dev.namespaces.ffm.spawn..", "dev.namespaces.ffm.live..", "dev.namespaces.ffm.mount..",
                        "dev.namespaces.ffm.net..", "dev.namespaces.ffm.cgroup..", "dev.namespaces.ffm.confine..",
                        "dev.namespaces.ffm.handle..", "dev.namespaces.ffm.inspect..") //
                .layer("floor 4").definedBy("dev.namespaces.ffm") //
                .whereLayer("floor 1").mayNotAccessAnyLayer() //
                .whereLayer("floor 2").mayOnlyAccessLayers("floor 1") //
                .whereLayer("floor 3").mayOnlyAccessLayers("floor 2", "floor 1") //
                .ensureAllClassesAreContainedInArchitecture() //
                .check(IMPLEMENTATION);
    }

    @Test
    void thePackagesOfTheImplementationFormNoCycle() {
        slices().matching("dev.namespaces.(**)").should().beFreeOfCycles().check(IMPLEMENTATION);
    }

    @Test
    void theApiKnowsNothingOfItsImplementation() {
        noClasses().that().resideOutsideOfPackage("dev.namespaces.ffm..").should().dependOnClassesThat()
                .resideInAPackage("dev.namespaces.ffm..").check(ALL);
    }

    @Test
    void theInnerPartsOfTheJdkAreLeftAlone() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("sun..", "com.sun..", "jdk.internal..")
                .check(ALL);
        noClasses().should().dependOnClassesThat().resideInAPackage("java.lang.reflect..").check(ALL);
    }

    @Test
    void nobodySleeps() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).orShould()
                .callMethod(Thread.class, "sleep", Duration.class).check(ALL);
    }
}
