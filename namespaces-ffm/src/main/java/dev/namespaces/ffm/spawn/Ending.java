package dev.namespaces.ffm.spawn;

import dev.namespaces.Usage;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * How a process ended.
 *
 * @param exitValue the exit value, 128+n for death by signal n
 * @param signal the signal, or 0
 * @param usage what it used
 */
record Ending(int exitValue, int signal, Usage usage) {

    private static final int SIGNALLED = 128;
    private static final int SIGNAL_BITS = 0x7f;
    private static final int EXIT_BITS = 0xff;
    private static final long KIBIBYTE = 1024;

    /**
     * From what waitid(2) filled in. Its peak memory includes the JVM's, whose memory the child shared before its exec.
     */
    static Ending of(MemorySegment info, MemorySegment usage) {
        int status = info.get(ValueLayout.JAVA_INT, Struct.SigInfo.STATUS);
        boolean exited = info.get(ValueLayout.JAVA_INT, Struct.SigInfo.CODE) == Linux.CLD_EXITED;
        return of(exited ? status : 0, exited ? 0 : status, usage, OptionalLong.empty());
    }

    /**
     * From the report of an init: a wait status and its usage. A process that is root inside may have falsified it, so it is read as bounded numbers.
     */
    static Ending of(MemorySegment report) {
        int status = report.get(ValueLayout.JAVA_INT, 0);
        MemorySegment usage = report.asSlice(SecondStage.END_USAGE);
        long peak = Math.clamp(usage.get(ValueLayout.JAVA_LONG, Struct.Rusage.MAX_RSS), 0, Long.MAX_VALUE / KIBIBYTE);
        return of(status >> 8 & EXIT_BITS, status & SIGNAL_BITS, usage, OptionalLong.of(peak * KIBIBYTE));
    }

    private static Ending of(int status, int signal, MemorySegment usage, OptionalLong peak) {
        return new Ending(signal == 0 ? status : SIGNALLED + signal, signal,
                new Usage(time(usage, Struct.Rusage.USER_TIME), time(usage, Struct.Rusage.SYSTEM_TIME), peak));
    }

    private static Duration time(MemorySegment usage, long offset) {
        long seconds = Math.clamp(usage.get(ValueLayout.JAVA_LONG, offset), 0, Integer.MAX_VALUE);
        long micros = Math.clamp(usage.get(ValueLayout.JAVA_LONG, offset + Long.BYTES), 0, 999_999);
        return Duration.ofSeconds(seconds, micros * 1000);
    }
}
