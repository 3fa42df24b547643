package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Spawner;

/** What comes of a spawn, as one line of text, for JVMs that report to a test. */
final class Attempt {

    static final String STARTED = "started";

    private Attempt() {}

    /** {@link #STARTED}, or the step, the error number's name and the remedy of the refusal. */
    static String of(Spawner spawner) throws InterruptedException {
        return of(spawner, "true");
    }

    static String of(Spawner spawner, String program) throws InterruptedException {
        try (NamespaceProcess process = spawner.spawn(program)) {
            int exitValue = process.waitFor();
            return exitValue == 0 ? STARTED : "exit value " + exitValue;
        } catch (NamespaceException e) {
            return e.step() + " " + e.errnoName() + " " + e.remedy().orElse("without a remedy");
        }
    }
}
