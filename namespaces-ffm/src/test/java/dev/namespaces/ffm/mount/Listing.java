package dev.namespaces.ffm.mount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** All that is in a directory: type, permissions, path, and content or where a link leads. */
final class Listing {

    private Listing() {}

    static List<String> of(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.sorted().map(file -> line(directory, file)).toList();
        }
    }

    private static String line(Path directory, Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class,
                    LinkOption.NOFOLLOW_LINKS);
            String type = attributes.isDirectory() ? "d" : attributes.isSymbolicLink() ? "l" : "-";
            String mode = PosixFilePermissions
                    .toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
            String content = switch (type) {
                case "l" -> " -> " + Files.readSymbolicLink(file);
                case "-" -> " = " + Files.readString(file);
                default -> "";
            };
            return type + mode + " " + directory.relativize(file) + content;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
