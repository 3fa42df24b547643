package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the kernel says of processes: proc(5), as this JVM sees it. */
public final class Proc {

    public static final long SELF = ProcessHandle.current().pid();

    private static final Path ROOT = Path.of("/proc");
    /** A kernel may be built without. */
    private static final boolean LISTS_CHILDREN = Files.exists(ROOT.resolve("thread-self/children"));

    private Proc() {}

    /** What matters of /proc/PID/stat. */
    public record Stat(long pid, String name, char state, long parent, long group, long session) {

        public boolean isGone() {
            return state == 'Z' || state == 'X';
        }
    }

    /** The path of something that /proc says of a process. */
    public static Path path(long pid, String name) {
        return ROOT.resolve(Long.toString(pid)).resolve(name);
    }

    public static String text(long pid, String name) throws IOException {
        return new String(Files.readAllBytes(path(pid, name)), StandardCharsets.UTF_8);
    }

    public static Optional<Stat> stat(long pid) {
        String text;
        try {
            text = new String(Files.readAllBytes(path(pid, "stat")), StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            return Optional.empty(); // it is gone
        }
        int name = text.lastIndexOf(')'); // which may contain anything itself
        String[] rest = text.substring(name + 2).split(" ", -1);
        return Optional.of(new Stat(pid, text.substring(text.indexOf('(') + 1, name), rest[0].charAt(0),
                Long.parseLong(rest[1]), Long.parseLong(rest[2]), Long.parseLong(rest[3])));
    }

    public static Stat statOf(long pid) {
        return stat(pid).orElseThrow(() -> new AssertionError("there is no process " + pid));
    }

    /** Whether there is such a process, not counting what is left of one that nobody has waited for yet. */
    public static boolean isAlive(long pid) {
        return stat(pid).map(stat -> !stat.isGone()).orElse(false);
    }

    /** The names in a folder, by the few system calls that it takes; none if it is gone. */
    public static List<String> names(Path folder) {
        String[] names = folder.toFile().list();
        return names == null ? List.of() : List.of(names);
    }

    /** The number of every process, zombies too. */
    public static Set<Long> pids() {
        return names(ROOT).stream().filter(name -> Character.isDigit(name.charAt(0))).map(Long::valueOf)
                .collect(Collectors.toSet());
    }

    /** All processes, zombies too. */
    public static Map<Long, Stat> all() {
        Map<Long, Stat> all = new TreeMap<>();
        pids().forEach(pid -> stat(pid).ifPresent(stat -> all.put(pid, stat)));
        return all;
    }

    /** The children of a process, zombies too: from the kernel's lists where it keeps them, as to read all processes takes long. */
    public static List<Long> children(long pid) {
        return LISTS_CHILDREN
                ? names(path(pid, "task")).stream().flatMap(thread -> childrenOfThread(pid, thread)).sorted().toList()
                : all().values().stream().filter(stat -> stat.parent() == pid).map(Stat::pid).toList();
    }

    private static Stream<Long> childrenOfThread(long pid, String thread) {
        try {
            return text(pid, "task/" + thread + "/children").lines().flatMap(line -> Stream.of(line.split(" ", -1)))
                    .filter(child -> !child.isEmpty()).map(Long::valueOf);
        } catch (IOException _) {
            return Stream.of(); // it has ended meanwhile
        }
    }

    /** The one child of a process, as the command is of its init. */
    public static long onlyChild(long pid) throws Exception {
        return Await.value("the one child of " + pid, () -> children(pid), list -> list.size() == 1).getFirst();
    }

    /** A field of /proc/PID/status. */
    public static String status(long pid, String field) throws IOException {
        return statusField(text(pid, "status"), field);
    }

    /** A field of the content of a file like /proc/PID/status. */
    public static String statusField(String status, String field) {
        return status.lines().filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip()).findFirst()
                .orElseThrow(() -> new AssertionError("no " + field + " in " + status));
    }

    /** A field of /proc/PID/status that is a number in hexadecimal, as signal masks and capabilities are. */
    public static long statusBits(String status, String field) {
        return Long.parseUnsignedLong(statusField(status, field), 16);
    }

    /** Its namespaces, such as {@code net:[4026531840]}. */
    public static Map<NamespaceKind, String> namespaces(long pid) throws IOException {
        Map<NamespaceKind, String> namespaces = new EnumMap<>(NamespaceKind.class);
        for (NamespaceKind kind : NamespaceKind.values()) {
            namespaces.put(kind, Files.readSymbolicLink(path(pid, "ns/" + kind.procName())).toString());
        }
        return namespaces;
    }

    /** Its open descriptors, and what they are open on. */
    public static Map<Integer, String> descriptors(long pid) throws IOException {
        Map<Integer, String> descriptors = new TreeMap<>();
        for (String fd : names(path(pid, "fd"))) {
            try {
                descriptors.put(Integer.valueOf(fd), Files.readSymbolicLink(path(pid, "fd/" + fd)).toString());
            } catch (IOException _) {
                // closed meanwhile
            }
        }
        return descriptors;
    }

    /** Everything that descends from a process. */
    public static List<Stat> descendants(long pid, Map<Long, Stat> all) {
        List<Stat> found = new ArrayList<>();
        for (Stat stat : all.values()) {
            if (stat.parent() == pid) {
                found.add(stat);
                found.addAll(descendants(stat.pid(), all));
            }
        }
        return found;
    }
}
