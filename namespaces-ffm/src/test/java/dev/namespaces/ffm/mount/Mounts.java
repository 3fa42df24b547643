package dev.namespaces.ffm.mount;

import dev.namespaces.NamespaceProcess;
import dev.namespaces.Spawner;
import dev.namespaces.ffm.spawn.Child;
import dev.namespaces.ffm.spawn.Proc;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the kernel shows of a mount namespace: /proc/PID/mountinfo, see proc_pid_mountinfo(5).
 *
 * @param all its mounts, in no order that would mean anything
 */
record Mounts(List<Mount> all) {

    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    /**
     * A mount.
     *
     * @param id its number
     * @param parent that of the mount on which it is
     * @param root the directory of its file system that is shown
     * @param point where
     * @param flags of the mount
     * @param propagation such as {@code shared:1}
     * @param type of the file system
     * @param source of the file system
     * @param options of the file system
     */
    record Mount(String id, String parent, String root, String point, Set<String> flags, List<String> propagation,
            String type, String source, Set<String> options) {

        static Mount of(String line) {
            String[] halves = line.split(" - ", 2);
            String[] fields = halves[0].split(" ", -1);
            String[] rest = halves[1].split(" ", -1);
            return new Mount(fields[0], fields[1], plain(fields[3]), plain(fields[4]), Set.of(fields[5].split(",", -1)),
                    List.of(fields).subList(6, fields.length), rest[0], plain(rest[1]), Set.of(rest[2].split(",", -1)));
        }

        /** Blanks and the like are shown as numbers. */
        private static String plain(String path) {
            return OCTAL.matcher(path).replaceAll(match -> Matcher
                    .quoteReplacement(Character.toString(Integer.parseInt(match.group(1), 8))));
        }
    }

    static Mounts of(String mountinfo) {
        return new Mounts(mountinfo.lines().map(Mount::of).toList());
    }

    /** Of a process, with the paths that it sees. */
    static Mounts of(long pid) throws Exception {
        return of(Proc.text(pid, "mountinfo"));
    }

    /** Of a namespace in which a shell can be started, as this JVM sees it from outside. */
    static Mounts in(Spawner box) throws Exception {
        try (NamespaceProcess process = Child.ready(box, "echo ready; read line")) {
            Mounts mounts = of(process.pid());
            Child.finish(process);
            return mounts;
        }
    }

    /** What is mounted at a place last, which is what is to be seen there. */
    Mount at(String point) {
        return stack(point).getLast();
    }

    /** What is mounted at a place over each other, the lowest first. */
    List<Mount> stack(String point) {
        List<Mount> here = all.stream().filter(mount -> mount.point().equals(point)).toList();
        if (here.isEmpty()) {
            throw new AssertionError("nothing is mounted on " + point + ", but on " + points());
        }
        Set<String> ids = here.stream().map(Mount::id).collect(Collectors.toSet());
        List<Mount> stack = new ArrayList<>(here.stream().filter(mount -> !ids.contains(mount.parent())).toList());
        while (stack.size() < here.size()) {
            String top = stack.getLast().id();
            stack.add(here.stream().filter(mount -> mount.parent().equals(top)).findFirst().orElseThrow());
        }
        return stack;
    }

    List<String> points() {
        return all.stream().map(Mount::point).toList();
    }

    /** Those that are mounted below a place. */
    Mounts below(String point) {
        return new Mounts(all.stream().filter(mount -> mount.point().startsWith(point + "/")).toList());
    }

    /** Those that are mounted neither at a place nor below it. */
    Mounts outside(String point) {
        return new Mounts(all.stream()
                .filter(mount -> !mount.point().equals(point) && !mount.point().startsWith(point + "/")).toList());
    }
}
