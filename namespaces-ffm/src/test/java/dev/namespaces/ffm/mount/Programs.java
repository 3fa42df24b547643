package dev.namespaces.ffm.mount;

import dev.namespaces.MountConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The host's programs in a mount namespace, as far as tests need them. */
final class Programs {

    /** Where else than in /usr they are, and where that leads if it is a link. */
    private static final Map<String, String> PLACES = places();

    private Programs() {}

    private static Map<String, String> places() {
        Map<String, String> places = new TreeMap<>();
        for (String name : List.of("/bin", "/lib", "/lib64", "/sbin")) {
            try {
                Path path = Path.of(name);
                places.put(name, Files.isSymbolicLink(path) ? Files.readSymbolicLink(path).toString() : "");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return places;
    }

    /** Shows them where nothing is yet. */
    static MountConfig make(MountConfig mount) {
        PLACES.forEach((name, link) -> {
            if (!link.isEmpty()) {
                mount.symlink(link, name);
            }
        });
        return show(mount);
    }

    /** Shows them in a root that has been {@linkplain #prepare prepared}. */
    static MountConfig show(MountConfig mount) {
        mount.readOnlyBind("/usr");
        PLACES.forEach((name, link) -> {
            if (link.isEmpty()) {
                mount.readOnlyBindIfExists(name);
            }
        });
        return mount;
    }

    /** Prepares an empty directory to become a root. */
    static void prepare(Path root) throws IOException {
        Files.createDirectory(root.resolve("usr"));
        for (Map.Entry<String, String> place : PLACES.entrySet()) {
            Path path = root.resolve(place.getKey().substring(1));
            if (place.getValue().isEmpty()) {
                Files.createDirectory(path);
            } else {
                Files.createSymbolicLink(path, Path.of(place.getValue()));
            }
        }
    }
}
