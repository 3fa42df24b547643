package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.jspecify.annotations.Nullable;

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

    /** Of a process that is set up to wait, in namespaces of these kinds, and then handed the program. */
    static List<Spawn> eachParked(Set<NamespaceKind> kinds, boolean asPid1, CapabilitySpec capabilities)
            throws NamespaceException {
        NamespaceSpec spec = spec(kinds, asPid1, MountSpec.DEFAULT);
        NamespaceSpec capable = spec.with(spec.process().with(capabilities));
        return Recipe.of(new Job(capable, Demands.NONE, Entrance.of(capable), Job.Purpose.PARK)).refusals().stream()
                .map(Refused::parked).toList();
    }

    private static Spawn parked(Recipe recipe) {
        return program -> {
            CommandSpec command = command(program, "/");
            Parked parked = recipe.park();
            try (StandardStreams streams = StandardStreams.open(command, new Stream.Discard())) {
                Handover message = new Handover();
                assertThat(message.write(command, streams)).isTrue();
                Parked.Answer answer = parked.hand(message);
                if (answer == Parked.Answer.GONE) { // it has been refused something since it said that it waits
                    parked.discard();
                    throw StageTwoFiles.killed();
                }
                assertThat(answer).isEqualTo(Parked.Answer.TAKEN);
                return parked.run(command, streams);
            }
        };
    }

    /** The same without any refusal of the test's. */
    public static Spawn none(Set<NamespaceKind> kinds, boolean asPid1, MountSpec mount) throws NamespaceException {
        return spawn(Recipe.of(spec(kinds, asPid1, mount)));
    }

    private static Spawn spawn(Recipe recipe) {
        return program -> recipe.spawn(command(program, null));
    }

    private static NamespaceSpec spec(Set<NamespaceKind> kinds, boolean asPid1, MountSpec mount) {
        NamespaceSpec nothing = NamespaceSpec.NOTHING;
        return new NamespaceSpec(kinds, nothing.user(), new PidSpec(asPid1, PidSpec.ALL_SIGNALS, false), nothing.net(),
                nothing.time(),
                nothing.uts(),
                mount, nothing.process(), nothing.runAs(), nothing.join());
    }

    private static CommandSpec command(String program, @Nullable String directory) {
        return new CommandSpec(List.of(program), null, directory, true, Map.of(), new Stream.Pipe(),
                new Stream.Discard(),
                new Stream.Discard(), null, 0, null);
    }
}
