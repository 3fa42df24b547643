package dev.namespaces.spi;

import dev.namespaces.IdRange;
import dev.namespaces.MountFlag;
import dev.namespaces.Propagation;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A step of making a mount namespace's files. Sources are absolute and looked up on the host; targets are absolute and looked up inside the new
 * root, and never lead out of it. Missing directories on the way to a target, and missing mount points, are made.
 */
public sealed interface MountStep {

    /**
     * Where it happens.
     *
     * @return an absolute path inside
     */
    String target();

    /**
     * A file or directory of the host, with all that is mounted below it.
     *
     * @param source what is mounted
     * @param target where
     * @param identity what the source must turn out to be, or null if anything will do
     * @param optional whether a missing source is passed over
     * @param flags added to each of those mounts
     * @param ids how the owners of its files are shown, or null to show them as they are
     */
    record Bind(Path source, String target, @Nullable FileIdentity identity, boolean optional, Set<MountFlag> flags,
            @Nullable IdMap ids) implements MountStep {

        /** Keeps the set from changing. */
        public Bind {
            flags = Set.copyOf(flags);
        }
    }

    /**
     * Which file it is, whatever its path.
     *
     * @param device {@code st_dev}
     * @param inode {@code st_ino}
     */
    record FileIdentity(long device, long inode) {}

    /**
     * Ids on the disk (inside) and those that they are shown as (outside).
     *
     * @param users of users
     * @param groups of groups
     */
    record IdMap(List<IdRange> users, List<IdRange> groups) {

        /** Keeps the lists from changing. */
        public IdMap {
            users = List.copyOf(users);
            groups = List.copyOf(groups);
        }
    }

    /**
     * A file system in memory.
     *
     * @param target where
     * @param size its limit in bytes, or empty for the kernel's half of memory
     * @param mode the permissions of its root
     * @param flags of the mount
     */
    record Tmpfs(String target, OptionalLong size, int mode, Set<MountFlag> flags) implements MountStep {

        /** Keeps the set from changing. */
        public Tmpfs {
            flags = Set.copyOf(flags);
        }
    }

    /**
     * A file system of the kernel's.
     *
     * @param type which
     * @param target where
     */
    record Special(Type type, String target) implements MountStep {}

    /** The kernel's file systems. */
    enum Type {
        /** proc(5). */
        PROC,
        /** sysfs(5). */
        SYSFS,
        /** mq_overview(7). */
        MQUEUE,
        /** pts(4), an instance of its own. */
        DEVPTS
    }

    /**
     * A minimal {@code /dev}: the harmless devices of the host, terminals of its own, and the usual links.
     *
     * @param target where
     */
    record Dev(String target) implements MountStep {}

    /**
     * Directories laid over each other.
     *
     * @param lower the layers that are only read, the topmost first
     * @param upper what takes the writes, and the kernel's working directory beside it, or null
     * @param target where
     */
    record Overlay(List<Path> lower, @Nullable Upper upper, String target) implements MountStep {

        /** Keeps the list from changing. */
        public Overlay {
            lower = List.copyOf(lower);
        }
    }

    /** What takes the writes to an overlay. */
    sealed interface Upper {

        /**
         * A directory of the host.
         *
         * @param directory the upper directory
         * @param work an empty directory on the same file system
         */
        record Directory(Path directory, Path work) implements Upper {}

        /** Memory: writes vanish with the namespace. */
        record Memory() implements Upper {}
    }

    /**
     * A new file.
     *
     * @param target where
     * @param content what is in it
     * @param mode its permissions
     */
    record NewFile(String target, Content content, int mode) implements MountStep {}

    /**
     * A file in memory, mounted over the target.
     *
     * @param target where
     * @param content what is in it
     * @param mode its permissions
     * @param readOnly whether nobody can write to it
     */
    record DataBind(String target, Content content, int mode, boolean readOnly) implements MountStep {}

    /**
     * A directory; one that is there already is left as it is.
     *
     * @param target where
     * @param mode the permissions of a new one
     */
    record Directory(String target, int mode) implements MountStep {}

    /**
     * A symbolic link.
     *
     * @param content where it leads
     * @param target where
     */
    record Symlink(String content, String target) implements MountStep {}

    /**
     * Permissions of what is there.
     *
     * @param target where
     * @param mode the permissions
     */
    record Chmod(String target, int mode) implements MountStep {}

    /**
     * Makes the mount at the target read-only, without those below it.
     *
     * @param target where
     */
    record RemountReadOnly(String target) implements MountStep {}

    /**
     * Hides what is there, if something is: an empty read-only directory, or the null device over a file.
     *
     * @param target where
     */
    record Mask(String target) implements MountStep {}

    /**
     * Makes what is there, if something is, and all that is mounted below it, read-only.
     *
     * @param target where
     */
    record ReadOnlyPath(String target) implements MountStep {}

    /**
     * Sets the propagation of the mount at the target and of all that is mounted below it.
     *
     * @param target where
     * @param propagation to what
     */
    record Propagate(String target, Propagation propagation) implements MountStep {}
}
