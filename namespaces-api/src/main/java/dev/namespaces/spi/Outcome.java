package dev.namespaces.spi;

import dev.namespaces.Usage;
import java.time.Duration;

/**
 * What came of a run.
 *
 * @param exitValue the exit value, 128+n for death by signal n
 * @param signal the signal that ended it, or 0
 * @param timedOut whether it was killed for its time
 * @param truncated whether output went beyond the limit, or was not waited for
 * @param stdout what was kept of standard output
 * @param stderr what was kept of standard error
 * @param elapsed from before the spawn to the exit
 * @param usage what it used
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once and wrapped at once
public record Outcome(int exitValue, int signal, boolean timedOut, boolean truncated, byte[] stdout, byte[] stderr,
        Duration elapsed,
        Usage usage) {}
