package dev.namespaces.ffm.spawn;

/**
 * What an init has reported when it had started the command, and where it will report the end.
 *
 * @param descriptor on which the end is reported; -1 without an init
 * @param innerPid the command's pid in the init's pid namespace. Whoever is root inside may have falsified it.
 */
record Report(int descriptor, long innerPid) {

    /** Without an init. */
    static final Report NONE = new Report(-1, 0);

    boolean isOfInit() {
        return descriptor >= 0;
    }
}
