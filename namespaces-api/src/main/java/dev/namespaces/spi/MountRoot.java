package dev.namespaces.spi;

import dev.namespaces.MountFlag;
import java.nio.file.Path;
import java.util.Set;

/** What becomes the root directory of a new mount namespace. */
public sealed interface MountRoot {

    /** The host's own. */
    record Host() implements MountRoot {}

    /** An empty file system in memory. */
    record Empty() implements MountRoot {}

    /**
     * A directory of the host and all that is mounted below it.
     *
     * @param source the directory, absolute
     * @param flags added to each of those mounts
     */
    record Directory(Path source, Set<MountFlag> flags) implements MountRoot {

        /** Keeps the set from changing. */
        public Directory {
            flags = Set.copyOf(flags);
        }
    }
}
