package dev.namespaces.ffm.live;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import dev.namespaces.Rootless;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** A JVM that runs tests as root of a user namespace. Its exit code says whether all have passed; it prints how many, and how many were skipped. */
final class TestsOf {

    private TestsOf() {}

    static void main(String... classes) throws Exception {
        Rootless.enter();
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
