package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.CStrings;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.spi.MountStep;
import dev.namespaces.spi.NamespaceSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * The sources of idmapped binds, as copies of their mounts that are attached nowhere. It takes rights over the host's file system to make them, so
 * the JVM does it, and hands each child its own.
 */
final class IdmappedTrees {

    private IdmappedTrees() {}

    /** Those binds of a specification that have id maps, in their order. */
    static List<MountStep.Bind> of(NamespaceSpec spec) {
        return !spec.has(NamespaceKind.MOUNT)
                ? List.of()
                : spec.mount().steps().stream().filter(MountStep.Bind.class::isInstance)
                        .map(MountStep.Bind.class::cast).filter(bind -> bind.ids() != null).toList();
    }

    /**
     * Makes one.
     *
     * @param bind whose source
     * @param lowest the lowest number that the descriptor may have
     */
    static int open(MountStep.Bind bind, int lowest) throws NamespaceException {
        MountStep.IdMap ids = bind.ids();
        if (ids == null) {
            throw new IllegalArgumentException("no id map: " + bind);
        }
        int namespace = UserNamespaceFile.open(ids);
        try (Arena arena = Arena.ofConfined()) {
            int tree = Syscalls.openTree(Linux.AT_FDCWD, CStrings.allocate(arena, bind.source().toString()),
                    Linux.OPEN_TREE_CLONE | Linux.AT_RECURSIVE | Linux.O_CLOEXEC);
            tree = Descriptors.high(tree, lowest, Step.MOUNT_SOURCE, bind.source() + " for " + bind.target());
            MemorySegment attributes = arena.allocate(Struct.MountAttr.SIZE, Long.BYTES);
            attributes.set(ValueLayout.JAVA_LONG, Struct.MountAttr.SET, Linux.MOUNT_ATTR_IDMAP);
            attributes.set(ValueLayout.JAVA_LONG, Struct.MountAttr.USERNS_FD, namespace);
            int result = Syscalls.mountSetattr(tree, CStrings.allocate(arena, ""),
                    Linux.AT_EMPTY_PATH | Linux.AT_RECURSIVE, attributes.address(), Struct.MountAttr.SIZE);
            if (result < 0) {
                Syscalls.close(tree);
                throw Refusals.exception(Step.MOUNT_FLAGS, bind.source() + " (its id map)", -result,
                        MountRemedies.ofIdmap(-result));
            }
            return tree;
        } finally {
            Syscalls.close(namespace);
        }
    }
}
