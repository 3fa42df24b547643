package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.mount.MountCheck;
import dev.namespaces.spi.CommandSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Compares a child's mounts, while it waits, with what they should be. */
final class MountKeeper implements Gates.Keeper {

    private final MountCheck check;

    MountKeeper(MountCheck check) {
        this.check = check;
    }

    @Override
    public void pass(Newborn child, Gates.Arrival arrival, CommandSpec command) throws NamespaceException {
        Path file = Path.of("/proc", Integer.toString(child.pid()), "mountinfo");
        Optional<String> difference;
        try {
            difference = check.difference(Files.readString(file));
        } catch (IOException e) {
            NamespaceException exception = Refusals.exception(Step.MOUNT_FLAGS, "of what cannot be read in " + file,
                    Errno.EIO);
            exception.initCause(e);
            throw exception;
        }
        if (difference.isPresent()) {
            throw Refusals.exception(Step.MOUNT_FLAGS, difference.get(), Errno.EAGAIN,
                    "the host's mounts have changed during the spawn: try again");
        }
    }
}
