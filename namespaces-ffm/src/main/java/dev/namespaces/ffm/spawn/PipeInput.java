package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Syscalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a child writes. The descriptor is given back at the end of the file, or when the child has ended and nobody else can write: what is left
 * then stays readable.
 */
final class PipeInput extends InputStream {

    private static final byte[] NOTHING = {};

    private final PipeEnd pipe;
    private final ReentrantLock reading = new ReentrantLock();
    private byte[] rest = NOTHING;
    private int restAt;
    private boolean ended;
    private volatile boolean closed;
    private volatile boolean missedEnd;

    PipeInput(int fd) {
        pipe = new PipeEnd(fd, Linux.EPOLLIN);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        reading.lock();
        try {
            if (closed) {
                throw new IOException("Stream closed");
            }
            if (restAt < rest.length) {
                return takeRest(target, offset, length);
            }
            return ended ? -1 : result(pipe.complete(fd -> readNow(fd, target, offset, length)));
        } finally {
            release();
        }
    }

    private int takeRest(byte[] target, int offset, int length) {
        int n = Math.min(length, rest.length - restAt);
        System.arraycopy(rest, restAt, target, offset, n);
        restAt += n;
        return n;
    }

    private int result(long result) throws IOException {
        if (result > 0) {
            return (int) result;
        }
        if (result < 0 && result != -Errno.EIO) { // so a terminal says that nobody holds its other end; a pipe never does
            throw new IOException("cannot read from the process: " + Errno.text((int) -result) + " ("
                    + Errno.name((int) -result) + ")");
        }
        end();
        return -1;
    }

    private void end() {
        ended = true;
        pipe.close();
    }

    private static long readNow(int fd, byte[] target, int offset, int length) {
        try (Buffers.Lease buffer = Buffers.borrow()) {
            long n = Syscalls.read(fd, buffer.address(), Math.min(length, Buffers.SIZE));
            if (n > 0) {
                MemorySegment.copy(buffer.memory(), ValueLayout.JAVA_BYTE, 0, target, offset, (int) n);
            }
            return n;
        }
    }

    /** Reads what there is, without waiting. The result is the number of bytes, -1 at the end of the file, 0 where there is nothing yet. */
    int readAvailable(byte[] target) throws IOException {
        reading.lock();
        try {
            if (closed) {
                return -1;
            }
            return restAt < rest.length ? takeRest(target, 0, target.length) : drain(target);
        } finally {
            release();
        }
    }

    private int drain(byte[] target) throws IOException {
        if (closed || ended) {
            return -1;
        }
        long n = pipe.attempt(fd -> readNow(fd, target, 0, target.length));
        return n == -Errno.EAGAIN ? 0 : result(n);
    }

    /** Runs something once there is something to read, or the end. */
    void whenReady(Runnable action) throws IOException {
        pipe.whenReady(action);
    }

    /**
     * The child has ended: keeps what it has written, and gives the descriptor back; once nobody holds the other end any more, that is, which a
     * descendant may do for long, and another child that is being cloned for a moment. Never waits: a reader that is at work sees to it when it is
     * done.
     */
    void childEnded() {
        missedEnd = true;
        if (!reading.tryLock()) {
            return;
        }
        try {
            missedEnd = false;
            if (closed || ended) {
                return;
            }
            if (!isHungUp()) { // a descendant may never stop writing
                pipe.whenHungUp(this::childEnded);
                return;
            }
            ByteArrayOutputStream kept = new ByteArrayOutputStream(0);
            kept.write(rest, restAt, rest.length - restAt);
            byte[] chunk = new byte[Math.max(1, unread())];
            for (int n = drain(chunk); n > 0; n = drain(chunk)) {
                kept.write(chunk, 0, n);
            }
            rest = kept.toByteArray();
            restAt = 0;
        } catch (IOException e) {
            end();
        } finally {
            release();
        }
    }

    private void release() {
        reading.unlock();
        if (missedEnd) {
            childEnded();
        }
    }

    /** Whether nobody holds the other end any more; poll(2). */
    private boolean isHungUp() {
        try (Buffers.Lease buffer = Buffers.borrow()) {
            long timeout = buffer.address() + Struct.PollFd.SIZE;
            buffer.setLong(Struct.PollFd.SIZE, 0);
            buffer.setLong(Struct.PollFd.SIZE + Long.BYTES, 0);
            return pipe.attempt(fd -> {
                buffer.setInt(Struct.PollFd.FD, fd);
                buffer.setInt(Struct.PollFd.EVENTS, Linux.POLLIN);
                return Syscalls.ppoll(buffer.address(), 1, timeout);
            }) > 0 && (buffer.getInt(Struct.PollFd.EVENTS) >>> Short.SIZE & Linux.POLLHUP) != 0;
        }
    }

    @Override
    public int available() throws IOException {
        if (closed) {
            throw new IOException("Stream closed");
        }
        reading.lock();
        try {
            return rest.length - restAt + (ended ? 0 : unread());
        } finally {
            release();
        }
    }

    private int unread() {
        try (Buffers.Lease count = Buffers.borrow()) {
            return pipe.attempt(fd -> Syscalls.ioctl(fd, Linux.FIONREAD, count.address())) < 0 ? 0 : count.getInt(0);
        }
    }

    @Override
    public void close() {
        closed = true;
        pipe.close();
    }
}
