package dev.namespaces.spi;

import dev.namespaces.Propagation;
import java.util.List;

/**
 * What a new mount namespace contains.
 *
 * @param root its root directory
 * @param steps what is done there, in this order
 * @param propagation of all its mounts
 */
public record MountSpec(MountRoot root, List<MountStep> steps, Propagation propagation) {

    /** The host's files as they are. */
    public static final MountSpec DEFAULT = new MountSpec(new MountRoot.Host(), List.of(), Propagation.PRIVATE);

    /** Keeps the list from changing. */
    public MountSpec {
        steps = List.copyOf(steps);
    }
}
