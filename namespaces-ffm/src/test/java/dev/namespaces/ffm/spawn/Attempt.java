package dev.namespaces.ffm.spawn;

import dev.namespaces.Command;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Spawner;

/** What comes of a spawn, as one line of text, for JVMs that report to a test. */
final class Attempt {

    static final String STARTED = "started";

    private Attempt() {}

    /** {@link #STARTED}, or the step, the error number's name and the remedy of the refusal. */
    static String of(Spawner spawner) throws InterruptedException {
        return of(spawner, Command.of("true"));
    }

    static String of(Spawner spawner, Command command) throws InterruptedException {
        try (NamespaceProcess process = spawner.spawn(command)) {
            int exitValue = process.waitFor();
            return exitValue == 0 ? STARTED : "exit value " + exitValue;
        } catch (NamespaceException e) {
            return e.step() + " " + e.errnoName() + " " + e.remedy().orElse("without a remedy");
        }
    }
}
