package dev.namespaces.ffm.spawn;

import dev.namespaces.spi.CommandSpec;

/**
 * What a command asks of the programs that start it, beside what is asked of its namespaces: for each of these there are programs of their own.
 *
 * @param terminals what its standard streams have to do with terminals
 * @param action whether something is to be done from outside before its program is executed
 */
record Demands(TerminalUse terminals, boolean action) {

    static final Demands NONE = new Demands(TerminalUse.NONE, false);

    static Demands of(CommandSpec command, StandardStreams streams) {
        return new Demands(streams.terminals(), command.beforeExec() != null);
    }

    /** Compared without {@link #equals}, as every first spawn asks: linking what a record has for that takes 10 ms. */
    boolean areThose(Demands others) {
        return terminals == others.terminals && action == others.action;
    }
}
