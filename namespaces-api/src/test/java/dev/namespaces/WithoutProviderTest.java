package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The implementation is not on the path of this module's tests, as it is not for whoever forgets the dependency. */
class WithoutProviderTest {

    private final Namespace namespace = Namespace.builder().user().pid().build();

    @Test
    void nothingIsSupported() {
        assertThat(Namespace.isSupported()).isFalse();
    }

    @Test
    void theMissingDependencyIsNamed() {
        assertNamesTheDependency(() -> namespace.spawn("true"));
        assertNamesTheDependency(() -> namespace.run("true"));
        assertNamesTheDependency(() -> Namespace.builder().spawn("true"));
        assertNamesTheDependency(() -> Namespace.builder().run("true"));
        assertNamesTheDependency(() -> NamespaceHandle.ofCurrentThread(NamespaceKind.NET));
        assertNamesTheDependency(Namespaces::snapshot);
    }

    @Test
    void aPipeThatNobodyCouldServeIsRefusedFirst() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> namespace.run(Command.of("cat").stdin(Stdio.pipe())))
                .withMessage("run() cannot serve a pipe to standard input: use Stdio.bytes(…), or spawn()");
    }

    @Test
    void aTerminalThatNobodyCouldServeIsRefusedFirst() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> namespace.run(Command.of("cat").stdin(Stdio.terminal(24, 80))))
                .withMessage("run() cannot type into a terminal: use spawn()");
    }

    private static void assertNamesTheDependency(ThrowingCallable call) {
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(call)
                .withMessage("no implementation of namespaces was found: add the dependency"
                        + " dev.namespaces:namespaces-ffm (and --add-modules dev.namespaces.ffm on the module path)");
    }
}
