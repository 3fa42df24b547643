package dev.namespaces.ffm.mount;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** All that is in a directory: path, type, permissions, and content or where a link leads. */
final class Listing {

    private Listing() {}

    static List<String> of(Path directory) throws IOException {
        List<String> lines = new ArrayList<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path found, BasicFileAttributes attributes) throws IOException {
                lines.add(line(directory, found, attributes));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path found, BasicFileAttributes attributes) throws IOException {
                lines.add(line(directory, found, attributes));
                return FileVisitResult.CONTINUE;
            }

            // A directory that is closed to the user.
            @Override
            public FileVisitResult visitFileFailed(Path found, IOException e) throws IOException {
                return visitFile(found, attributes(found));
            }
        });
        Collections.sort(lines);
        return lines;
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static String line(Path directory, Path file, BasicFileAttributes attributes) throws IOException {
        String type = attributes.isDirectory() ? "d" : attributes.isSymbolicLink() ? "l" : "-";
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
        String content = switch (type) {
            case "l" -> " -> " + Files.readSymbolicLink(file);
            case "-" -> " = " + Files.readString(file);
            default -> "";
        };
        return directory.relativize(file) + " " + type + mode + content;
    }
}
