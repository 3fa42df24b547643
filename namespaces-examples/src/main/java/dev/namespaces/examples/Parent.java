package dev.namespaces.examples;

import java.io.IOException;
import java.util.Optional;

/** The process that has started this one. */
final class Parent {

    /** As of a process that was killed; nobody is there any more to see it. */
    private static final int KILLED = 137;

    private Parent() {}

    /**
     * Ends this process when its parent ends. PR_SET_PDEATHSIG would go by the parent's <em>thread</em>; so a thread of this process waits for the parent
     * by a pidfd instead.
     */
    static void dieWith() throws IOException {
        ProcessHandle parent = ProcessHandle.current().parent().orElseThrow(() -> new IOException(
                "cannot die with the parent, as it is not in the pid namespace of ns"));
        int pidfd = Libc.pidfdOpen(parent.pid());
        if (pidfd < 0 || !ProcessHandle.current().parent().equals(Optional.of(parent))) {
            Runtime.getRuntime().halt(KILLED); // it has ended meanwhile
        }
        Thread.ofPlatform().daemon().name("parent").start(() -> {
            Libc.awaitReadable(pidfd);
            Runtime.getRuntime().halt(KILLED);
        });
    }
}
