package dev.namespaces.ffm;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;

import dev.namespaces.ffm.live.Live;
import dev.namespaces.ffm.spawn.Pool;
import dev.namespaces.ffm.spawn.Starter;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.LiveNamespace;
import dev.namespaces.spi.NamespaceProvider;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.Outcome;
import dev.namespaces.spi.WarmPool;

/**
 * A compiled specification.
 *
 * @param spec what to isolate
 * @param starter what starts commands so
 */
record Compilation(NamespaceSpec spec, Starter starter) implements NamespaceProvider.Compiled {

    @Override
    public NamespaceProcess spawn(CommandSpec command) throws NamespaceException {
        return starter.spawn(command);
    }

    @Override
    public Outcome run(CommandSpec command) throws NamespaceException, InterruptedException {
        return starter.run(command);
    }

    @Override
    public LiveNamespace open() throws NamespaceException {
        return Live.open(starter, spec);
    }

    @Override
    public WarmPool pool(int size) throws NamespaceException {
        return Pool.open(spec, size);
    }

    @Override
    public String explain() throws NamespaceException {
        return starter.explain();
    }
}
