package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.namespaces.IdRange;
import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ids that a user may map beside its own: subuid(5), subgid(5). A line that concerns the user must be understood to the last character; other
 * people's lines do not matter.
 *
 * @param kind of which ids
 * @param user whose they are
 * @param ranges the ids, in the order of the file
 * @param free from where on no line of the file grants anything, as far as it is understood
 */
record SubordinateIds(IdMap.Kind kind, Account user, List<Range> ranges, long free) {

    private static final Pattern LINE = Pattern.compile("([^:]+):(\\d{1,10}):(\\d{1,10})");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,10}");
    private static final long FIRST_FREE = 100_000;
    private static final long USUAL_COUNT = 65_536;

    /**
     * Ids, one after the other.
     *
     * @param first the first
     * @param count how many
     */
    record Range(long first, long count) {

        /** As usermod(8) has it. */
        @Override
        public String toString() {
            return first + "-" + (first + count - 1);
        }
    }

    /** Reads the system's file. */
    static SubordinateIds read(IdMap.Kind kind, Account user) throws NamespaceException {
        String text;
        try {
            text = new String(Files.readAllBytes(Path.of(kind.subordinateIds)), UTF_8);
        } catch (NoSuchFileException _) {
            text = "";
        } catch (IOException e) {
            NamespaceException exception = refusal(Errno.EACCES, "as " + kind.subordinateIds + " cannot be read", null);
            exception.initCause(e);
            throw exception;
        }
        return parse(kind, user, text);
    }

    /** Reads the content of such a file. */
    static SubordinateIds parse(IdMap.Kind kind, Account user, String text) throws NamespaceException {
        List<Range> ranges = new ArrayList<>();
        long free = FIRST_FREE;
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            Matcher matcher = LINE.matcher(line);
            Range range = matcher.matches() ? range(matcher.group(2), matcher.group(3)) : null;
            if (range != null) {
                free = Math.max(free, range.first() + range.count());
            }
            if (concerns(line, user)) {
                if (range == null) {
                    throw refusal(Errno.EINVAL,
                            "as line " + number + " of " + kind.subordinateIds + " is not understood: \"" + line + "\"",
                            "a line has the form name:first:count, with decimal numbers from 0 to 4294967294, and a count of at least 1");
                }
                ranges.add(range);
            }
        }
        return new SubordinateIds(kind, user, List.copyOf(ranges), free);
    }

    private static boolean concerns(String line, Account user) {
        int colon = line.indexOf(':');
        String owner = (colon < 0 ? line : line.substring(0, colon)).strip();
        return owner.equals(user.name())
                || (NUMBER.matcher(owner).matches() && Long.parseLong(owner) == Integer.toUnsignedLong(user.id()));
    }

    private static @org.jspecify.annotations.Nullable Range range(String first, String count) {
        try {
            IdRange range = new IdRange(0, Long.parseLong(first), Long.parseLong(count));
            return new Range(range.outside(), range.count());
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** Root inside, who is an id outside, and these from 1 on. */
    List<IdRange> below(int root) throws NamespaceException {
        if (ranges.isEmpty()) {
            throw refusal(Errno.EPERM, "as " + kind.subordinateIds + " grants nothing to " + user.name(),
                    grant(new Range(free, USUAL_COUNT)) + ", or give ranges with map(…)");
        }
        List<IdRange> map = new ArrayList<>();
        map.add(new IdRange(0, Integer.toUnsignedLong(root), 1));
        long inside = 1;
        for (Range range : ranges) {
            for (IdRange other : map) {
                if (range.first() < other.outside() + other.count()
                        && other.outside() < range.first() + range.count()) {
                    throw refusal(Errno.EINVAL, "as what " + kind.subordinateIds + " grants to " + user.name()
                            + " overlaps: " + range + " contains ids that are mapped already", null);
                }
            }
            map.add(new IdRange(inside, range.first(), range.count()));
            inside += range.count();
        }
        return map;
    }

    /** Refuses a range that the helper would not allow. */
    void require(IdRange range) throws NamespaceException {
        long id = range.outside();
        long end = id + range.count();
        boolean further = true;
        while (id < end && further) {
            further = false;
            for (Range granted : ranges) {
                if (id >= granted.first() && id < granted.first() + granted.count()) {
                    id = granted.first() + granted.count();
                    further = true;
                }
            }
        }
        if (id < end) {
            throw refusal(Errno.EPERM, "\"" + range + "\", as " + kind.subordinateIds + " grants "
                    + (ranges.isEmpty() ? "nothing" : ranges.toString()) + " to " + user.name(),
                    grant(new Range(range.outside(), range.count())));
        }
    }

    private String grant(Range range) {
        return "grant it ids: usermod " + kind.option + " " + range + " " + user.name();
    }

    private static NamespaceException refusal(int errno, String detail,
            @org.jspecify.annotations.Nullable String remedy) {
        return Refusals.exception(Step.MAP_IDS, detail, errno, remedy);
    }
}
