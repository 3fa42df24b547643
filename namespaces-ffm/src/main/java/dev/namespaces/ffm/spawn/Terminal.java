package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Syscalls;

/** A command's terminal, for as long as it runs. */
final class Terminal {

    private static final int CLOSED = -1;

    private int master;

    Terminal(int master) {
        this.master = master;
    }

    synchronized void resize(int rows, int columns) throws NamespaceException {
        int result = master == CLOSED ? 0 : Pty.resize(master, rows, columns);
        if (result < 0) {
            throw Refusals.exception(Step.RESIZE_TERMINAL, "to " + rows + " rows and " + columns + " columns", -result);
        }
    }

    synchronized void close() {
        if (master != CLOSED) {
            Syscalls.close(master);
            master = CLOSED;
        }
    }
}
