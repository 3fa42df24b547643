package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.linux.Abi;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.linux.Syscalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * One daemon thread with one epoll instance, which waits for every child's end and every stream's readiness, so that no other thread waits in
 * native code.
 *
 * <p>
 * Each request is answered once. Its token goes into the event, so an event of a descriptor that has been closed meanwhile, and whose number may
 * be somebody else's by now, finds nobody.
 */
final class Watcher {

    private static final int EVENTS_AT_ONCE = 64;
    private static final System.Logger LOGGER = System.getLogger("dev.namespaces");

    private static @Nullable Watcher instance;

    private final int epoll;
    private final Requests requests = new Requests();

    private Watcher(int epoll) {
        this.epoll = epoll;
    }

    /** The JVM's watcher; starts it the first time. */
    static synchronized Watcher get() {
        Watcher watcher = instance;
        if (watcher == null) {
            int epoll = Syscalls.epollCreate();
            if (epoll < 0) {
                throw new IllegalStateException("cannot create an epoll instance: " + Errno.name(-epoll));
            }
            watcher = new Watcher(epoll);
            Thread thread = Thread.ofPlatform().daemon().name("namespaces-watcher")
                    .inheritInheritableThreadLocals(false)
                    .unstarted(watcher::run);
            thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
            thread.start();
            instance = watcher;
        }
        return watcher;
    }

    /**
     * Runs an action in the watcher's thread once a descriptor is ready.
     *
     * @param operation {@code EPOLL_CTL_ADD} the first time, {@code EPOLL_CTL_MOD} from then on
     * @return 0, or a negative error number; the action does not run then
     */
    int when(int fd, int events, int operation, Runnable action) {
        long token = requests.add(action);
        try (Buffers.Lease event = Buffers.borrow()) {
            Abi abi = Native.abi();
            event.setInt(0, events | Linux.EPOLLONESHOT);
            event.memory().set(ValueLayout.JAVA_LONG_UNALIGNED, abi.epollDataOffset(), token);
            int result = Syscalls.epollCtl(epoll, operation, fd, event.address());
            if (result < 0) {
                requests.remove(token);
            }
            return result;
        }
    }

    /** Forgets a descriptor that is about to be closed: a child that is being cloned may hold a copy of it for a moment. */
    void forget(int fd) {
        Syscalls.epollCtl(epoll, Linux.EPOLL_CTL_DEL, fd, 0);
    }

    private void run() {
        Abi abi = Native.abi();
        MemorySegment events = Arena.ofAuto().allocate((long) EVENTS_AT_ONCE * abi.epollEventSize(), Long.BYTES);
        while (true) {
            int ready = Syscalls.epollWait(epoll, events.address(), EVENTS_AT_ONCE);
            for (int i = 0; i < ready; i++) {
                long token = events.get(ValueLayout.JAVA_LONG_UNALIGNED,
                        (long) i * abi.epollEventSize() + abi.epollDataOffset());
                Runnable action = requests.remove(token);
                if (action != null) {
                    run(action);
                }
            }
        }
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            LOGGER.log(System.Logger.Level.ERROR, "the watcher goes on after an unexpected failure", e);
        }
    }
}
