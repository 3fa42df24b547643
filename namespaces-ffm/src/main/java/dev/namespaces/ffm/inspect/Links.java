package dev.namespaces.ffm.inspect;

import dev.namespaces.NamespaceKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The links by which {@code /proc} shows the namespaces of every process and thread. They are read, and not followed: that is quick. */
final class Links {

    private static final Set<NamespaceKind> ALL = EnumSet.allOf(NamespaceKind.class);
    /** In which a thread may be alone: the kernel keeps threads of one process from leaving the others' user, pid or time namespace. */
    private static final Set<NamespaceKind> OF_THREADS = EnumSet.of(NamespaceKind.CGROUP, NamespaceKind.IPC,
            NamespaceKind.MOUNT, NamespaceKind.NET, NamespaceKind.UTS);
    private static final Path PROC = Path.of("/proc");
    /** The place of {@code starttime} in proc_pid_stat(5), behind the name. */
    private static final int STARTED = 19;

    private Links() {}

    /** What is told of what the links show. */
    interface Reader {

        void link(NamespaceKind kind, long inode, long pid, long started, Path link);

        void unreadable(long pid);
    }

    /** What a name stands for, such as {@code net:[4026531840]}. */
    record Name(NamespaceKind kind, long inode) {

        static Optional<Name> of(String text) {
            return ALL.stream().filter(kind -> text.startsWith(kind.procName() + ":[") && text.endsWith("]"))
                    .findFirst()
                    .map(kind -> new Name(kind, inode(text)));
        }

        private static long inode(String text) {
            return Long.parseLong(text, text.indexOf('[') + 1, text.length() - 1, 10);
        }
    }

    /** Reads those of all processes, in the order of their pids. */
    static void read(Reader reader) {
        numbers(PROC).forEach(pid -> read(pid, reader));
    }

    private static void read(long pid, Reader reader) {
        Path process = PROC.resolve(Long.toString(pid));
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", STARTED + 2);
            long started = Long.parseLong(fields[STARTED]);
            boolean leaderHasEnded = fields[0].equals("Z") || fields[0].equals("X"); // it is in none then, but others may go on
            if (!leaderHasEnded) {
                read(process, ALL, pid, started, reader);
            }
            for (long thread : numbers(process.resolve("task")).filter(thread -> thread != pid).toArray()) {
                read(process.resolve("task").resolve(Long.toString(thread)), leaderHasEnded ? ALL : OF_THREADS, pid,
                        started, reader);
            }
        } catch (AccessDeniedException _) {
            reader.unreadable(pid);
        } catch (IOException _) {
            // it has ended meanwhile
        }
    }

    private static void read(Path folder, Set<NamespaceKind> kinds, long pid, long started, Reader reader)
            throws IOException {
        for (NamespaceKind kind : kinds) {
            Path link = folder.resolve("ns").resolve(kind.procName());
            try {
                reader.link(kind, Name.inode(Files.readSymbolicLink(link).toString()), pid, started, link);
            } catch (NoSuchFileException _) {
                // this kernel does not have the kind, or the thread has ended
            }
        }
    }

    private static LongStream numbers(Path folder) {
        String[] names = folder.toFile().list();
        return names == null
                ? LongStream.empty()
                : Stream.of(names).filter(name -> Character.isDigit(name.charAt(0))).mapToLong(Long::parseLong)
                        .sorted();
    }
}
