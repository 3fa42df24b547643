package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Syscalls;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/** What a child reads. */
final class PipeOutput extends OutputStream {

    private final PipeEnd pipe;
    private final ReentrantLock writing = new ReentrantLock();

    PipeOutput(int fd) {
        pipe = new PipeEnd(fd, Linux.EPOLLOUT);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[]{(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        writing.lock();
        try {
            int written = 0;
            while (written < length) {
                int from = offset + written;
                int most = Math.min(length - written, Buffers.SIZE);
                long n = pipe.complete(fd -> writeNow(fd, source, from, most));
                if (n < 0) {
                    throw new IOException(
                            "cannot write to the process: " + Errno.text((int) -n) + " (" + Errno.name((int) -n) + ")");
                }
                written += (int) n;
            }
        } finally {
            writing.unlock();
        }
    }

    private static long writeNow(int fd, byte[] source, int offset, int length) {
        try (Buffers.Lease buffer = Buffers.borrow()) {
            MemorySegment.copy(source, offset, buffer.memory(), ValueLayout.JAVA_BYTE, 0, length);
            return Syscalls.write(fd, buffer.address(), length);
        }
    }

    @Override
    public void close() {
        pipe.close();
    }
}
