package dev.namespaces.ffm.linux;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;

/** The folder or the archive that classes came from; their protection domain would hide that their module is patched with the tests. */
public final class Origin {

    private static final String JAR = "jar:";

    private Origin() {}

    /** Where a class came from, as a path. */
    public static Path of(Class<?> type) {
        String uri = uri(type).toString();
        return Path.of(URI.create(uri.startsWith(JAR) ? uri.substring(JAR.length(), uri.indexOf("!/")) : uri)); // it may be a version of several
    }

    /** Where a class came from: {@code file:/…/} or {@code jar:file:/….jar!/}. */
    public static URI uri(Class<?> type) {
        String file = type.getName().replace('.', '/') + ".class";
        String url = Objects.requireNonNull(type.getResource("/" + file), file).toString();
        return URI.create(url.substring(0, url.length() - file.length()));
    }
}
