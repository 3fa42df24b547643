package dev.namespaces.examples;

import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceKind;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options that move clocks. */
final class ClockOptions {

    @Option(names = "--monotonic", arity = "1", paramLabel = "SECONDS", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "add this to the monotonic clock, in the time namespace; may be negative")
    private String @Nullable [] monotonic;

    @Option(names = "--boottime", arity = "1", paramLabel = "SECONDS", hideParamSyntax = true, parameterConsumer = Words.class, //
            description = "add this to the boot-time clock, from which the uptime is made, in the time namespace; may be negative")
    private String @Nullable [] boottime;

    void apply(CommandLine line, NamespaceBuilder builder, Set<NamespaceKind> kinds) {
        KindOptions.require(line, (monotonic == null && boottime == null) || kinds.contains(NamespaceKind.TIME),
                "--monotonic and --boottime need --unshare-time");
        if (monotonic != null) {
            Duration offset = Numbers.seconds("--monotonic", monotonic[0]);
            builder.time(time -> time.monotonic(offset));
        }
        if (boottime != null) {
            Duration offset = Numbers.seconds("--boottime", boottime[0]);
            builder.time(time -> time.boottime(offset));
        }
    }
}
