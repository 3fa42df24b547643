package dev.namespaces;

import dev.namespaces.spi.LiveNamespace;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;

/** Live namespaces, seen by a user of the API. */
record OpenedNamespace(LiveNamespace live) implements OpenNamespace {

    @Override
    public NamespaceProcess spawn(Command command) throws NamespaceException {
        return live.spawn(command.spec());
    }

    @Override
    public Result run(Command command) throws NamespaceException, InterruptedException {
        return new Result(command, live.run(command.runnable().spec()));
    }

    @Override
    public <T, E extends Throwable> T call(ScopedValue.CallableOp<? extends T, E> operation)
            throws NamespaceException, InterruptedException, E {
        return live.call(Objects.requireNonNull(operation, "operation"));
    }

    @Override
    public ThreadFactory threadFactory() {
        return live.threadFactory();
    }

    @Override
    public NamespaceHandle handle(NamespaceKind kind) throws NamespaceException {
        return live.handle(Objects.requireNonNull(kind, "kind"));
    }

    @Override
    public List<Link> links() throws NamespaceException {
        return live.links();
    }

    @Override
    public List<Address> addresses() throws NamespaceException {
        return live.addresses();
    }

    @Override
    public List<Route> routes() throws NamespaceException {
        return live.routes();
    }

    @Override
    public List<Neighbour> neighbours() throws NamespaceException {
        return live.neighbours();
    }

    @Override
    public Capture capture(Path file) throws NamespaceException {
        return live.capture(Objects.requireNonNull(file, "file"));
    }

    @Override
    public void close() {
        live.close();
    }
}
