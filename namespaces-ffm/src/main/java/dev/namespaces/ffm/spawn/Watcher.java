package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.linux.Abi;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.linux.Syscalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One daemon thread with one epoll instance, which waits for every child's end and every stream's readiness, so that no other thread waits in
 * native code.
 *
 * <p>
 * Each request is answered once. Its token goes into the event, so an event of a descriptor that has been closed meanwhile, and whose number may
 * be somebody else's by now, finds nobody.
 *
 * <p>
 * A JVM that exits waits up to 300 ms for threads that are in native code. So once it is shutting down, the watcher waits in Java whenever there
 * is nothing to watch; a pipe wakes it out of epoll for that.
 */
final class Watcher {

    private static final int EVENTS_AT_ONCE = 64;
    /** The token of no request. */
    static final long NOTHING = -1;
    private static final long WAKE = -1;

    private static @Nullable Watcher instance;

    private final int epoll;
    private final int[] wakePipe;
    private final Requests requests = new Requests();
    private volatile boolean exiting;

    private Watcher(int epoll, int[] wakePipe) {
        this.epoll = epoll;
        this.wakePipe = wakePipe;
    }

    /** The JVM's watcher; starts it the first time. */
    static synchronized Watcher get() {
        Watcher watcher = instance;
        if (watcher == null) {
            int epoll = Syscalls.epollCreate();
            if (epoll < 0) {
                throw new IllegalStateException("cannot create an epoll instance: " + Errno.name(-epoll));
            }
            watcher = new Watcher(epoll, wakePipe(epoll));
            Thread thread = Thread.ofPlatform().daemon().name("namespaces-watcher")
                    .inheritInheritableThreadLocals(false)
                    .unstarted(watcher::run);
            thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
            thread.start();
            watcher.leaveNativeCodeAtExit();
            instance = watcher;
        }
        return watcher;
    }

    /**
     * Runs an action in the watcher's thread once a descriptor is ready.
     *
     * @param operation {@code EPOLL_CTL_ADD} the first time, {@code EPOLL_CTL_MOD} from then on
     * @return the request's token, for {@link #cancel}, or a negative error number; the action does not run then
     */
    long when(int fd, int events, int operation, Runnable action) {
        long token = requests.add(action);
        try (Buffers.Lease event = Buffers.borrow()) {
            Abi abi = Native.abi();
            event.setInt(0, events | Linux.EPOLLONESHOT);
            event.setLong(abi.epollDataOffset(), token);
            int result = Syscalls.epollCtl(epoll, operation, fd, event.address());
            if (result < 0) {
                requests.remove(token);
                return result;
            }
            return token;
        }
    }

    /** Drops a request that has not been answered, and will not be: its descriptor is closed. */
    void cancel(long token) {
        if (token >= 0 && requests.remove(token) != null && exiting) {
            wake();
        }
    }

    /** Forgets a descriptor that is about to be closed: a child that is being cloned may hold a copy of it for a moment. */
    void forget(int fd) {
        Syscalls.epollCtl(epoll, Linux.EPOLL_CTL_DEL, fd, 0);
    }

    private void run() {
        Abi abi = Native.abi();
        MemorySegment events = Arena.ofAuto().allocate((long) EVENTS_AT_ONCE * abi.epollEventSize(), Long.BYTES);
        ByteBuffer values = Buffers.values(events);
        while (true) {
            if (exiting) {
                awaitRequest();
            }
            int ready = Syscalls.epollWait(epoll, events.address(), EVENTS_AT_ONCE);
            for (int i = 0; i < ready; i++) {
                long token = values.getLong(i * abi.epollEventSize() + abi.epollDataOffset());
                if (token == WAKE) {
                    Syscalls.read(wakePipe[0], events.address(), events.byteSize());
                    continue;
                }
                Runnable action = requests.remove(token);
                if (action != null) {
                    run(action);
                }
            }
        }
    }

    private void awaitRequest() {
        try {
            requests.awaitOne();
        } catch (InterruptedException _) {
            // nobody has a reason to; the loop goes on
        }
    }

    private void leaveNativeCodeAtExit() {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(null, () -> {
                exiting = true;
                wake();
            }, "namespaces-watcher-exit"));
        } catch (IllegalStateException _) {
            exiting = true;
            wake();
        }
    }

    private void wake() {
        try (Buffers.Lease buffer = Buffers.borrow()) {
            Syscalls.write(wakePipe[1], buffer.address(), 1);
        }
    }

    private static int[] wakePipe(int epoll) {
        try (Buffers.Lease buffer = Buffers.borrow()) {
            int result = Syscalls.pipe2(buffer.address(), Linux.O_CLOEXEC | Linux.O_NONBLOCK);
            if (result < 0) {
                throw new IllegalStateException("cannot create a pipe: " + Errno.name(-result));
            }
            int[] ends = {buffer.getInt(0), buffer.getInt(4)};
            buffer.setInt(0, Linux.EPOLLIN);
            buffer.setLong(Native.abi().epollDataOffset(), WAKE);
            Syscalls.epollCtl(epoll, Linux.EPOLL_CTL_ADD, ends[0], buffer.address());
            return ends;
        }
    }

    /** Looked up when there is something to say: the first look-up of a JVM takes 10 ms. */
    static System.Logger logger() {
        return System.getLogger("dev.namespaces");
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            logger().log(System.Logger.Level.ERROR, "the watcher goes on after an unexpected failure", e);
        }
    }
}
