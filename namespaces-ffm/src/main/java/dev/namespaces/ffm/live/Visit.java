package dev.namespaces.ffm.live;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.spawn.Holder;
import dev.namespaces.ffm.spawn.Refusals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a thread does that enters live namespaces: its task, between the way in and the way home. */
final class Visit implements Runnable {

    private final Visits visits;
    private final Runnable task;
    private volatile String thread = "";
    private volatile @Nullable Thread current;
    private @Nullable NamespaceException refusal;
    private List<String> processes = List.of();
    private boolean done;

    Visit(Visits visits, Runnable task) {
        this.visits = visits;
        this.task = task;
    }

    @Override
    public void run() {
        Holder holder = visits.holder();
        long flags = Holder.flags(visits.kinds());
        thread = ownNumber();
        current = Thread.currentThread();
        Visits.add(this);
        try {
            if (visits.hasEnded()) {
                return;
            }
            int result = holder.enter(flags);
            if (result < 0) {
                refusal = Refusals.exception(Step.JOIN, "the live " + visits.kinds() + " namespaces on a thread",
                        -result,
                        remedy(-result));
                return;
            }
            try {
                done = true;
                task.run();
            } finally {
                processes = ownProcesses();
                Home.enter(flags);
            }
        } finally {
            Visits.remove(this);
        }
    }

    private static @Nullable String remedy(int errno) {
        return errno == Errno.EPERM
                ? "a thread enters namespaces with CAP_SYS_ADMIN over them and over the JVM's own user namespace: as root, or in a JVM that"
                        + " was started by Rootless, which makes this JVM root of a user namespace"
                : errno == Errno.ESRCH ? "the process that held them has been killed" : null;
    }

    /** The thread's number, as a directory below /proc/self/task. */
    static String ownNumber() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString();
        } catch (IOException e) {
            throw new IllegalStateException("/proc cannot be read", e);
        }
    }

    /** The processes that this very thread has started, and that are not this library's, which ends them with their namespaces. */
    private static List<String> ownProcesses() {
        List<String> found = new ArrayList<>();
        try {
            for (String pid : Files.readString(Path.of("/proc/thread-self/children")).split(" ", -1)) {
                if (!pid.isBlank() && !Holder.isCommand(Long.parseLong(pid.strip()))) {
                    found.add("process " + pid + " (" + Strays.name(Path.of("/proc", pid)) + ")");
                }
            }
        } catch (IOException _) {
            return found; // a kernel may have been built without that file; what stays inside ends with the namespaces
        }
        return found;
    }

    /** Why the thread was not let in, if it was not. */
    @Nullable
    NamespaceException refusal() {
        return refusal;
    }

    /** The processes that it has left inside. */
    List<String> processes() {
        return processes;
    }

    /** In another thread, once this one's has ended. */
    void checkDone() {
        if (!done) {
            throw new IllegalStateException(visits.hasEnded()
                    ? "these namespaces are closed"
                    : "the thread ended before it had entered the namespaces");
        }
    }

    boolean isOf(Visits others) {
        return visits == others;
    }

    /** Whether it is in the same namespaces, if by another way. */
    boolean isIn(String inside) {
        return visits.inside().equals(inside);
    }

    String thread() {
        return thread;
    }

    void interrupt() {
        Thread running = current;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public String toString() {
        Thread running = current;
        return "thread " + thread + " (" + (running == null ? "" : running.getName()) + ")";
    }
}
