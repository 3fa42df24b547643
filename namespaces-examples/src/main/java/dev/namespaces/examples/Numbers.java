package dev.namespaces.examples;

import dev.namespaces.IdRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Numbers as options have them: decimal digits and nothing else. What is not understood is refused, so that nothing is read as 0, which is root, or as
 * another number than the one that was meant.
 */
final class Numbers {

    /** Without leading zeros, which some programs take for octal. */
    private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]*");

    private Numbers() {}

    /**
     * Who to run as.
     *
     * @param user the user id
     * @param group the group id
     * @param supplementary the supplementary group ids
     */
    record RunAs(int user, int group, List<Integer> supplementary) {

        /** Reads {@code UID[:GID[,SUPPLEMENTARY…]]}; the group's id is the user's unless there is one. */
        static RunAs parse(String text) {
            String form = "not a user as UID[:GID[,SUPPLEMENTARY...]]: \"" + text + "\"";
            String[] parts = text.split(":", -1);
            if (parts.length > 2) {
                throw new IllegalArgumentException(form);
            }
            int user = id(parts[0], form);
            if (parts.length == 1) {
                return new RunAs(user, user, List.of());
            }
            List<Integer> groups = new ArrayList<>();
            for (String group : parts[1].split(",", -1)) {
                groups.add(id(group, form));
            }
            return new RunAs(user, groups.getFirst(), List.copyOf(groups.subList(1, groups.size())));
        }

        private static int id(String word, String form) {
            long id = decimal(word, form);
            if (id > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(form + ", as ids end at " + Integer.MAX_VALUE + " here");
            }
            return (int) id;
        }
    }

    /** Reads {@code INNER:OUTER:COUNT}. Of numbers with commas between, unshare(1) takes the first for the outer one; so they are refused. */
    static IdRange range(String text) {
        String form = "not a range of ids as INNER:OUTER:COUNT: \"" + text + "\"";
        if (text.indexOf(',') >= 0) {
            throw new IllegalArgumentException(form + " (with commas unshare has OUTER first: write colons)");
        }
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException(form);
        }
        long[] numbers = Arrays.stream(parts).mapToLong(part -> decimal(part, form)).toArray();
        return new IdRange(numbers[0], numbers[1], numbers[2]);
    }

    /** Reads one user or group id. */
    static long id(String option, String text) {
        return decimal(text, "not an id for " + option + ": \"" + text + "\"");
    }

    /** Reads the id of a user or group to run as. */
    static int idToRunAs(String option, String text) {
        return RunAs.id(text, "not an id for " + option + ": \"" + text + "\"");
    }

    /** Reads a number of seconds, which may be negative. */
    static Duration seconds(String option, String text) {
        String refusal = "not a number of seconds for " + option + ": \"" + text + "\"";
        boolean negative = text.startsWith("-");
        long seconds = decimal(negative ? text.substring(1) : text, refusal);
        return Duration.ofSeconds(negative ? -seconds : seconds);
    }

    private static long decimal(String word, String refusal) {
        if (!DECIMAL.matcher(word).matches()) {
            throw new IllegalArgumentException(refusal);
        }
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(refusal + ", as it is too large", e);
        }
    }
}
