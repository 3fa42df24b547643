package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import org.jspecify.annotations.Nullable;

/**
 * A child that runs its command, or waits for one.
 *
 * @param child the child
 * @param report what its init reports, if it has one
 * @param stage what it has gone through, or null
 * @param socket by which it gets its command, or {@link #NONE}; whoever has this closes it
 * @param guard which guard it has registered itself with, or {@link #NONE}
 */
record Started(Newborn child, Report report, @Nullable SecondStage stage, int socket, int guard) {

    static final int NONE = -1;

    Started guardedBy(int which) {
        return new Started(child, report, stage, socket, which);
    }

    /** The process, which runs its command by now. It has taken over the streams. */
    ChildProcess process(Job job, StandardStreams streams) throws NamespaceException {
        ChildProcess process = new ChildProcess(child, report, job, streams);
        streams.closeChildEnds(); // before the child's end is seen: it is then that the pipes must be found without a writer
        process.watch();
        if (guard != NONE) {
            try {
                Guard.keep(process, guard);
            } catch (NamespaceException e) {
                process.close();
                throw e;
            }
        }
        return process;
    }
}
