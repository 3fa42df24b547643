package dev.namespaces;

import dev.namespaces.spi.Content;
import dev.namespaces.spi.MountStep;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The checks of what {@link MountConfig} is told, each value for itself. */
final class MountArguments {

    private static final int LARGEST_MODE = 07777;
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private MountArguments() {}

    /** An absolute path of the host. It keeps its "..", which means something else than it seems after a symbolic link. */
    static Path host(String what, Path path) {
        if (!path.getFileSystem().equals(FileSystems.getDefault())) {
            throw new IllegalArgumentException(what + " must be a path of the host, not of "
                    + path.getFileSystem().provider().getScheme() + ": " + path);
        }
        if (path.toString().isEmpty()) {
            throw new IllegalArgumentException(what + " must not be empty");
        }
        return path.toAbsolutePath();
    }

    static List<Path> hosts(String what, List<Path> paths, int atLeast) {
        List<Path> absolute = paths.stream().map(path -> host(what, path)).toList();
        if (absolute.size() < atLeast) {
            throw new IllegalArgumentException("at least " + atLeast + " of these are needed (" + what + "), not "
                    + absolute.size() + ": " + absolute);
        }
        return absolute;
    }

    /** An absolute path inside, without needless slashes and dots. */
    static String inside(String path) {
        Text.checkedInsidePath("path inside", path);
        List<String> names = new ArrayList<>();
        for (String name : path.split("/", -1)) {
            if (name.equals("..")) {
                throw new IllegalArgumentException("path inside must not contain \"..\": \"" + path + "\"");
            }
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return "/" + String.join("/", names);
    }

    static String linkContent(String content) {
        Text.checked("content of a symbolic link", content);
        if (content.isEmpty()) {
            throw new IllegalArgumentException("content of a symbolic link must not be empty");
        }
        return content;
    }

    static Content content(byte[] bytes) {
        return new Content(bytes.clone());
    }

    static int mode(int mode) {
        if (mode < 0 || mode > LARGEST_MODE) {
            throw new IllegalArgumentException("permissions must lie between 0 and 07777: %o (octal), %d (decimal)"
                    .formatted(mode, mode));
        }
        return mode;
    }

    static long size(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("size must be positive: " + bytes);
        }
        return bytes;
    }

    static Set<MountFlag> flags(MountFlag[] more, MountFlag... always) {
        Set<MountFlag> flags = EnumSet.noneOf(MountFlag.class);
        Collections.addAll(flags, always);
        Collections.addAll(flags, more);
        return flags;
    }

    static List<IdRange> ids(String what, List<IdRange> ranges) {
        List<IdRange> copy = List.copyOf(ranges);
        if (copy.isEmpty()) {
            throw new IllegalArgumentException("at least one range of " + what + " is needed");
        }
        return copy;
    }

    /** The path at which a descriptor's file is found now. */
    static Path descriptor(int descriptor) {
        Path link = DESCRIPTORS.resolve(Integer.toString(descriptor));
        Path path;
        try {
            path = Files.readSymbolicLink(link);
        } catch (IOException e) {
            throw new IllegalArgumentException("descriptor " + descriptor + " is not open", e);
        }
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("descriptor " + descriptor + " is no file or directory: " + path);
        }
        return path;
    }

    /** Which file a descriptor is open on, provided that it is to be found at this path. */
    static MountStep.FileIdentity identity(int descriptor, Path path) {
        try {
            MountStep.FileIdentity identity = identity(DESCRIPTORS.resolve(Integer.toString(descriptor)));
            if (!identity.equals(identity(path))) {
                throw new IllegalArgumentException(
                        "descriptor " + descriptor + " is open on a file that is no longer at " + path);
            }
            return identity;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "descriptor " + descriptor + " is open on a file that cannot be found at " + path, e);
        }
    }

    private static MountStep.FileIdentity identity(Path path) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:dev,ino");
        return new MountStep.FileIdentity(number(attributes, "dev"), number(attributes, "ino"));
    }

    private static long number(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof Long number ? number : -1;
    }
}
