package dev.namespaces;

import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.RunAsSpec;
import dev.namespaces.spi.UserSpec;
import java.util.ArrayList;
import java.util.List;

/** The checks of who a command may be: values at the setter, what depends on the maps once all is said. */
final class Identities {

    /** Of the kernel, {@code NGROUPS_MAX}. */
    private static final int MOST_GROUPS = 65536;

    private Identities() {}

    static RunAsSpec runAs(int uid, int gid, int... supplementaryGids) {
        if (supplementaryGids.length > MOST_GROUPS) {
            throw new IllegalArgumentException(
                    "a process may have " + MOST_GROUPS + " supplementary groups, not " + supplementaryGids.length);
        }
        List<Integer> supplementary = new ArrayList<>();
        for (int group : supplementaryGids) {
            supplementary.add(checked("supplementary group", group));
        }
        return new RunAsSpec(checked("user", uid), checked("group", gid), supplementary);
    }

    private static int checked(String what, int id) {
        if (id < 0) {
            throw new IllegalArgumentException("a " + what + " id must not be negative: " + id);
        }
        return id;
    }

    /**
     * Checks what can be known without asking the kernel who the JVM is.
     *
     * @throws IllegalStateException if the maps are incomplete, or do not have room for whoever the command is to run as
     */
    static void check(NamespaceSpec spec) {
        if (!spec.has(NamespaceKind.USER)) {
            return;
        }
        UserSpec user = spec.user();
        if (user.mapping() == UserSpec.Mapping.RANGES) {
            checkMapped("user", user.users());
            checkMapped("group", user.groups());
        }
        RunAsSpec runAs = spec.runAs();
        if (runAs == null) {
            return;
        }
        boolean setgroups = !user.denySetgroups() && !user.mapping().isOwnIdAlone();
        if (!setgroups && !runAs.supplementary().isEmpty()) {
            throw new IllegalStateException("supplementary groups " + runAs.supplementary()
                    + " cannot be set where setgroups is denied: by denySetgroups(), mapRoot() or mapCurrent()");
        }
        if (user.mapping() == UserSpec.Mapping.ROOT) {
            List<IdRange> root = List.of(new IdRange(0, 0, 1));
            checkCovered(runAs, root, root);
        } else if (user.mapping() == UserSpec.Mapping.RANGES) {
            checkCovered(runAs, user.users(), user.groups());
        }
    }

    private static void checkMapped(String what, List<IdRange> ranges) {
        if (ranges.isEmpty()) {
            throw new IllegalStateException("no " + what + " id is mapped: map(…) maps both kinds, map" + (what
                    .equals("user") ? "Users" : "Groups") + "(…) these");
        }
    }

    private static void checkCovered(RunAsSpec runAs, List<IdRange> users, List<IdRange> groups) {
        checkCovered("user", runAs.user(), users);
        checkCovered("group", runAs.group(), groups);
        runAs.supplementary().forEach(group -> checkCovered("group", group, groups));
    }

    private static void checkCovered(String what, int id, List<IdRange> ranges) {
        if (ranges.stream().noneMatch(range -> id >= range.inside() && id < range.inside() + range.count())) {
            throw new IllegalStateException("the command cannot run as " + what + " " + id
                    + ": that id inside is in no range that is mapped");
        }
    }
}
