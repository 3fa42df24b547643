package dev.namespaces.ffm.mount;

import dev.namespaces.MountFlag;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The mounts that a process sees, as proc_pid_mountinfo(5) lists them.
 *
 * @param entries in the order of the list
 */
public record MountTable(List<Entry> entries) {

    private static final int FIELDS = 7;
    private static final int ESCAPE = 4;
    private static final int OCTAL = 8;

    /**
     * A mount.
     *
     * @param id its number
     * @param parent the number of the mount that it is mounted on
     * @param device of the file system, such as {@code 254:0}
     * @param root the directory in the file system that is the mount's root
     * @param point where it is mounted
     * @param flags what it forbids
     */
    public record Entry(int id, int parent, String device, String root, String point, Set<MountFlag> flags) {

        /** The same files, whatever the mount. */
        String source() {
            return device + " " + root;
        }
    }

    /** Reads the list of a process. */
    public static MountTable of(String process) throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of("/proc", process, "mountinfo"));
        return parse(new String(bytes, StandardCharsets.UTF_8));
    }

    static MountTable parse(String text) {
        return new MountTable(text.lines().map(MountTable::entry).toList());
    }

    private static Entry entry(String line) {
        String[] fields = line.split(" ", FIELDS);
        Set<MountFlag> flags = EnumSet.noneOf(MountFlag.class);
        for (String option : fields[5].split(",", -1)) {
            switch (option) {
                case "ro" -> flags.add(MountFlag.READ_ONLY);
                case "nosuid" -> flags.add(MountFlag.NOSUID);
                case "nodev" -> flags.add(MountFlag.NODEV);
                case "noexec" -> flags.add(MountFlag.NOEXEC);
                case "noatime" -> flags.add(MountFlag.NOATIME);
                default -> {
                    // it forbids nothing
                }
            }
        }
        return new Entry(Integer.parseInt(fields[0]), Integer.parseInt(fields[1]), fields[2], unescaped(fields[3]),
                unescaped(fields[4]), flags);
    }

    /** White space and backslashes are written in octal. */
    private static String unescaped(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < field.length();) {
            if (field.charAt(i) == '\\') {
                bytes.write(Integer.parseInt(field.substring(i + 1, i + ESCAPE), OCTAL));
                i += ESCAPE;
            } else {
                int end = field.indexOf('\\', i);
                end = end < 0 ? field.length() : end;
                bytes.writeBytes(field.substring(i, end).getBytes(StandardCharsets.UTF_8));
                i = end;
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The mount in which a path lies that has no links: the one that is reached last on the way there. */
    Optional<Entry> holding(String path) {
        Entry found = null;
        for (Entry entry : entries) {
            boolean holds = isBelow(path, entry.point()) || path.equals(entry.point());
            if (holds && isVisible(entry) && (found == null || entry.point().length() >= found.point().length())) {
                found = entry;
            }
        }
        return Optional.ofNullable(found);
    }

    /** The mounts below a path that has no links, those above before those below. */
    List<Entry> below(String path) {
        Map<Integer, Entry> copied = new HashMap<>();
        holding(path).ifPresent(top -> copied.put(top.id(), top));
        List<Entry> below = new ArrayList<>();
        boolean more = true;
        while (more) {
            more = false;
            for (Entry entry : entries) {
                boolean isNew = copied.containsKey(entry.parent()) && isBelow(entry.point(), path)
                        && copied.putIfAbsent(entry.id(), entry) == null;
                if (isNew) {
                    below.add(entry);
                    more = true;
                }
            }
        }
        return below;
    }

    /** Whether nothing is mounted over the whole of it. */
    boolean isVisible(Entry entry) {
        return entries.stream().noneMatch(other -> other.parent() == entry.id() && other.id() != entry.id()
                && other.point().equals(entry.point()));
    }

    private static boolean isBelow(String path, String above) {
        return path.startsWith(above.equals("/") ? "/" : above + "/") && !path.equals(above);
    }
}
