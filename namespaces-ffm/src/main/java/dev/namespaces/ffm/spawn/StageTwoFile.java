package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.CStrings;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.ffm.program.StageTwoImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/**
 * The file that stage 2 is executed from: one for the JVM, in memory, sealed.
 *
 * <p>
 * A process that is root inside may reach it as {@code /proc/1/exe}. The seals keep it from writing there and, where the kernel knows the seal,
 * from changing the mode; where it does not, the next exec fails with EACCES, and a new file {@linkplain #replace takes its place}.
 */
final class StageTwoFile {

    private static final int SEALS = Linux.F_SEAL_SEAL | Linux.F_SEAL_SHRINK | Linux.F_SEAL_GROW | Linux.F_SEAL_WRITE;
    private static final int MODE = 0555;

    private static int current = -1;
    /** How many use each file; one that has been replaced is closed when nobody does any more. */
    private static final Map<Integer, Integer> USES = new HashMap<>();

    private StageTwoFile() {}

    /** The file, which stays open at least until it is {@linkplain #release released}. */
    static synchronized int descriptor() throws NamespaceException {
        if (current < 0) {
            current = make();
        }
        USES.merge(current, 1, Integer::sum);
        return current;
    }

    /** Ends a use. */
    static synchronized void release(int descriptor) {
        if (USES.merge(descriptor, -1, Integer::sum) == 0) {
            USES.remove(descriptor);
            if (descriptor != current) {
                Syscalls.close(descriptor);
            }
        }
    }

    /** Makes a new file unless somebody has done so already; by one who uses the old one, and then releases it. */
    static synchronized void replace(int spoilt) throws NamespaceException {
        if (current == spoilt) {
            current = make();
        }
    }

    private static int make() throws NamespaceException {
        byte[] elf = StageTwoImage.elf(Native.abi());
        int fd = Descriptors.memory(SecondStage.NAME, true, true);
        if (fd < 0) {
            return unlinkedFile(elf, fd); // vm.memfd_noexec=2 forbids it with EACCES
        }
        fd = Descriptors.high(fd, Step.START_INIT, "");
        int result = fill(fd, elf);
        if (result >= 0) {
            result = Syscalls.fchmod(fd, MODE);
        }
        if (result >= 0) {
            result = Syscalls.fcntl(fd, Linux.F_ADD_SEALS, SEALS | Linux.F_SEAL_EXEC);
            if (result == -Errno.EINVAL) {
                result = Syscalls.fcntl(fd, Linux.F_ADD_SEALS, SEALS);
            }
        }
        if (result < 0) {
            Syscalls.close(fd);
            throw Refusals.exception(Step.START_INIT, "", -result);
        }
        return fd;
    }

    /** A file on disk without a name, reopened for reading: one that is open for writing cannot be executed. */
    private static int unlinkedFile(byte[] elf, int refused) throws NamespaceException {
        Path path;
        try {
            path = Files.createTempFile("namespaces", "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            NamespaceException exception = Refusals.exception(Step.START_INIT, "", -refused);
            exception.addSuppressed(e);
            throw exception;
        }
        try {
            Files.write(path, elf);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r-xr-xr-x"));
            return Descriptors.open(path.toString(), 0, Step.START_INIT, "");
        } catch (IOException e) {
            if (e instanceof NamespaceException exception) {
                throw exception;
            }
            NamespaceException exception = Refusals.exception(Step.START_INIT, "", -refused);
            exception.addSuppressed(e);
            throw exception;
        } finally {
            try (Arena arena = Arena.ofConfined()) {
                Syscalls.unlink(CStrings.allocate(arena, path.toString()));
            }
        }
    }

    private static int fill(int fd, byte[] content) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(content.length);
            copy.copyFrom(MemorySegment.ofArray(content));
            return Descriptors.writeAll(fd, copy.address(), content.length);
        }
    }
}
