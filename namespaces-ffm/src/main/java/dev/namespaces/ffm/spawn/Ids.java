package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.linux.Syscalls;

/**
 * A user and a group.
 *
 * @param user the user id
 * @param group the group id
 */
record Ids(int user, int group) {

    /** Those that this process acts with. */
    static Ids current() {
        return new Ids(Syscalls.geteuid(), Syscalls.getegid());
    }
}
