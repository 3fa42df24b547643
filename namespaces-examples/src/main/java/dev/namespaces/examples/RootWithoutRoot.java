package dev.namespaces.examples;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An ordinary user who is root inside, over the subordinate ids that {@code /etc/subuid} and {@code /etc/subgid} grant: makes a Debian package with files of
 * several owners, and unpacks it. Takes {@code dpkg-deb}, {@code newuidmap} and {@code newgidmap}.
 *
 * <p>
 * {@code ./ns example RootWithoutRoot} prints whose the files are, inside and outside.
 */
public final class RootWithoutRoot {

    private static final String BUILD = """
            set -e
            mkdir -p source/DEBIAN source/var/mail
            printf '%s\\n' 'Package: owners' 'Version: 1' 'Architecture: all' 'Maintainer: nobody' 'Description: files of several owners' \\
                > source/DEBIAN/control
            echo page > source/var/page
            chown 33:33 source/var/page
            chown 0:8 source/var/mail
            chmod 2775 source/var/mail
            dpkg-deb --build source owners.deb
            """;
    private static final String UNPACK = """
            set -e
            dpkg-deb --extract owners.deb unpacked
            cd unpacked
            stat --format '%n: %u:%g %A' var var/mail var/page
            """;

    private RootWithoutRoot() {}

    /**
     * Builds and unpacks the package.
     *
     * @param arguments none
     * @throws IOException if something cannot be started, or fails
     * @throws InterruptedException never: nobody interrupts this thread
     */
    public static void main(String... arguments) throws IOException, InterruptedException {
        Namespace box = Namespace.builder().user(user -> user.mapSubordinate()).build();
        Path folder = Files.createTempDirectory("owners");
        try {
            run(box, folder, BUILD);
            System.out.print("inside:\n" + run(box, folder, UNPACK));
            System.out.print("outside:\n" + run(Namespace.builder().build(), folder.resolve("unpacked"),
                    "stat --format '%n: %u:%g' var var/mail var/page"));
        } finally {
            run(box, folder, "rm -r ./*"); // which the user outside may not
            Files.delete(folder);
        }
    }

    private static String run(Namespace namespace, Path folder, String script)
            throws IOException, InterruptedException {
        return namespace.run(Command.of("sh", "-c", script).directory(folder.toString())).orThrow().stdout();
    }
}
