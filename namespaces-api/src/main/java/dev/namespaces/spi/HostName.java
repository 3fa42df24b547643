package dev.namespaces.spi;

import java.util.Objects;
import java.util.regex.Pattern;

/** What a resolver takes as the name of a host or of a domain. */
public final class HostName {

    private static final int MOST_CHARACTERS = 253;
    private static final String LABEL = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
    private static final Pattern NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

    private HostName() {}

    /**
     * Checks a name.
     *
     * @param name parts of 1 to 63 letters, digits, {@code _} and, in between, {@code -}, separated by dots; 253 characters in all
     * @return the name
     * @throws IllegalArgumentException if it is none
     */
    public static String checked(String name) {
        Objects.requireNonNull(name, "name");
        if (name.length() > MOST_CHARACTERS || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a name of a host or domain: \"" + name.replace('\0', '␀') + "\"");
        }
        return name;
    }
}
