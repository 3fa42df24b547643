package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.linux.Syscalls;

/**
 * A user and a group.
 *
 * @param user the user id
 * @param group the group id
 */
record Ids(int user, int group) {

    /** To setresuid(2), the id that it has. */
    static final int SAME = -1;
    static final Ids UNCHANGED = new Ids(SAME, SAME);

    /** Those that this process acts with. */
    static Ids current() {
        return new Ids(Syscalls.geteuid(), Syscalls.getegid());
    }

    boolean areUnchanged() {
        return user == SAME && group == SAME;
    }
}
