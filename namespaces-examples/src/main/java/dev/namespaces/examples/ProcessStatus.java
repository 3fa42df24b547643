package dev.namespaces.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** What the kernel tells everybody of a process: proc_pid_status(5). */
final class ProcessStatus {

    private final long pid;
    private final Map<String, String> fields;

    private ProcessStatus(long pid, Map<String, String> fields) {
        this.pid = pid;
        this.fields = fields;
    }

    static ProcessStatus of(long pid) throws IOException {
        try {
            return new ProcessStatus(pid, text(pid, "status").lines().map(line -> line.split(":\\s*", 2))
                    .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (first, _) -> first)));
        } catch (NoSuchFileException _) {
            throw new IOException("there is no process " + pid);
        }
    }

    /** The name of its program, as the process itself may have changed it; empty if it has ended. */
    static String nameOf(long pid) {
        try {
            return text(pid, "comm").strip();
        } catch (IOException _) {
            return "";
        }
    }

    /** Names may hold any bytes. */
    private static String text(long pid, String file) throws IOException {
        return new String(Files.readAllBytes(Path.of("/proc", Long.toString(pid), file)), UTF_8);
    }

    /** The numbers in a line, such as the four user ids. */
    List<Long> numbers(String name) {
        return fields.getOrDefault(name, "").isBlank()
                ? List.of()
                : List.of(fields.getOrDefault(name, "").strip().split("\\s+")).stream().map(Long::valueOf).toList();
    }

    /** A set of capabilities, in words. */
    String capabilities(String name) {
        return CapabilityNames.of(Long.parseUnsignedLong(fields.getOrDefault(name, "0"), 16));
    }

    /**
     * What an id is inside, by a map of user_namespaces(7) that is read from outside.
     *
     * @param map {@code uid_map} or {@code gid_map}
     */
    OptionalLong inside(String map, long id) throws IOException {
        for (String line : text(pid, map).lines().toList()) {
            String[] numbers = line.strip().split("\\s+", 3);
            long offset = id - Long.parseLong(numbers[1]);
            if (offset >= 0 && offset < Long.parseLong(numbers[2])) {
                return OptionalLong.of(Long.parseLong(numbers[0]) + offset);
            }
        }
        return OptionalLong.empty();
    }
}
