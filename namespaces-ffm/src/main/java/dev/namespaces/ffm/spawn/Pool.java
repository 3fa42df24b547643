package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespacePool;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.Outcome;
import dev.namespaces.spi.Stream;
import dev.namespaces.spi.WarmPool;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Starts commands in children that are set up already. One for which no child waits, or which none of them can run, is started as it would be without a
 * pool.
 */
public final class Pool implements WarmPool {

    private final Recipe cold;
    private final Stock stock;
    private final int size;
    private final ArrayDeque<Handover> messages = new ArrayDeque<>();
    private final AtomicLong hits = new AtomicLong();
    private final AtomicLong misses = new AtomicLong();

    private Pool(Recipe cold, Stock stock, int size) {
        this.cold = cold;
        this.stock = stock;
        this.size = size;
    }

    /**
     * Starts a pool; the first of its children waits when this returns.
     *
     * @param spec what to isolate
     * @param size how many children wait when all is quiet
     * @return the pool
     * @throws NamespaceException if a step is refused
     */
    public static Pool open(NamespaceSpec spec, int size) throws NamespaceException {
        return new Pool(Recipe.of(spec), Stock.open(spec, size), size);
    }

    @Override
    public NamespaceProcess spawn(CommandSpec command) throws NamespaceException {
        return spawn(command, Objects.requireNonNullElseGet(command.stdin(), Stream.Pipe::new));
    }

    @Override
    public Outcome run(CommandSpec command) throws NamespaceException, InterruptedException {
        return Collector.run(command, this::spawn, _ -> {});
    }

    private ChildProcess spawn(CommandSpec command, Stream stdin) throws NamespaceException {
        if (stock.isClosed()) {
            throw new IllegalStateException("this pool is closed");
        }
        PoolSpawnEvent event = new PoolSpawnEvent();
        event.begin();
        try (StandardStreams streams = StandardStreams.open(command, stdin)) {
            Parked child = hand(command, streams);
            event.hit = child != null;
            (event.hit ? hits : misses).incrementAndGet();
            ChildProcess process = child == null ? cold.spawn(command, streams) : child.run(command, streams);
            event.pid = process.pid();
            return process;
        } finally {
            event.commit();
            stock.wake();
        }
    }

    /** The child that has taken a command, or null where none could. */
    private @Nullable Parked hand(CommandSpec command, StandardStreams streams) {
        if (!Demands.of(command, streams).equals(Demands.NONE)) {
            return null;
        }
        Handover message = borrow();
        try {
            return message.write(command, streams) ? hand(message) : null;
        } finally {
            giveBack(message);
        }
    }

    private @Nullable Parked hand(Handover message) {
        Parked child = stock.take();
        while (child != null) {
            switch (child.hand(message)) {
                case TAKEN -> {
                    return child;
                }
                case GONE -> {
                    child.discard();
                    child = stock.take();
                }
                case KEPT -> {
                    stock.keep(child);
                    return null;
                }
            }
        }
        return null;
    }

    private Handover borrow() {
        synchronized (messages) {
            Handover idle = messages.poll();
            if (idle != null) {
                return idle;
            }
        }
        return new Handover();
    }

    private void giveBack(Handover message) {
        synchronized (messages) {
            if (messages.size() < size && message.isWorthKeeping()) {
                messages.push(message);
            }
        }
    }

    @Override
    public NamespacePool.Statistics statistics() {
        return new NamespacePool.Statistics(stock.waiting(), hits.get(), misses.get(), stock.refills(),
                stock.failures(), stock.meanRefill());
    }

    @Override
    public void close() {
        stock.close();
    }

    @Override
    public String toString() {
        return "NamespacePool[" + stock.waiting() + " of " + size + " waiting]";
    }
}
