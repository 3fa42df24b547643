package dev.namespaces.ffm.live;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.ffm.spawn.Holder;
import dev.namespaces.ffm.spawn.Refusals;
import dev.namespaces.ffm.spawn.Uninterruptibly;
import java.util.concurrent.ForkJoinPool;

/**
 * The namespaces that this JVM was started in, as its first thread is in them, which never leaves. A thread goes there by the JVM's own pidfd.
 *
 * <p>
 * Before the first thread leaves home, the common pool and the carriers of virtual threads have been started, lest the first of them be started from elsewhere.
 */
final class Home {

    private static final int NONE = -1;

    private static int pidfd = NONE;

    private Home() {}

    /** Makes ready for threads that leave. */
    static synchronized int prepare() throws NamespaceException {
        if (pidfd == NONE) {
            ForkJoinPool.commonPool().submit(() -> {}).join();
            try {
                Thread.ofVirtual().start(() -> {}).join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt(); // it is started all the same
            }
            int opened = Syscalls.pidfdOpen(ProcessHandle.current().pid());
            if (opened < 0) {
                throw Refusals.exception(Step.JOIN, "(the JVM's own namespaces)", -opened);
            }
            pidfd = opened;
        }
        return pidfd;
    }

    /** Whether any thread may have left. */
    static synchronized boolean hasBeenLeft() {
        return pidfd != NONE;
    }

    /** Takes the calling thread there. */
    static int enter(long flags) {
        return Syscalls.setns(pidfd, flags);
    }

    /** Runs something short on a thread that is there, wherever the calling one is. */
    static void run(Runnable task) {
        Thread thread = Thread.ofPlatform().daemon().name("namespaces-home").inheritInheritableThreadLocals(false)
                .start(() -> {
                    if (enter(Holder.flags(Visits.ENTERABLE)) == 0) {
                        task.run();
                    }
                });
        Uninterruptibly.await(thread::join);
    }
}
