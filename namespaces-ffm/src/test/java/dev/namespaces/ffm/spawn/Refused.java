package dev.namespaces.ffm.spawn;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.MountSpec;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.PidSpec;
import dev.namespaces.spi.Stream;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Spawns in each of which one system call of the setting up is refused. */
public final class Refused {

    private Refused() {}

    /** A spawn of a program. */
    public interface Spawn {
        NamespaceProcess of(String program) throws NamespaceException;
    }

    /** With the system call that is refused, in words. */
    public record Case(int number, Spawn spawn) {}

    /** Of a mount namespace, in others of these kinds, one spawn for each system call that may be refused. */
    public static List<Case> each(Set<NamespaceKind> kinds, boolean asPid1, MountSpec mount) throws NamespaceException {
        List<Recipe> recipes = Recipe.of(spec(kinds, asPid1, mount)).refusals();
        return java.util.stream.IntStream.range(0, recipes.size())
                .mapToObj(i -> new Case(i, program -> recipes.get(i).spawn(command(program)))).toList();
    }

    /** The same without any refusal of the test's. */
    public static Spawn none(Set<NamespaceKind> kinds, boolean asPid1, MountSpec mount) throws NamespaceException {
        Recipe recipe = Recipe.of(spec(kinds, asPid1, mount));
        return program -> recipe.spawn(command(program));
    }

    private static NamespaceSpec spec(Set<NamespaceKind> kinds, boolean asPid1, MountSpec mount) {
        NamespaceSpec nothing = NamespaceSpec.NOTHING;
        return new NamespaceSpec(kinds, nothing.user(), new PidSpec(asPid1), nothing.net(), nothing.uts(), mount,
                nothing.process());
    }
}
