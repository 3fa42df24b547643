package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A user as the host knows it.
 *
 * @param id its id
 * @param name its name, or the id where it has none
 */
record Account(int id, String name) {

    /** The user that this process acts as. A property of the JVM would say it too, but anybody may set that. */
    static Account current() throws NamespaceException {
        int file = Descriptors.high(Descriptors.memory("owner", false, false), Step.MAP_IDS, "");
        try {
            return new Account(Syscalls.geteuid(), Files.getOwner(Path.of("/proc/self/fd/" + file)).getName());
        } catch (IOException e) {
            NamespaceException exception = Refusals.exception(Step.MAP_IDS, "as the user's name cannot be found out",
                    Errno.ENOENT);
            exception.initCause(e);
            throw exception;
        } finally {
            Syscalls.close(file);
        }
    }
}
