package dev.namespaces;

import dev.namespaces.spi.LinkSpec;
import dev.namespaces.spi.MountStep;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.NetSpec;
import java.util.Optional;
import java.util.stream.Stream;

/** What a pool refuses: more than one process of it is set up at a time, so nothing may be asked for that can be there only once. */
final class PoolChecks {

    private static final int LARGEST = 1_000;

    private PoolChecks() {}

    static void check(int size, NamespaceSpec spec) {
        if (size < 1 || size > LARGEST) {
            throw new IllegalArgumentException("the size of a pool must be from 1 to " + LARGEST + ": " + size);
        }
        obstacles(spec).findFirst().ifPresent(what -> {
            throw new IllegalArgumentException("there can be no pool with " + what);
        });
    }

    private static Stream<String> obstacles(NamespaceSpec spec) {
        return Stream.of(spec.has(NamespaceKind.NET) ? ofNetwork(spec.net()) : Optional.<String>empty(),
                spec.has(NamespaceKind.MOUNT)
                        ? spec.mount().steps().stream().flatMap(PoolChecks::ofMount).findFirst()
                        : Optional.<String>empty(),
                spec.join().process() == null
                        ? Optional.<String>empty()
                        : Optional.of("joinAll: the process is looked at when a command is spawned"))
                .flatMap(Optional::stream);
    }

    private static Optional<String> ofNetwork(NetSpec net) {
        if (net.outbound() != null && !net.outbound().published().isEmpty()) {
            return Optional.of("a published port, which leads into one network alone: "
                    + net.outbound().published().getFirst().from());
        }
        return net.links().stream().flatMap(link -> ofLink(link.kind()).stream()).findFirst();
    }

    private static Optional<String> ofLink(LinkSpec.Kind kind) {
        return switch (kind) {
            case LinkSpec.Veth veth -> Optional.of("a pair whose other end has a name on the host: " + veth.hostEnd());
            case LinkSpec.Pair pair -> Optional.of("a pair whose other end has a name elsewhere: " + pair.peer());
            case LinkSpec.Moved moved -> Optional.of("an interface of the host's: " + moved.hostName());
            case LinkSpec.Macvlan macvlan -> macvlan.mode() == MacvlanMode.PASSTHRU
                    ? Optional.of("an interface of the host's for it alone: " + macvlan.lower())
                    : Optional.empty();
            case LinkSpec.Bridge _ -> Optional.empty();
        };
    }

    private static Stream<String> ofMount(MountStep step) {
        return step instanceof MountStep.Overlay overlay && overlay.upper() instanceof MountStep.Upper.Directory upper
                ? Stream.of("an overlay's upper directory, which belongs to one overlay alone: " + upper.directory())
                : Stream.empty();
    }
}
