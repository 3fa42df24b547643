package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.TimeSpec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Adds a time namespace, which the next process that is forked will be in.
 *
 * <p>
 * Its clocks can be moved only before anybody is in there: from Linux 6.12 on at the latest a child of clone3(2) may still do it, on 6.1 and before it may not.
 * What works everywhere is to unshare it, which takes the children inside but not the caller, to move the clocks, and to fork without sharing memory;
 * time_namespaces(7). So stage 2 forks itself, as a sibling that takes its place, and into the new pid namespace, if any, whose first process it has to be.
 */
final class TimeOps {

    private static final String OFFSETS = "/proc/self/timens_offsets";

    private TimeOps() {}

    static void add(ProgramBuilder b, TimeSpec time) {
        b.call(Sys.UNSHARE, Operand.of(NamespaceKind.TIME.cloneFlag(), "CLONE_NEWTIME"))
                .step(Step.CLONE, "with new time");
        if (!time.hasOffsets()) {
            return;
        }
        String content = line("monotonic", time.monotonic()) + line("boottime", time.boottime());
        String text = '"' + content.strip().replace("\n", ", ") + '"';
        Op open = b.call(Sys.OPENAT, Operand.of(Linux.AT_FDCWD, "AT_FDCWD"), b.string(OFFSETS),
                Operand.of(Linux.O_WRONLY | Linux.O_CLOEXEC, "O_WRONLY|O_CLOEXEC"))
                .step(Step.SET_CLOCK, "in " + OFFSETS);
        Op write = b.call(Sys.WRITE, Operand.of(0), b.bytes(text, content.getBytes(US_ASCII)),
                Operand.of(content.length())).step(Step.SET_CLOCK, text + " in " + OFFSETS);
        open.into("fd", write, 0);
        Op fd = b.load64(open.result());
        Op close = b.call(Sys.CLOSE, Operand.of(0)).step(Step.SET_CLOCK, "");
        fd.into("fd", close, 0);
    }

    /** Whole seconds rounded down, and the nanoseconds that are missing, which are never negative. */
    private static String line(String clock, @Nullable Duration offset) {
        return offset == null ? "" : clock + " " + offset.toSeconds() + " " + offset.toNanosPart() + "\n";
    }
}
