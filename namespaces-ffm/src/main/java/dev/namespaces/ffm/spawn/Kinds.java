package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceKind;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Kinds of namespace as the kernel takes them, and as people read them. */
final class Kinds {

    private Kinds() {}

    /** As flags of clone(2), unshare(2) and setns(2). */
    static long flags(Collection<NamespaceKind> kinds) {
        long flags = 0;
        for (NamespaceKind kind : kinds) {
            flags |= kind.cloneFlag();
        }
        return flags;
    }

    /** The kinds that flags stand for. */
    static Set<NamespaceKind> of(long flags) {
        return Arrays.stream(NamespaceKind.values()).filter(kind -> (flags & kind.cloneFlag()) != 0)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(NamespaceKind.class)));
    }

    /** The flags as text, such as {@code CLONE_NEWNS|CLONE_NEWPID}. */
    static String text(Collection<NamespaceKind> kinds) {
        return kinds.stream().sorted().map(kind -> "CLONE_NEW" + (kind == NamespaceKind.MOUNT ? "NS" : kind.name()))
                .collect(Collectors.joining("|"));
    }

    /** Their names, such as {@code "mount, pid"}. */
    static String names(Collection<NamespaceKind> kinds) {
        return kinds.stream().sorted().map(kind -> kind.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    /** For exceptions of a clone. */
    static String withNew(Collection<NamespaceKind> kinds) {
        return kinds.isEmpty() ? "" : "with new " + names(kinds);
    }
}
