package dev.namespaces.ffm.linux;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Whoever is not root: this JVM's user, or where that is root, a user without an account and without any other process. */
public final class OrdinaryUser {

    private static final String ID = "61234";
    private static final Map<String, String> COPIES = new HashMap<>();

    private OrdinaryUser() {}

    /** Whether this JVM runs without the privileges of root. */
    public static boolean isSelf() {
        return Syscalls.geteuid() != 0;
    }

    /** What root puts in front of a command for it to run as that user. */
    public static String[] command() {
        return new String[]{"setpriv", "--reuid=" + ID, "--regid=" + ID, "--clear-groups", "--"};
    }

    /** The same class path, in a place that everybody can read. */
    static synchronized String readable(String classPath) throws IOException {
        String copy = COPIES.get(classPath);
        if (copy == null) {
            Path folder = Files.createTempDirectory("class-path");
            open(folder);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            List<String> copies = new ArrayList<>();
            for (String element : classPath.split(File.pathSeparator, -1)) {
                copies.add(copy(Path.of(element), folder.resolve(Integer.toString(copies.size()))).toString());
            }
            copy = String.join(File.pathSeparator, copies);
            COPIES.put(classPath, copy);
        }
        return copy;
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                open(target);
            }
        }
        return to;
    }

    private static void open(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException _) {
            // it lies in the folder for temporary files
        }
    }
}
