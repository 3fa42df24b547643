package dev.namespaces.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file to which a program appends the time of its first instruction; the clock is {@link System#nanoTime}'s. */
record Stamps(Path file, FileChannel channel) implements Closeable {

    static Stamps open(Path file) throws IOException {
        return new Stamps(file, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE));
    }

    /** A spawn in this JVM of a program that writes such a time. */
    Side side(Spawn spawn) {
        return Side.of(() -> {
            long start = System.nanoTime();
            spawn.run();
            return take() - start;
        });
    }

    private long take() throws IOException {
        ByteBuffer stamp = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        channel.read(stamp, 0);
        channel.truncate(0);
        return stamp.flip().getLong();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
