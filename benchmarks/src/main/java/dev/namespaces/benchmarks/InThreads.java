package dev.namespaces.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The same, done by several platform threads at once. */
final class InThreads {

    private InThreads() {}

    /** Returns when all have done it. */
    static void run(int threads, Action action) throws InterruptedException {
        try (ExecutorService all = Executors.newFixedThreadPool(threads)) {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                tasks.add(() -> {
                    action.run();
                    return true;
                });
            }
            for (Future<Boolean> done : all.invokeAll(tasks)) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Something that may fail. */
    interface Action {
        void run() throws Exception;
    }
}
