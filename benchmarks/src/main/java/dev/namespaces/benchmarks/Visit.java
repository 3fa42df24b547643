package dev.namespaces.benchmarks;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.OpenNamespace;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** Gets Java code that does nothing into live namespaces, and waits for its end. */
public interface Visit extends AutoCloseable {

    /** How that is done. */
    enum Way {
        /** On this thread, by the two system calls alone that any thread makes. */
        SETNS,
        /** By {@link OpenNamespace#call}. */
        CALL,
        /** On a new thread of {@link OpenNamespace#threadFactory}. */
        THREAD,
        /** On a thread of that factory which stays inside: what is measured is the way to it and back. */
        THREAD_INSIDE
    }

    void make() throws Exception;

    @Override
    default void close() {}

    static Visit of(Way way, Enterable kinds) throws NamespaceException {
        return way == Way.SETNS
                ? entry(Entry.open(kinds))
                : of(way, Namespace.builder().create(kinds.kinds()).open());
    }

    private static Visit entry(Entry entry) {
        return closing(entry::goAndReturn, entry::close);
    }

    private static Visit of(Way way, OpenNamespace pod) {
        if (way == Way.CALL) {
            return closing(() -> pod.call(() -> pod), pod::close);
        }
        ThreadFactory threads = pod.threadFactory();
        if (way == Way.THREAD) {
            return closing(() -> {
                Thread thread = threads.newThread(() -> {});
                thread.start();
                thread.join();
            }, pod::close);
        }
        ExecutorService inside = Executors.newSingleThreadExecutor(threads);
        return closing(() -> inside.submit(() -> {}).get(), () -> {
            inside.close();
            pod.close();
        });
    }

    private static Visit closing(Action make, Runnable close) {
        return new Visit() {
            @Override
            public void make() throws Exception {
                make.run();
            }

            @Override
            public void close() {
                close.run();
            }
        };
    }

    /** Something that may fail. */
    interface Action {
        void run() throws Exception;
    }
}
