package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Syscalls;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The JVM's end of a pipe, which never blocks: whoever finds it not ready parks in Java until the {@link Watcher} has seen that it is.
 *
 * <p>
 * The lock is held for the length of a system call only, never while parked, so that closing is always possible, and wakes whoever waits.
 */
final class PipeEnd {

    private static final int CLOSED = -1;
    /** Asks for nothing: epoll tells of a hang-up unasked; epoll_ctl(2). */
    private static final int HANG_UP_ALONE = 0;

    private final ReentrantLock lock = new ReentrantLock();
    private final int events;
    private int fd;
    private int operation = Linux.EPOLL_CTL_ADD;
    private long watched = Watcher.NOTHING;
    private @Nullable CountDownLatch waiting;
    private @Nullable Runnable onHangUp;
    private @Nullable Runnable onReady;

    /** What is done with the descriptor while it is ours. */
    interface Call {
        /** Makes system calls; a negative result is an error number. */
        long with(int fd);
    }

    PipeEnd(int fd, int events) {
        this.fd = fd;
        this.events = events;
        Syscalls.fcntl(fd, Linux.F_SETFL, Linux.O_NONBLOCK);
    }

    /** Makes a system call once; {@code -EBADF} if this end is closed. */
    long attempt(Call call) {
        lock.lock();
        try {
            return fd == CLOSED ? -Errno.EBADF : call.with(fd);
        } finally {
            lock.unlock();
        }
    }

    /** Makes a system call, as often as it takes until it does not answer EAGAIN. */
    long complete(Call call) throws IOException {
        while (true) {
            CountDownLatch ready;
            lock.lock();
            try {
                if (fd == CLOSED) {
                    throw new IOException("Stream closed");
                }
                long result = call.with(fd);
                if (result != -Errno.EAGAIN) {
                    if (waiting != null) {
                        waiting = null;
                        watchForHangUp();
                    }
                    return result;
                }
                ready = new CountDownLatch(1);
                watch(events, ready::countDown);
                waiting = ready;
            } finally {
                lock.unlock();
            }
            Uninterruptibly.await(ready::await); // as reading from a process never was interruptible
        }
    }

    /**
     * Runs something in the watcher's thread once this end is ready; in that of whoever closes it, if that comes first; at once if it is closed. Who asks
     * goes on so until it is closed.
     */
    void whenReady(Runnable action) throws IOException {
        lock.lock();
        try {
            if (fd == CLOSED) {
                action.run();
            } else {
                onReady = action;
                watch(events, action);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs something in the watcher's thread once nobody holds the other end any more; not if this end is closed before, nor if somebody serves it
     * till then.
     */
    void whenHungUp(Runnable action) {
        lock.lock();
        try {
            onHangUp = action;
            if (waiting == null) { // else the one who waits sees the hang-up too, or makes this request afterwards
                watchForHangUp();
            }
        } finally {
            lock.unlock();
        }
    }

    private void watchForHangUp() {
        Runnable action = onHangUp;
        if (action == null || fd == CLOSED || onReady != null) {
            return;
        }
        try {
            watch(HANG_UP_ALONE, action);
        } catch (IOException _) {
            // the descriptor stays until it is closed or read to its end, which is no reason to lose what can still be read
        }
    }

    /** Asks for one thing in place of whatever was asked for before. */
    private void watch(int what, Runnable action) throws IOException {
        Watcher watcher = Watcher.get();
        long result = watcher.when(fd, what, operation, action);
        if (result < 0) {
            throw new IOException(
                    "cannot wait for a pipe: " + Errno.text((int) -result) + " (" + Errno.name((int) -result) + ")");
        }
        watcher.cancel(watched);
        operation = Linux.EPOLL_CTL_MOD;
        watched = result;
    }

    void close() {
        Runnable action;
        lock.lock();
        try {
            if (fd == CLOSED) {
                return;
            }
            action = onReady;
            if (operation == Linux.EPOLL_CTL_MOD) {
                Watcher.get().forget(fd);
                Watcher.get().cancel(watched);
            }
            Syscalls.close(fd);
            fd = CLOSED;
            if (waiting != null) {
                waiting.countDown();
            }
        } finally {
            lock.unlock();
        }
        if (action != null) {
            action.run(); // the watcher, whose request is gone, will not
        }
    }
}
