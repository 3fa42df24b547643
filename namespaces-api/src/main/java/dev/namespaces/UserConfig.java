package dev.namespaces;

import dev.namespaces.spi.UserSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * How a new user namespace maps user and group ids; see user_namespaces(7).
 *
 * <h2>Which maps</h2>
 *
 * <p>
 * {@link #mapRoot()}, {@link #mapCurrent()} and {@link #mapSubordinate()} each replace what was said before. {@link #map map}, {@link #mapUsers
 * mapUsers} and {@link #mapGroups mapGroups} add a range to the ranges given so far, of which the kernel takes 340 for users and as many for groups,
 * and whose text must be shorter than a memory page (4096 bytes on most machines).
 *
 * <p>
 * {@code mapRoot} and {@code mapCurrent} map one id each, which needs no privilege. Every other map is written by the JVM where it has CAP_SETUID and
 * CAP_SETGID, and otherwise by {@code /usr/bin/newuidmap} and {@code /usr/bin/newgidmap}, which allow what {@code /etc/subuid} and
 * {@code /etc/subgid} grant to the JVM's user, and its own ids; newuidmap(1), newgidmap(1). A map that they would not allow is refused before anything
 * is started.
 *
 * <h2>Who the command is</h2>
 *
 * <p>
 * What the JVM's user and group are mapped to. If they are not mapped, it is root inside (id 0). If that is not mapped either, say who with
 * {@link NamespaceBuilder#runAs runAs}; a spawn is refused otherwise. The command has every capability <em>inside</em> its namespaces as long as its
 * user is 0 there, and none otherwise; capabilities(7).
 *
 * <h2>Supplementary groups</h2>
 *
 * <p>
 * {@code setgroups(2)} is denied inside with {@code mapRoot} and {@code mapCurrent}, with {@link #denySetgroups()}, and with a group map of nothing but
 * the JVM's own group where the JVM lacks CAP_SETGID: the kernel demands it of whoever has no privilege, as it would let a process drop a group, and
 * with it a group's <em>lack</em> of a permission (a file of mode {@code rwx---r-x} is closed to its group alone). There the JVM's supplementary groups
 * stay in force, whether they are mapped or not; those that are not are shown as 65534. Elsewhere a command that is root because the JVM's own ids are
 * not mapped has none, {@code runAs} sets them, and inner root may set them.
 *
 * <p>
 * Not thread-safe: used within {@link NamespaceBuilder#user(java.util.function.Consumer)} only.
 */
public final class UserConfig {

    private static final int MOST_RANGES = 340;

    private UserSpec spec;

    UserConfig(UserSpec spec) {
        this.spec = spec;
    }

    /**
     * Maps the JVM's user and group to root inside; the default.
     *
     * <p>
     * <strong>For a JVM that itself runs as root this is the host's root</strong>: whatever of root's files is visible inside stays writable.
     *
     * @return this
     */
    public UserConfig mapRoot() {
        spec = spec.with(UserSpec.Mapping.ROOT);
        return this;
    }

    /**
     * Maps the JVM's user and group to themselves, so that the command keeps its ids and has no privilege after its exec.
     *
     * @return this
     */
    public UserConfig mapCurrent() {
        spec = spec.with(UserSpec.Mapping.CURRENT);
        return this;
    }

    /**
     * Maps the JVM's user and group to root inside, and from id 1 on all subordinate ids that {@code /etc/subuid} and {@code /etc/subgid} grant to the
     * JVM's user, in their order there; subuid(5), subgid(5).
     *
     * <p>
     * They are read when the first command is spawned. Only these two files count, not other sources that {@code /etc/nsswitch.conf} may name. A spawn
     * is refused if one of the files grants nothing, or if a line of it that concerns this user is not understood; for root too, which usually has
     * no entry.
     *
     * <p>
     * <strong>For a JVM that itself runs as root, inner root is the host's root</strong>: use {@link #map map} with a range of ids that nobody has.
     *
     * @return this
     */
    public UserConfig mapSubordinate() {
        spec = spec.with(UserSpec.Mapping.SUBORDINATE);
        return this;
    }

    /**
     * Maps a range of user ids and the same range of group ids.
     *
     * @param inside the first id inside, 0 to 4294967294
     * @param outside the first id outside, as the JVM's own user namespace numbers it, 0 to 4294967294
     * @param count how many ids, one after the other; at least 1
     * @return this
     * @throws IllegalArgumentException if the range is empty or goes beyond 4294967294, if it overlaps with one that was given before, on either
     *         side, or if it is the 341st; nothing is changed then
     */
    public UserConfig map(long inside, long outside, long count) {
        IdRange range = new IdRange(inside, outside, count);
        spec = spec.with(with("user", spec.users(), range), with("group", spec.groups(), range));
        return this;
    }

    /**
     * Maps a range of user ids.
     *
     * @param inside the first id inside, 0 to 4294967294
     * @param outside the first id outside, as the JVM's own user namespace numbers it, 0 to 4294967294
     * @param count how many ids, one after the other; at least 1
     * @return this
     * @throws IllegalArgumentException as {@link #map map} does
     */
    public UserConfig mapUsers(long inside, long outside, long count) {
        spec = spec.with(with("user", spec.users(), new IdRange(inside, outside, count)), spec.groups());
        return this;
    }

    /**
     * Maps a range of group ids.
     *
     * @param inside the first id inside, 0 to 4294967294
     * @param outside the first id outside, as the JVM's own user namespace numbers it, 0 to 4294967294
     * @param count how many ids, one after the other; at least 1
     * @return this
     * @throws IllegalArgumentException as {@link #map map} does
     */
    public UserConfig mapGroups(long inside, long outside, long count) {
        spec = spec.with(spec.users(), with("group", spec.groups(), new IdRange(inside, outside, count)));
        return this;
    }

    private static List<IdRange> with(String what, List<IdRange> ranges, IdRange range) {
        if (ranges.size() == MOST_RANGES) {
            throw new IllegalArgumentException("the kernel takes " + MOST_RANGES + " ranges of " + what + " ids, and \""
                    + range + "\" would be one more");
        }
        for (IdRange other : ranges) {
            if (overlap(range.inside(), other.inside(), range, other)
                    || overlap(range.outside(), other.outside(), range, other)) {
                throw new IllegalArgumentException(
                        "ranges of " + what + " ids overlap: \"" + other + "\" and \"" + range + "\"");
            }
        }
        List<IdRange> all = new ArrayList<>(ranges);
        all.add(range);
        return all;
    }

    private static boolean overlap(long first, long otherFirst, IdRange range, IdRange other) {
        return first < otherFirst + other.count() && otherFirst < first + range.count();
    }

    /**
     * Denies {@code setgroups(2)} inside even where the kernel would allow it, so that nothing inside can drop one of the JVM's supplementary groups.
     *
     * <p>
     * Then {@link NamespaceBuilder#runAs runAs} cannot set supplementary groups, and {@link NamespaceBuilder#build()} refuses those that it was given.
     *
     * @return this
     */
    public UserConfig denySetgroups() {
        spec = spec.withoutSetgroups();
        return this;
    }

    /**
     * Keeps everything inside from creating a user namespace, and with it from gaining capabilities in one: unshare(2) and clone(2) answer ENOSPC.
     *
     * <p>
     * It holds against inner root, which may raise {@code /proc/sys/user/max_user_namespaces} as it likes: the command lives in a second user namespace
     * with the same ids, nested in the one that has the limit. For the same reason inner root has no rights over the <em>other</em> new namespaces, which
     * belong to the outer one: it cannot mount, set host names, or configure the network. {@code /proc/sys} must be there and writable to the JVM's
     * child, or the spawn is refused.
     *
     * @return this
     */
    public UserConfig forbidNestedUserNamespaces() {
        spec = spec.withoutNested();
        return this;
    }

    UserSpec spec() {
        return spec;
    }
}
