package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that this JVM holds or has started, as the kernel shows it. It is looked at around every test, also in emulated machines, where each system
 * call is dear: of a process no more than its number is read, unless it is new.
 *
 * @param descriptors number and target of its open descriptors
 * @param processes every process of the host
 * @param threads its platform threads
 * @param mounts the lines of mountinfo
 * @param namespaces those in which one of its threads is
 * @param files files in memory that it has mapped
 */
record Belongings(Map<Integer, String> descriptors, Set<Long> processes, Set<Thread> threads, Set<String> mounts,
        Set<String> namespaces, List<String> files) {

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
        return new Belongings(descriptors, Proc.pids(), threadsNow(), lines("mountinfo", ""), namespacesNow(),
                List.copyOf(lines("maps", "/memfd:")));
    }

    /** The lines with a certain text in a file that the kernel shows of this JVM. */
    private static Set<String> lines(String name, String text) throws IOException {
        String content = Proc.text(Proc.SELF, name);
        return content.contains(text)
                ? content.lines().filter(line -> line.contains(text)).collect(Collectors.toSet())
                : Set.of();
    }

    private static Set<Thread> threadsNow() {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        Thread[] threads = new Thread[2 * all.activeCount() + 100];
        int count = all.enumerate(threads);
        return Stream.of(threads).limit(count).filter(Thread::isAlive)
                .filter(thread -> !THREADS_OF_THE_JDK.matcher(thread.getName()).matches())
                .collect(Collectors.toSet());
    }

    private static Set<String> namespacesNow() throws IOException {
        Set<String> namespaces = new HashSet<>();
        for (String thread : Proc.names(Proc.path(Proc.SELF, "task"))) {
            for (NamespaceKind kind : NamespaceKind.values()) {
                try {
                    namespaces.add(
                            Files.readSymbolicLink(Proc.path(Proc.SELF, "task/" + thread + "/ns/" + kind.procName()))
                                    .toString());
                } catch (IOException _) {
                    // it has ended meanwhile
                }
            }
        }
        return namespaces;
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
        long session = Proc.statOf(Proc.SELF).session();
        return processes.stream().filter(pid -> !before.processes.contains(pid)).flatMap(pid -> Proc.stat(pid).stream())
                .filter(process -> descendsFromThisJvm(process) || isOrphan(process, session)).toList();
    }

    private static boolean descendsFromThisJvm(Proc.Stat process) {
        return process.parent() == Proc.SELF
                || Proc.stat(process.parent()).filter(Belongings::descendsFromThisJvm).isPresent();
    }

    private static boolean isOrphan(Proc.Stat process, long session) {
        return process.session() == session && !process.isGone()
                && (process.parent() == 1
                        || Proc.stat(process.parent()).filter(parent -> parent.session() == session).isEmpty());
    }
}
