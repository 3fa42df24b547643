package dev.namespaces;

import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.RunAsSpec;
import dev.namespaces.spi.UserSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Users, groups and clocks of a specification in words. */
final class IdentityWords {

    private IdentityWords() {}

    /** How ids are mapped, for a specification with a user namespace. */
    static List<String> ofMaps(UserSpec user) {
        List<String> lines = new ArrayList<>();
        switch (user.mapping()) {
            case ROOT -> lines.add("the JVM's user and group are root inside");
            case CURRENT -> lines.add("the JVM's user and group keep their ids");
            case SUBORDINATE ->
                lines.add("the JVM's user and group are root inside, its subordinate ids are 1 and so on");
            case RANGES -> {
                lines.add("user ids inside: " + words(user.users()));
                lines.add("group ids inside: " + words(user.groups()));
            }
        }
        if (user.denySetgroups()) {
            lines.add("setgroups: denied");
        }
        if (user.forbidNested()) {
            lines.add(
                    "no user namespaces inside: the command is in a second one, nested in the one that has the limit");
        }
        return lines;
    }

    private static String words(List<IdRange> ranges) {
        return ranges.stream().map(range -> ids(range.inside(), range.count()) + " (outside "
                + ids(range.outside(), range.count()) + ")").collect(Collectors.joining(", "));
    }

    private static String ids(long first, long count) {
        return count == 1 ? Long.toString(first) : first + "-" + (first + count - 1);
    }

    /** Which clocks are moved. */
    static List<String> ofClocks(NamespaceSpec spec) {
        List<String> lines = new ArrayList<>();
        if (spec.has(NamespaceKind.TIME)) {
            add(lines, "monotonic", spec.time().monotonic());
            add(lines, "boot-time", spec.time().boottime());
        }
        return lines;
    }

    private static void add(List<String> lines, String clock, @Nullable Duration offset) {
        if (offset != null) {
            lines.add(clock + " clock: the host's " + (offset.isNegative() ? "less " : "and ") + offset.abs());
        }
    }

    /** Who the command runs as. */
    static String ofCommand(RunAsSpec runAs) {
        return "the command runs as user " + runAs.user() + " and group " + runAs.group()
                + (runAs.supplementary().isEmpty() ? "" : " with supplementary groups " + runAs.supplementary());
    }
}
