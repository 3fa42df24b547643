package dev.namespaces.ffm.linux;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first two numbers of a kernel's release.
 *
 * @param major such as 6
 * @param minor such as 12
 */
public record KernelVersion(int major, int minor) {

    private static final Pattern START = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");

    /** Of the kernel that runs this JVM. */
    private static final KernelVersion RUNNING = parse(System.getProperty("os.version", ""));

    /**
     * The version of the kernel that runs this JVM.
     *
     * @return the version
     */
    public static KernelVersion running() {
        return RUNNING;
    }

    /**
     * Reads a release, as uname(2) gives it.
     *
     * @param release such as {@code "6.1.0-37-amd64"}
     * @return its version, 0.0 where it is not understood
     */
    public static KernelVersion parse(String release) {
        Matcher matcher = START.matcher(release);
        return matcher.lookingAt()
                ? new KernelVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
                : new KernelVersion(0, 0);
    }

    /**
     * Whether it is this version or a newer one.
     *
     * @param wantedMajor the major number
     * @param wantedMinor the minor number
     * @return true if it is
     */
    public boolean atLeast(int wantedMajor, int wantedMinor) {
        return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }
}
