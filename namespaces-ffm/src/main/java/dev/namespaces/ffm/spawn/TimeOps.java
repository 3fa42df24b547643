package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.NamespaceSpec;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds a time namespace whose clocks are moved.
 *
 * <p>
 * They can be moved only before anybody is in there: from Linux 6.12 on at the latest a child of clone3(2) may still do it, on 6.1 and before it may not.
 * What works everywhere is to unshare it, which takes the children inside but not the caller, to move the clocks, and to fork without sharing memory;
 * time_namespaces(7). So stage 2 forks itself, as a sibling that takes its place, and into the new pid namespace, if any, whose first process it has to be.
 */
final class TimeOps {

    private static final String OFFSETS = "/proc/self/timens_offsets";

    private TimeOps() {}

    static boolean isWanted(NamespaceSpec spec) {
        return spec.has(NamespaceKind.TIME) && spec.time().hasOffsets();
    }

    /** The kinds that the first stage creates: not those that must come after the clocks are moved. */
    static Set<NamespaceKind> kindsOfFirstStage(NamespaceSpec spec) {
        Set<NamespaceKind> kinds = EnumSet.noneOf(NamespaceKind.class);
        kinds.addAll(spec.kinds());
        if (isWanted(spec)) {
            kinds.remove(NamespaceKind.TIME);
            kinds.remove(NamespaceKind.PID);
        }
        return kinds;
    }

    static void add(ProgramBuilder b, NamespaceSpec spec, Gates gates, Label exit) {
        b.call(Sys.UNSHARE, Operand.of(NamespaceKind.TIME.cloneFlag(), "CLONE_NEWTIME"))
                .step(Step.CLONE, "with new time");
        String content = line("monotonic", spec.time().monotonic()) + line("boottime", spec.time().boottime());
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
        boolean pid = spec.has(NamespaceKind.PID);
        gates.addSibling(b, pid ? NamespaceKind.PID.cloneFlag() : 0, pid ? "CLONE_NEWPID|" : "",
                pid ? "with new pid" : "", exit);
    }

    /** Whole seconds rounded down, and the nanoseconds that are missing, which are never negative. */
    private static String line(String clock, @Nullable Duration offset) {
        return offset == null ? "" : clock + " " + offset.toSeconds() + " " + offset.toNanosPart() + "\n";
    }
}
