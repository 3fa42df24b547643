package dev.namespaces.ffm.spawn;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that this JVM holds or has started, as the kernel shows it.
 *
 * @param descriptors number and target of its open descriptors
 * @param processes every process of the host
 * @param threads its platform threads
 * @param mounts the lines of mountinfo
 * @param namespaces those in which one of its threads or of its processes is
 * @param files files in memory that it has mapped
 */
record Belongings(Map<Integer, String> descriptors, Map<Long, Proc.Stat> processes, Set<Thread> threads,
        Set<String> mounts, Set<String> namespaces, List<String> files) {

    /** What the JDK opens when it first needs it, and keeps. */
    private static final Pattern DESCRIPTORS_OF_THE_JDK = Pattern
            .compile("/proc/.*|/sys/.*|.*\\.jar|.*/lib/modules|.*\\.so|/dev/u?random|/usr/share/zoneinfo/.*");
    /** Threads that the JDK and the test engine start when they need them. */
    private static final Pattern THREADS_OF_THE_JDK = Pattern
            .compile("process reaper.*|ForkJoinPool.*|VirtualThread-.*|Common-Cleaner|Cleaner-\\d+|Attach Listener"
                    + "|Signal Dispatcher|Reference Handler|Finalizer|Notification Thread|DestroyJavaVM"
                    + "|.*Poller.*|.*Unblocker.*|surefire-.*|junit-.*|Timer.*|process-.*|ping-.*|SIGTERM.*");

    private static final int MOST_LISTED = 20;

    static Belongings now() throws IOException {
        Map<Integer, String> descriptors = Proc.descriptors(Proc.SELF);
        descriptors.values().removeIf(target -> DESCRIPTORS_OF_THE_JDK.matcher(target).matches());
        Map<Long, Proc.Stat> processes = Proc.all();
        return new Belongings(descriptors, processes, threadsNow(),
                new HashSet<>(Files.readAllLines(Path.of("/proc/self/mountinfo"))), namespacesNow(processes),
                Files.readAllLines(Path.of("/proc/self/maps")).stream().filter(line -> line.contains("/memfd:"))
                        .toList());
    }

    private static Set<Thread> threadsNow() {
        return Thread.getAllStackTraces().keySet().stream().filter(Thread::isAlive)
                .filter(thread -> !THREADS_OF_THE_JDK.matcher(thread.getName()).matches())
                .collect(Collectors.toSet());
    }

    private static Set<String> namespacesNow(Map<Long, Proc.Stat> processes) throws IOException {
        Set<String> namespaces = new HashSet<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Proc.path(Proc.SELF, "task"))) {
            threads.forEach(thread -> namespaces.addAll(links(thread.resolve("ns"))));
        }
        Proc.descendants(Proc.SELF, processes)
                .forEach(process -> namespaces.addAll(links(Proc.path(process.pid(), "ns"))));
        return namespaces;
    }

    private static List<String> links(Path folder) {
        List<String> links = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                links.add(Files.readSymbolicLink(file).toString());
            }
        } catch (IOException _) {
            // it has ended meanwhile
        }
        return links;
    }

    /** What is there that was not there before, in words. */
    List<String> beyond(Belongings before) {
        List<String> more = new ArrayList<>();
        descriptors.forEach((fd, target) -> {
            if (!target.equals(before.descriptors.get(fd))) {
                more.add("descriptor " + fd + " -> " + target);
            }
        });
        processesBeyond(before).forEach(process -> more.add("process " + process));
        threads.stream().filter(thread -> !before.threads.contains(thread))
                .forEach(thread -> more.add("thread " + thread));
        mounts.stream().filter(mount -> !before.mounts.contains(mount)).forEach(mount -> more.add("mount " + mount));
        namespaces.stream().filter(namespace -> !before.namespaces.contains(namespace))
                .forEach(namespace -> more.add("namespace " + namespace));
        files.stream().filter(file -> !before.files.contains(file)).forEach(file -> more.add("mapping " + file));
        return more.size() <= MOST_LISTED
                ? more
                : Stream.concat(more.stream().limit(MOST_LISTED), Stream.of("and more: " + more.size())).toList();
    }

    /**
     * New processes that descend from this JVM, and orphans of its session, which their parent has left to whoever takes them. (It is for that
     * one to wait for them, and orphans of other sessions cannot be told from other people's.)
     */
    List<Proc.Stat> processesBeyond(Belongings before) {
        List<Proc.Stat> ours = new ArrayList<>(Proc.descendants(Proc.SELF, processes));
        Proc.Stat self = processes.getOrDefault(Proc.SELF, Proc.statOf(Proc.SELF));
        for (Proc.Stat process : processes.values()) {
            Proc.Stat parent = processes.get(process.parent());
            boolean adopted = parent == null || parent.pid() == 1 || parent.session() != self.session();
            if (process.session() == self.session() && process.pid() != Proc.SELF && adopted && !process.isGone()) {
                ours.add(process);
            }
        }
        ours.removeIf(process -> before.processes.containsKey(process.pid()));
        return ours;
    }
}
