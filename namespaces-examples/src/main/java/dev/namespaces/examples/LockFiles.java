package dev.namespaces.examples;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Shared locks, as of fcntl(2), on files that a command sees. This process holds them; it loses one when it closes any descriptor of that file, so nothing
 * else here may open it.
 */
final class LockFiles implements AutoCloseable {

    private final List<FileChannel> locked = new ArrayList<>();

    /**
     * Locks a file.
     *
     * @param pid a process that has the command's root file system
     * @param file an absolute path there
     * @throws IOException if it cannot be opened, or somebody else has it locked for themselves alone
     */
    void lock(long pid, String file) throws IOException {
        FileChannel channel;
        try (DirectoryStream<Path> root = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "root"))) {
            Path path = Path.of(file).normalize();
            channel = open((SecureDirectoryStream<Path>) root, path.subpath(0, path.getNameCount()));
        } catch (IOException e) {
            String reason = e instanceof NoSuchFileException ? "there is none" : e.getMessage();
            throw new IOException("cannot lock " + file + ": " + reason, e);
        }
        locked.add(channel);
        try {
            if (channel.tryLock(0, Long.MAX_VALUE, true) == null) {
                throw new IOException("cannot lock " + file + ": somebody else has");
            }
        } catch (OverlappingFileLockException _) {
            // it was named twice
        }
    }

    /** Step by step, and following no link: an absolute one would lead to this process's root instead. */
    private static FileChannel open(SecureDirectoryStream<Path> folder, Path path) throws IOException {
        Path name = path.getName(0);
        if (path.getNameCount() == 1) {
            return (FileChannel) folder.newByteChannel(name,
                    Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        }
        try (SecureDirectoryStream<Path> next = folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            return open(next, path.subpath(1, path.getNameCount()));
        }
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : locked) {
            channel.close();
        }
    }
}
