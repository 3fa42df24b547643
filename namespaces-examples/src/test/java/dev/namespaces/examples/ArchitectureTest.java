package dev.namespaces.examples;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** The examples and the command line use the library as anybody would, and call nothing native themselves. */
class ArchitectureTest {

    private static final JavaClasses ALL = new ClassFileImporter().importPackages("dev.namespaces.examples");

    @Test
    void programsAndTestsAreLookedAt() {
        assertThat(ALL.contain(Ns.class)).isTrue();
        assertThat(ALL.contain(ArchitectureTest.class)).isTrue();
    }

    @Test
    void theForeignFunctionApiIsLeftToTheLibrary() {
        noClasses().should().dependOnClassesThat().resideInAPackage("java.lang.foreign..").check(ALL);
    }

    @Test
    void ofTheInnerPartsOfTheJdkSignalsAloneAreUsed() {
        noClasses().should().dependOnClassesThat(resideInAnyPackage("sun..", "com.sun..", "jdk.internal..")
                .and(not(belongToAnyOf(Signal.class, SignalHandler.class)))
                .and(not(resideInAPackage("com.sun.net.httpserver")))) // which the JDK exports in spite of its name
                .check(ALL);
    }

    @Test
    void theLibraryIsUsedByItsApiAlone() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("dev.namespaces.ffm..", "dev.namespaces.spi..")
                .check(ALL);
    }
}
