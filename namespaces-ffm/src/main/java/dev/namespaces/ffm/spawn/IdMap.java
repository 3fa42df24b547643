package dev.namespaces.ffm.spawn;

import dev.namespaces.IdRange;
import dev.namespaces.ffm.linux.Linux;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A map of ids that the JVM sees to after the namespace has been made.
 *
 * @param kind of which ids
 * @param ranges the map
 * @param byHelper whether it takes the setuid helper to write it
 */
record IdMap(Kind kind, List<IdRange> ranges, boolean byHelper) {

    /** Users or groups. */
    enum Kind {
        /** User ids. */
        USER("uid_map", "/etc/subuid", "/usr/bin/newuidmap", "--add-subuids", Linux.CAP_SETUID),
        /** Group ids. */
        GROUP("gid_map", "/etc/subgid", "/usr/bin/newgidmap", "--add-subgids", Linux.CAP_SETGID);

        /** Below /proc/PID. */
        final String file;
        final String subordinateIds;
        final String helper;
        /** Of usermod(8). */
        final String option;
        final long capability;

        Kind(String file, String subordinateIds, String helper, String option, int capability) {
            this.file = file;
            this.subordinateIds = subordinateIds;
            this.helper = helper;
            this.option = option;
            this.capability = 1L << capability;
        }

        String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** As it is written to the kernel: a line a range. */
    String text() {
        return ranges.stream().map(range -> range + "\n").collect(Collectors.joining());
    }

    /** The same ids as in this map, inside of it. */
    String nestedText() {
        return ranges.stream().map(range -> new IdRange(range.inside(), range.inside(), range.count()) + "\n")
                .collect(Collectors.joining());
    }

    boolean hasInside(long id) {
        return ranges.stream().anyMatch(range -> id >= range.inside() && id < range.inside() + range.count());
    }

    boolean hasOutside(long id) {
        return ranges.stream().anyMatch(range -> id >= range.outside() && id < range.outside() + range.count());
    }

    /** Which id inside stands for one outside that the map has. */
    long inside(long outside) {
        IdRange range = ranges.stream().filter(r -> outside >= r.outside() && outside < r.outside() + r.count())
                .findFirst().orElseThrow();
        return range.inside() + outside - range.outside();
    }

    /** For explain() and exceptions. */
    @Override
    public String toString() {
        return kind.file + " \"" + text().strip().replace("\n", ", ") + "\"" + (byHelper ? " by " + kind.helper : "");
    }
}
