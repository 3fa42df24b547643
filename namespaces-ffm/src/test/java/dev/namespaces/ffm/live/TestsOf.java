package dev.namespaces.ffm.live;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import dev.namespaces.Rootless;
import dev.namespaces.ffm.linux.ChildJvm;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** A JVM that runs tests, as root, if need be of a user namespace, or as whoever it is. Its exit code says whether all have passed; it prints how many, and how many were skipped. */
public final class TestsOf {

    private TestsOf() {}

    /** To be started, and to say how many have passed, and how many were skipped. */
    public static ChildJvm jvm(Class<?>... tests) {
        return jvm(TestsOf.class, tests);
    }

    /** The same, without making itself root. */
    public static ChildJvm plainJvm(Class<?>... tests) {
        return jvm(Plain.class, tests);
    }

    private static ChildJvm jvm(Class<?> main, Class<?>... tests) {
        return ChildJvm.of(main, Stream.of(tests).map(Class::getName).toArray(String[]::new)).withTestLibraries();
    }

    static void main(String... classes) throws Exception {
        Rootless.enter();
        Plain.main(classes);
    }

    static final class Plain {
        static void main(String... classes) {
            run(classes);
        }
    }

    private static void run(String... classes) {
        LauncherDiscoveryRequestBuilder request = request();
        for (String name : classes) {
            request.selectors(selectClass(name));
        }
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request.build(), listener);
        TestExecutionSummary summary = listener.getSummary();
        summary.printFailuresTo(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        System.out
                .println(summary.getTestsSucceededCount() + " passed, " + summary.getTestsAbortedCount() + " skipped");
        System.exit(summary.getTotalFailureCount() == 0 ? 0 : 1);
    }
}
