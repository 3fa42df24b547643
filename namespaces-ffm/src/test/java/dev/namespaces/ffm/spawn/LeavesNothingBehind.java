package dev.namespaces.ffm.spawn;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Compares what the kernel shows of this JVM before and after each test: descriptors, processes, threads, mounts, namespaces, files in memory.
 *
 * <p>
 * What ends by itself a moment later is waited for. What the library keeps for the life of the JVM (the watcher with its epoll instance,
 * {@code /dev/null}, the image of stage 2, the guard) is made before the first test.
 */
public final class LeavesNothingBehind implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {

    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace
            .create(LeavesNothingBehind.class);
    private static final long HOPELESS = TimeUnit.SECONDS.toNanos(30);

    /** For JUnit. */
    public LeavesNothingBehind() {}

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        for (Way way : Way.values()) {
            Namespace namespace = way.namespace();
            namespace.run("true");
            try (NamespaceProcess process = namespace.spawn("true")) {
                process.getInputStream().readAllBytes();
                process.onExit().get();
            }
        }
        Namespace.builder().dieWithJvm().run("true");
        Files.delete(Files.createTempFile("warm", "up")); // opens the source of random numbers for good
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        context.getStore(STORE).put(Belongings.class, Belongings.now());
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        Belongings before = Objects.requireNonNull(context.getStore(STORE).remove(Belongings.class, Belongings.class));
        try {
            Await.value("nothing to be left behind by " + context.getDisplayName(), HOPELESS,
                    () -> Belongings.now().beyond(before), List::isEmpty);
        } finally {
            killLeftProcesses(before);
        }
    }

    /** So that what one test has left is not counted against the next. */
    private static void killLeftProcesses(Belongings before) throws IOException {
        Belongings.now().processesBeyond(before).forEach(
                process -> ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly));
    }
}
