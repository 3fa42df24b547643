package dev.namespaces.ffm.spawn;

import dev.namespaces.Capture;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.ffm.net.PacketRing;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes what comes into a {@link PacketRing} to a file, one block at a time, on a thread of its own: a file may be slow. That thread waits in Java, until the {@link Watcher} has seen that there is a block.
 */
public final class PacketCapture implements Capture {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final PipeEnd socket;
    private final PacketRing ring;
    private final int file;
    private final String name;
    private final Semaphore news = new Semaphore(0);
    private final AtomicLong packets = new AtomicLong();
    private final Thread thread;
    private volatile boolean ending;
    private long dropped;
    private @Nullable NamespaceException failure;

    private PacketCapture(int socket, PacketRing ring, int file, String name) {
        this.socket = new PipeEnd(socket, Linux.EPOLLIN);
        this.ring = ring;
        this.file = file;
        this.name = name;
        this.thread = Thread.ofPlatform().daemon().name("namespaces-capture-" + NUMBER.incrementAndGet())
                .inheritInheritableThreadLocals(false).unstarted(this::run);
    }

    /**
     * Begins.
     *
     * @param network what is captured, the caller's
     * @param file where packets are written to
     * @return the capture
     * @throws NamespaceException if a step is refused
     */
    public static PacketCapture start(NamespaceHandle network, Path file) throws NamespaceException {
        String name = "to " + file;
        int socket = PacketSocket.open(network);
        PacketRing ring = null;
        int opened = -1;
        boolean started = false;
        try {
            ring = PacketRing.of(socket);
            opened = StreamFile.open(file, Linux.O_WRONLY | Linux.O_CREAT | Linux.O_TRUNC, Step.CAPTURE, name);
            PacketCapture capture = new PacketCapture(socket, ring, opened, name);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment header = arena.allocate(PacketRing.BLOCK);
                capture.write(header.address(), PacketRing.begin(header));
            }
            PacketRing.start(socket);
            capture.thread.start();
            started = true;
            return capture;
        } finally {
            if (!started) {
                if (opened >= 0) {
                    Syscalls.close(opened);
                }
                if (ring != null) {
                    ring.close();
                }
                Syscalls.close(socket);
            }
        }
    }

    private void run() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocate(PacketRing.BLOCK);
            boolean ended = false;
            while (!ended) {
                boolean last = ending; // first: what had come by then is taken now, or is in the block that is being filled
                take(block);
                ended = last && !ring.isFilling();
                if (!ended) {
                    socket.whenReady(news::release);
                    news.acquireUninterruptibly();
                }
            }
        } catch (NamespaceException e) {
            failure = e;
        } catch (IOException e) {
            failure = Refusals.exception(Step.CAPTURE, name, Errno.EIO, e.getMessage());
        } finally {
            dropped();
            ring.close();
            socket.close();
            Syscalls.close(file);
        }
    }

    private void take(MemorySegment block) throws NamespaceException {
        PacketRing.Taken taken = ring.take(block);
        while (taken != null) {
            write(block.address(), taken.bytes());
            packets.addAndGet(taken.packets());
            taken = ring.take(block);
        }
    }

    private void write(long address, long length) throws NamespaceException {
        long written = 0;
        while (written < length) {
            long n = Syscalls.write(file, address + written, length - written);
            if (n < 0 && n != -Errno.EINTR) {
                throw Refusals.exception(Step.CAPTURE, name, (int) -n);
            }
            written += Math.max(n, 0);
        }
    }

    @Override
    public long packets() {
        return packets.get();
    }

    @Override
    public synchronized long dropped() {
        dropped += Math.max(socket.attempt(PacketRing::dropped), 0);
        return dropped;
    }

    /** Whether nothing of it is left. */
    public boolean hasEnded() {
        return !thread.isAlive();
    }

    /** Ends it, whether or not that goes well. */
    public void end() {
        if (!ending) {
            socket.attempt(PacketRing::stop);
            ending = true;
            news.release();
        }
        Uninterruptibly.await(thread::join);
    }

    @Override
    public void close() throws NamespaceException {
        end();
        NamespaceException untold;
        synchronized (this) {
            untold = failure;
            failure = null;
        }
        if (untold != null) {
            throw untold;
        }
    }
}
