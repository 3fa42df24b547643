package dev.namespaces.ffm.spawn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@code /proc/PID/status} says; proc_pid_status(5). */
final class ProcessStatus {

    /** The field Seccomp of a process under filters. */
    static final long FILTERED = 2;

    private final Map<String, String> fields;

    private ProcessStatus(Map<String, String> fields) {
        this.fields = fields;
    }

    /** Reads it; of a process that has ended nothing is known. */
    static ProcessStatus of(String pid) {
        Map<String, String> fields = new HashMap<>();
        try {
            // Byte by byte, as a process may give itself any name.
            for (String line : Files.readAllLines(Path.of("/proc", pid, "status"), StandardCharsets.ISO_8859_1)) {
                int colon = line.indexOf(':');
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        } catch (IOException _) {
            return new ProcessStatus(Map.of());
        }
        return new ProcessStatus(fields);
    }

    /** That of the calling thread. */
    static ProcessStatus ofThisThread() {
        return of("thread-self");
    }

    boolean isKnown() {
        return !fields.isEmpty();
    }

    /** A field, empty where there is none. */
    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    /** A field with numbers, none where there is none. */
    List<Long> numbers(String name) {
        return Arrays.stream(field(name).split("\\s+", -1)).filter(word -> !word.isEmpty()).map(Long::valueOf).toList();
    }

    /** A field with a single number, 0 where there is none. */
    long number(String name) {
        List<Long> numbers = numbers(name);
        return numbers.isEmpty() ? 0 : numbers.getFirst();
    }

    /** A field with a set of capabilities. */
    long capabilities(String name) {
        String field = field(name);
        return field.isEmpty() ? 0 : Long.parseUnsignedLong(field, 16);
    }
}
