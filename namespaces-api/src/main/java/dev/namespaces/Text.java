package dev.namespaces;

import java.util.Objects;

/** The checks that every string must pass before it may become one of the kernel's NUL-terminated ones. */
final class Text {

    private Text() {}

    static String checked(String what, String text) {
        Objects.requireNonNull(text, what);
        int nul = text.indexOf('\0');
        if (nul >= 0) {
            throw new IllegalArgumentException(
                    what + " contains NUL at index " + nul + ": \"" + text.replace('\0', '␀') + "\"");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new IllegalArgumentException(what + " cannot be encoded: an unpaired surrogate at index " + i);
            }
        }
        return text;
    }

    static String checkedVariable(String name) {
        checked("environment variable name", name);
        if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw new IllegalArgumentException(
                    "environment variable name must not be empty or contain '=': \"" + name + "\"");
        }
        return name;
    }

    static String checkedInsidePath(String what, String path) {
        checked(what, path);
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException(what + " must be absolute: \"" + path + "\"");
        }
        return path;
    }
}
