package dev.namespaces.benchmarks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The benchmarks measure the library as anybody uses it, and call nothing native themselves. */
class ArchitectureTest {

    private static final JavaClasses ALL = new ClassFileImporter().importPackages("dev.namespaces.benchmarks");

    @Test
    void theBenchmarksAreLookedAt() {
        assertThat(ALL.contain(SpawnBenchmark.class)).isTrue();
    }

    @Test
    void theForeignFunctionApiIsLeftToTheLibrary() {
        noClasses().should().dependOnClassesThat().resideInAPackage("java.lang.foreign..").check(ALL);
    }

    @Test
    void theInnerPartsOfTheJdkAreLeftAlone() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("sun..", "com.sun..", "jdk.internal..")
                .check(ALL);
    }
}
