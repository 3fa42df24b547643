package dev.namespaces.ffm.spawn;

import dev.namespaces.Usage;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
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
    static Ending of(Buffers.Lease info, long usage) {
        int status = info.getInt(Struct.SigInfo.STATUS);
        boolean exited = info.getInt(Struct.SigInfo.CODE) == Linux.CLD_EXITED;
        return of(exited ? status : 0, exited ? 0 : status, info, usage, OptionalLong.empty());
    }

    /**
     * From the report of an init: a wait status and its usage. A process that is root inside may have falsified it, so it is read as bounded numbers.
     */
    static Ending of(Buffers.Lease report) {
        int status = report.getInt(0);
        long usage = SecondStage.END_USAGE;
        long peak = Math.clamp(report.getLong(usage + Struct.Rusage.MAX_RSS), 0, Long.MAX_VALUE / KIBIBYTE);
        return of(status >> 8 & EXIT_BITS, status & SIGNAL_BITS, report, usage, OptionalLong.of(peak * KIBIBYTE));
    }

    private static Ending of(int status, int signal, Buffers.Lease buffer, long usage, OptionalLong peak) {
        return new Ending(signal == 0 ? status : SIGNALLED + signal, signal,
                new Usage(time(buffer, usage + Struct.Rusage.USER_TIME),
                        time(buffer, usage + Struct.Rusage.SYSTEM_TIME), peak));
    }

    private static Duration time(Buffers.Lease buffer, long offset) {
        long seconds = Math.clamp(buffer.getLong(offset), 0, Integer.MAX_VALUE);
        long micros = Math.clamp(buffer.getLong(offset + Long.BYTES), 0, 999_999);
        return Duration.ofSeconds(seconds, micros * 1000);
    }
}
