package dev.namespaces.examples;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import java.io.IOException;

/**
 * An ordinary user who is root inside, over the subordinate ids that {@code /etc/subuid} and {@code /etc/subgid} grant: makes a Debian package with files of
 * several owners, and unpacks it. Takes {@code dpkg-deb}, and {@code newuidmap} and {@code newgidmap} (Debian: {@code uidmap}).
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
    private static final String UNPACK = "dpkg-deb --extract owners.deb unpacked";
    private static final String SHOW = "cd unpacked/var; stat --format '%n %A %u:%g' . mail page";

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
        String folder = run(box, "/", "mktemp --directory").strip();
        try {
            run(box, folder, BUILD);
            run(box, folder, UNPACK);
            System.out.print("inside:\n" + run(box, folder, SHOW));
            System.out.print("outside:\n" + run(Namespace.builder().build(), folder, SHOW));
        } finally {
            run(box, "/", "rm -r " + folder); // the user outside may not: most of the files are others'
        }
    }

    private static String run(Namespace namespace, String folder, String script)
            throws IOException, InterruptedException {
        return namespace.run(Command.of("sh", "-c", script).directory(folder)).orThrow().stdout();
    }
}
