package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.spi.CapabilitySpec;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.MountSpec;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.NetSpec;
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

    /** Of a mount namespace, in others of these kinds, one spawn for each system call that may be refused. */
    public static List<Spawn> each(Set<NamespaceKind> kinds, boolean asPid1, MountSpec mount)
            throws NamespaceException {
        return Recipe.of(spec(kinds, asPid1, mount)).refusals().stream().map(Refused::spawn).toList();
    }

    /** Of a command with such capabilities, in namespaces of these kinds. */
    static List<Spawn> each(Set<NamespaceKind> kinds, CapabilitySpec capabilities) throws NamespaceException {
        NamespaceSpec spec = spec(kinds, false, MountSpec.DEFAULT);
        return Recipe.of(spec.with(spec.process().with(capabilities))).refusals().stream().map(Refused::spawn).toList();
    }

    /** In namespaces of these kinds, of which the network contains something. */
    public static List<Spawn> each(Set<NamespaceKind> kinds, NetSpec net) throws NamespaceException {
        NamespaceSpec nothing = NamespaceSpec.NOTHING;
        return Recipe.of(new NamespaceSpec(kinds, nothing.user(), nothing.pid(), net, nothing.time(), nothing.uts(),
                nothing.mount(), nothing.process(), null, nothing.join())).refusals().stream().map(Refused::spawn)
                .toList();
    }

    /** The same without any refusal of the test's. */
    public static Spawn none(Set<NamespaceKind> kinds, boolean asPid1, MountSpec mount) throws NamespaceException {
        return spawn(Recipe.of(spec(kinds, asPid1, mount)));
    }

    private static Spawn spawn(Recipe recipe) {
        return program -> recipe.spawn(command(program));
    }

    private static NamespaceSpec spec(Set<NamespaceKind> kinds, boolean asPid1, MountSpec mount) {
        NamespaceSpec nothing = NamespaceSpec.NOTHING;
        return new NamespaceSpec(kinds, nothing.user(), new PidSpec(asPid1, PidSpec.ALL_SIGNALS, false), nothing.net(),
                nothing.time(),
                nothing.uts(),
                mount, nothing.process(), nothing.runAs(), nothing.join());
    }

    private static CommandSpec command(String program) {
        return new CommandSpec(List.of(program), null, null, true, Map.of(), new Stream.Pipe(), new Stream.Discard(),
                new Stream.Discard(), null, 0, null);
    }
}
