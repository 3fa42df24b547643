package dev.namespaces.ffm.spawn;

import dev.namespaces.IdRange;
import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.spi.UserSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The maps of a user namespace that the JVM sees to while stage 2 waits, checked as far as that can be done before anything is started.
 *
 * @param users the user ids
 * @param groups the group ids
 * @param denySetgroups whether setgroups(2) is given up before the group ids are mapped
 */
record IdMaps(IdMap users, IdMap groups, boolean denySetgroups) {

    private static final int USUAL_PAGE = 4096;
    private static final long AT_PAGESZ = 6;

    static IdMaps of(UserSpec user, Ids ids, long effective) throws NamespaceException {
        List<IdRange> users = user.users();
        List<IdRange> groups = user.groups();
        if (user.mapping() == UserSpec.Mapping.SUBORDINATE) {
            Account account = Account.current();
            users = SubordinateIds.read(IdMap.Kind.USER, account).below(ids.user());
            groups = SubordinateIds.read(IdMap.Kind.GROUP, account).below(ids.group());
        }
        IdMap userMap = map(IdMap.Kind.USER, users, ids.user(), effective);
        IdMap groupMap = map(IdMap.Kind.GROUP, groups, ids.group(), effective);
        boolean unprivileged = (effective & IdMap.Kind.GROUP.capability) == 0;
        boolean deny = user.denySetgroups() || (unprivileged && !groupMap.byHelper()) || isSetgroupsDeniedHere();
        return new IdMaps(userMap, groupMap, deny);
    }

    /** The map of the own id alone, where it is not the child that writes it. */
    static IdMaps ofOwn(UserSpec user, Ids ids) {
        boolean root = user.mapping() == UserSpec.Mapping.ROOT;
        return new IdMaps(ofOwn(IdMap.Kind.USER, root, ids.user()), ofOwn(IdMap.Kind.GROUP, root, ids.group()), true);
    }

    private static IdMap ofOwn(IdMap.Kind kind, boolean root, int own) {
        long outside = Integer.toUnsignedLong(own);
        return new IdMap(kind, List.of(new IdRange(root ? 0 : outside, outside, 1)), false);
    }

    private static IdMap map(IdMap.Kind kind, List<IdRange> ranges, int own, long effective)
            throws NamespaceException {
        boolean ownAlone = ranges.size() == 1 && isOwn(ranges.getFirst(), own);
        boolean byHelper = !ownAlone && (effective & kind.capability) == 0;
        IdMap map = new IdMap(kind, ranges, byHelper);
        checkLength(map);
        if (byHelper) {
            checkHelper(kind);
            SubordinateIds granted = SubordinateIds.read(kind, Account.current());
            for (IdRange range : ranges) {
                if (!isOwn(range, own)) {
                    granted.require(range);
                }
            }
        } else {
            checkMappedHere(map);
        }
        return map;
    }

    private static boolean isOwn(IdRange range, int own) {
        return range.count() == 1 && range.outside() == Integer.toUnsignedLong(own);
    }

    /** The kernel takes a map in one piece that is shorter than a page; user_namespaces(7). */
    private static void checkLength(IdMap map) throws NamespaceException {
        int length = Math.max(map.text().length(), map.nestedText().length());
        int page = pageSize();
        if (length >= page) {
            throw Refusals.exception(Step.MAP_IDS, "of " + map.ranges().size() + " ranges of " + map.kind().text()
                    + " ids", Errno.EINVAL,
                    "as text they take " + length + " bytes, and the kernel takes less than "
                            + page + ": map fewer ranges, or smaller numbers");
        }
    }

    private static int pageSize() {
        try {
            ByteBuffer vector = ByteBuffer.wrap(Files.readAllBytes(Path.of("/proc/self/auxv")))
                    .order(ByteOrder.nativeOrder());
            while (vector.remaining() >= 2 * Long.BYTES) {
                long type = vector.getLong();
                long value = vector.getLong();
                if (type == AT_PAGESZ) {
                    return (int) value;
                }
            }
        } catch (IOException _) {
            // not readable for a process that is not dumpable
        }
        return USUAL_PAGE;
    }

    private static void checkHelper(IdMap.Kind kind) throws NamespaceException {
        if (!Files.isExecutable(Path.of(kind.helper))) {
            throw Refusals.exception(Step.MAP_IDS, "without " + kind.helper, Errno.ENOENT,
                    "without CAP_SETUID and CAP_SETGID it takes this program: install it"
                            + " (Debian's package uidmap, Fedora's shadow-utils)");
        }
    }

    /** What is outside of the new namespace must itself be an id of the JVM's. */
    private static void checkMappedHere(IdMap map) throws NamespaceException {
        List<IdRange> here = ranges(Path.of("/proc/thread-self", map.kind().file));
        for (IdRange range : map.ranges()) {
            boolean mapped = here.isEmpty() || here.stream().anyMatch(outer -> range.outside() >= outer.inside()
                    && range.outside() + range.count() <= outer.inside() + outer.count());
            if (!mapped) {
                throw Refusals.exception(Step.MAP_IDS, "\"" + range + "\"", Errno.EPERM,
                        "this JVM is itself in a user namespace, in which one range of " + map.kind().text()
                                + " ids must have them all, and there are "
                                + here.stream().map(r -> r.inside() + "-" + (r.inside() + r.count() - 1)).toList());
            }
        }
    }

    static List<IdRange> ranges(Path file) {
        List<IdRange> ranges = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                String[] numbers = line.strip().split(" +", 3);
                long count = Long.parseLong(numbers[2]);
                long most = 0xFFFF_FFFFL; // the host's own map has one more than there are ids
                if (Long.parseLong(numbers[1]) >= most) {
                    continue; // ids that are none of this user namespace
                }
                ranges.add(new IdRange(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Math.min(count, most)));
            }
        } catch (IOException _) {
            return List.of(); // then the kernel says it
        }
        return ranges;
    }

    /** Whether the JVM itself is in a user namespace without setgroups(2), which new ones inherit. */
    static boolean isSetgroupsDeniedHere() {
        try {
            return Files.readString(Path.of("/proc/thread-self/setgroups")).strip().equals("deny");
        } catch (IOException _) {
            return false; // then the kernel says it
        }
    }

    /** For explain(). */
    String text() {
        return "write " + users + (denySetgroups ? ", setgroups \"deny\"" : "") + ", " + groups;
    }
}
