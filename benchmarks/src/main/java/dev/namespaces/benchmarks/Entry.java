package dev.namespaces.benchmarks;

import dev.namespaces.NamespaceException;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.ffm.spawn.Holder;
import dev.namespaces.ffm.spawn.Recipe;
import dev.namespaces.spi.NamespaceSpec;
import java.io.Closeable;

/**
 * The calling thread's way into live namespaces and home again: the two system calls that the library makes before and behind an operation inside, by the
 * same methods, and nothing of what it does to start the thread and to look after it.
 */
final class Entry implements Closeable {

    private final Holder holder;
    private final long flags;
    private final int home;

    private Entry(Holder holder, long flags, int home) {
        this.holder = holder;
        this.flags = flags;
        this.home = home;
    }

    static Entry open(Enterable which) throws NamespaceException {
        NamespaceSpec nothing = NamespaceSpec.NOTHING;
        NamespaceSpec spec = new NamespaceSpec(which.kinds(), nothing.user(), nothing.pid(), nothing.net(),
                nothing.time(), nothing.uts(), nothing.mount(), nothing.process(), nothing.runAs(), nothing.join());
        Holder holder = Recipe.starter(spec).hold();
        return new Entry(holder, Holder.flags(which.kinds()), Syscalls.pidfdOpen(ProcessHandle.current().pid()));
    }

    /** The process that is inside. */
    long pid() {
        return holder.process().pid();
    }

    /** The kinds, as setns(2) has them. */
    long flags() {
        return flags;
    }

    void goAndReturn() {
        check(holder.enter(flags));
        check(Syscalls.setns(home, flags));
    }

    private static void check(int result) {
        if (result < 0) {
            throw new IllegalStateException("setns: " + Errno.name(-result));
        }
    }

    @Override
    public void close() {
        Syscalls.close(home);
        holder.close();
    }
}
