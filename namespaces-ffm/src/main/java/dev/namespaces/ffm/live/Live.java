package dev.namespaces.ffm.live;

import dev.namespaces.Address;
import dev.namespaces.Capture;
import dev.namespaces.Link;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Neighbour;
import dev.namespaces.Route;
import dev.namespaces.ffm.handle.Opener;
import dev.namespaces.ffm.net.Addresses;
import dev.namespaces.ffm.net.LinkChanges;
import dev.namespaces.ffm.net.Links;
import dev.namespaces.ffm.net.Neighbours;
import dev.namespaces.ffm.net.NetSetup;
import dev.namespaces.ffm.net.NetlinkSocket;
import dev.namespaces.ffm.net.Place;
import dev.namespaces.ffm.net.Routes;
import dev.namespaces.ffm.spawn.Holder;
import dev.namespaces.ffm.spawn.PacketCapture;
import dev.namespaces.ffm.spawn.Starter;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.JoinSpec;
import dev.namespaces.spi.LinkChange;
import dev.namespaces.spi.LiveNamespace;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.NetSpec;
import dev.namespaces.spi.Outcome;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Live namespaces: their holder, and whatever is inside because of this JVM. */
public final class Live implements LiveNamespace {

    private final Holder holder;
    /** Whoever has to be found at the end, unless the kernel ends them all with the PID 1 that the holder is. */
    private final @Nullable Residents residents;
    private final Visits visits;
    private final Map<NamespaceKind, NamespaceHandle> handles = new EnumMap<>(NamespaceKind.class);
    private final Set<NamespaceProcess> processes = new HashSet<>();
    private final Set<PacketCapture> captures = new HashSet<>();
    private boolean closed;

    private Live(Holder holder, Set<NamespaceKind> created) throws NamespaceException {
        this.holder = holder;
        this.visits = new Visits(holder);
        this.residents = created.contains(NamespaceKind.PID) ? null : Residents.of(holder.process(), created);
    }

    /**
     * Makes the namespaces of a specification.
     *
     * @param starter what it has been compiled to
     * @param spec what to isolate
     * @return the live namespaces
     * @throws NamespaceException if a step is refused
     */
    public static Live open(Starter starter, NamespaceSpec spec) throws NamespaceException {
        return of(starter.hold(), spec);
    }

    private static Live of(Holder holder, NamespaceSpec spec) throws NamespaceException {
        try {
            return new Live(holder, spec.kinds());
        } catch (NamespaceException | RuntimeException e) {
            holder.close();
            throw e;
        }
    }

    @Override
    public NamespaceProcess spawn(CommandSpec command) throws NamespaceException {
        checkOpen();
        NamespaceProcess process = holder.spawn(command);
        keep(process);
        return process;
    }

    @Override
    public Outcome run(CommandSpec command) throws NamespaceException, InterruptedException {
        checkOpen();
        return holder.run(command, this::keep);
    }

    /** Takes note of a process that must not be left when these namespaces are closed; perhaps they have been meanwhile. */
    private void keep(NamespaceProcess process) {
        boolean late;
        synchronized (this) {
            late = closed;
            processes.removeIf(other -> !other.isAlive());
            processes.add(process);
        }
        if (late) {
            process.close();
        }
    }

    @Override
    public <T, E extends Throwable> T call(ScopedValue.CallableOp<? extends T, E> operation)
            throws NamespaceException, InterruptedException, E {
        checkOpen();
        return visits.call(operation);
    }

    @Override
    public ThreadFactory threadFactory() {
        checkOpen();
        return visits.threadFactory();
    }

    @Override
    public synchronized NamespaceHandle handle(NamespaceKind kind) throws NamespaceException {
        checkOpen();
        if (!holder.kinds().contains(kind)) {
            throw new IllegalArgumentException("no " + kind.procName() + " namespace is open here: " + this);
        }
        NamespaceHandle handle = handles.get(kind);
        if (handle == null || isClosed(handle)) {
            handle = new Opener().of(kind, holder.process());
            handles.put(kind, handle);
        }
        return handle;
    }

    @Override
    public List<Link> links() throws NamespaceException {
        return Links.list(network());
    }

    @Override
    public List<Address> addresses() throws NamespaceException {
        return Addresses.list(network());
    }

    @Override
    public List<Route> routes() throws NamespaceException {
        return Routes.list(network());
    }

    @Override
    public List<Neighbour> neighbours() throws NamespaceException {
        return Neighbours.list(network());
    }

    @Override
    public LiveNamespace beside(NamespaceSpec spec) throws NamespaceException {
        checkOpen();
        NamespaceSpec within = holder.kinds().contains(NamespaceKind.USER)
                ? spec.with(new JoinSpec(List.of(handle(NamespaceKind.USER)), null, Set.of()))
                : spec;
        return of(Holder.openVisibly(within), within);
    }

    @Override
    public void extend(NetSpec more) throws NamespaceException {
        NetSetup.apply(more, network(), Place.ofProcess(holder.process().pid()), true, NetlinkSocket::open);
    }

    @Override
    public void change(List<LinkChange> changes) throws NamespaceException {
        LinkChanges.make(changes, network());
    }

    private NetlinkSocket network() {
        checkOpen();
        NetlinkSocket socket = holder.network();
        if (socket == null) {
            throw new IllegalStateException("no net namespace is open here: " + this);
        }
        return socket;
    }

    @Override
    public Capture capture(Path file) throws NamespaceException {
        network();
        PacketCapture capture;
        try (NamespaceHandle network = new Opener().of(NamespaceKind.NET, holder.process())) {
            capture = PacketCapture.start(network, file);
        }
        boolean late;
        synchronized (this) {
            late = closed;
            captures.removeIf(PacketCapture::hasEnded);
            captures.add(capture);
        }
        if (late) {
            capture.end();
        }
        return capture;
    }

    /** By somebody who takes it for its own, which does no harm. */
    private static boolean isClosed(NamespaceHandle handle) {
        try {
            handle.id();
            return false;
        } catch (IllegalStateException _) {
            return true;
        }
    }

    private synchronized void checkOpen() {
        if (closed) {
            throw new IllegalStateException("these namespaces are closed");
        }
    }

    @Override
    public void close() {
        List<NamespaceProcess> running;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            running = List.copyOf(processes);
            processes.clear();
        }
        try {
            visits.end();
        } finally {
            try {
                end(running);
            } finally {
                holder.close();
                synchronized (this) {
                    handles.values().forEach(NamespaceHandle::close);
                    captures.forEach(PacketCapture::end);
                }
            }
        }
    }

    private void end(List<NamespaceProcess> running) {
        if (residents == null) {
            holder.close();
            running.forEach(NamespaceProcess::close);
            return;
        }
        try (residents) {
            running.forEach(NamespaceProcess::close);
            residents.kill();
        }
    }

    @Override
    public String toString() {
        return "OpenNamespace[" + holder.kinds() + ", held by process " + holder.process().pid() + "]";
    }
}
