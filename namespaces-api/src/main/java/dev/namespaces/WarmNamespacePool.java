package dev.namespaces;

import dev.namespaces.spi.WarmPool;

/** A pool, seen by a user of the API. */
record WarmNamespacePool(WarmPool pool) implements NamespacePool {

    @Override
    public NamespaceProcess spawn(Command command) throws NamespaceException {
        return pool.spawn(command.spec());
    }

    @Override
    public Result run(Command command) throws NamespaceException, InterruptedException {
        return new Result(command, pool.run(command.runnable().spec()));
    }

    @Override
    public Statistics statistics() {
        return pool.statistics();
    }

    @Override
    public void close() {
        pool.close();
    }
}
