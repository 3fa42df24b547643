package dev.namespaces.spi;

import dev.namespaces.IdRange;
import java.util.List;

/**
 * How a new user namespace maps ids.
 *
 * @param mapping where the maps come from
 * @param users with {@link Mapping#RANGES}, the ranges of user ids
 * @param groups with {@link Mapping#RANGES}, the ranges of group ids
 * @param denySetgroups whether setgroups(2) is denied even where the kernel does not demand it
 * @param forbidNested whether no further user namespace may be created inside
 */
public record UserSpec(Mapping mapping, List<IdRange> users, List<IdRange> groups, boolean denySetgroups,
        boolean forbidNested) {

    /** Unless told otherwise. */
    public static final UserSpec DEFAULT = new UserSpec(Mapping.ROOT, List.of(), List.of(), false, false);

    /** Keeps the lists from changing. */
    public UserSpec {
        users = List.copyOf(users);
        groups = List.copyOf(groups);
    }

    /** Where the maps come from. */
    public enum Mapping {
        /** The caller alone, as user and group 0. */
        ROOT,
        /** The caller alone, with the same ids as outside. */
        CURRENT,
        /** The ranges that are given. */
        RANGES,
        /** The caller as 0, and from 1 on its subordinate ids. */
        SUBORDINATE;

        /**
         * Whether it is a map of one id each, which a process may write for itself, without setgroups(2).
         *
         * @return true if it is
         */
        public boolean isOwnIdAlone() {
            return this == ROOT || this == CURRENT;
        }
    }

    /**
     * The same with other maps.
     *
     * @param other where they come from
     * @return a copy without ranges
     */
    public UserSpec with(Mapping other) {
        return new UserSpec(other, List.of(), List.of(), denySetgroups, forbidNested);
    }

    /**
     * The same with given ranges.
     *
     * @param otherUsers the ranges of user ids
     * @param otherGroups the ranges of group ids
     * @return a copy
     */
    public UserSpec with(List<IdRange> otherUsers, List<IdRange> otherGroups) {
        return new UserSpec(Mapping.RANGES, otherUsers, otherGroups, denySetgroups, forbidNested);
    }

    /**
     * The same without setgroups(2).
     *
     * @return a copy
     */
    public UserSpec withoutSetgroups() {
        return new UserSpec(mapping, users, groups, true, forbidNested);
    }

    /**
     * The same without user namespaces inside.
     *
     * @return a copy
     */
    public UserSpec withoutNested() {
        return new UserSpec(mapping, users, groups, denySetgroups, true);
    }
}
