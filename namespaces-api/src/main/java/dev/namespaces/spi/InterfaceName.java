package dev.namespaces.spi;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What the kernel takes as the name of a network interface. */
public final class InterfaceName {

    /** {@code IFNAMSIZ} less the NUL. */
    private static final int MOST_BYTES = 15;

    private InterfaceName() {}

    /**
     * Checks a name.
     *
     * @param name 1 to 15 bytes without white space, {@code /}, {@code :} and {@code %}, and neither {@code "."} nor {@code ".."}
     * @return the name
     * @throws IllegalArgumentException if it is none
     */
    public static String checked(String name) {
        Objects.requireNonNull(name, "name of an interface");
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "the name of an interface must have 1 to " + MOST_BYTES + " bytes, not " + bytes + ": \"" + name
                            + "\"");
        }
        if (name.equals(".") || name.equals("..") || hasRefused(name)) {
            throw new IllegalArgumentException("the name of an interface must not be \".\" or \"..\", nor contain "
                    + "white space, control characters, '/', ':' or '%': \"" + name.replace('\0', '␀') + "\"");
        }
        return name;
    }

    private static boolean hasRefused(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (isRefused(name.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** The kernel would take a {@code %d} as the place for a number of its choice. */
    private static boolean isRefused(char c) {
        return c <= ' ' || c == 0x7f || c == 0xa0 || c == '/' || c == ':' || c == '%'
                || Character.isSurrogate(c);
    }
}
