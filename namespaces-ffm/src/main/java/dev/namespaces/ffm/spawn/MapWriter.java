package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.namespaces.IdRange;
import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.CStrings;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.Outcome;
import dev.namespaces.spi.Stream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the maps of a child's user namespace from outside, itself or by the setuid helpers. */
final class MapWriter implements Gates.Keeper {

    private static final int SETUID = 04000;
    private static final long ENOUGH_WORDS = 4096;

    private final IdMaps maps;

    MapWriter(IdMaps maps) {
        this.maps = maps;
    }

    @Override
    public void pass(Newborn child, Gates.Arrival arrival, CommandSpec command) throws NamespaceException {
        map(maps.users(), child.pid());
        if (maps.denySetgroups()) {
            write(child.pid(), "setgroups", "deny");
        }
        map(maps.groups(), child.pid());
    }

    private static void map(IdMap map, int pid) throws NamespaceException {
        if (map.byHelper()) {
            help(map, pid);
        } else {
            write(pid, map.kind().file, map.text());
        }
    }

    /** Writes a file of a process in one piece, as the kernel takes maps. */
    static void write(int pid, String name, String content) throws NamespaceException {
        String path = "/proc/" + pid + "/" + name;
        String detail = "\"" + content.strip().replace("\n", ", ") + "\" in " + path;
        try (Arena arena = Arena.ofConfined()) {
            int fd = Syscalls.open(CStrings.allocate(arena, path), Linux.O_WRONLY | Linux.O_CLOEXEC, 0);
            if (fd < 0) {
                throw refusal(detail, -fd);
            }
            MemorySegment text = arena.allocateFrom(content, US_ASCII);
            long result = Syscalls.write(fd, text.address(), text.byteSize() - 1);
            Syscalls.close(fd);
            if (result < 0) {
                throw refusal(detail, (int) -result);
            }
        }
    }

    private static NamespaceException refusal(String detail, int errno) {
        return Refusals.exception(Step.MAP_IDS, detail, errno, Remedies.ofMaps(errno));
    }

    /** Runs the helper, with nothing of the JVM's environment. */
    private static void help(IdMap map, int pid) throws NamespaceException {
        List<String> command = new ArrayList<>(List.of(map.kind().helper, Integer.toString(pid)));
        for (IdRange range : map.ranges()) {
            command.addAll(List.of(Long.toString(range.inside()), Long.toString(range.outside()),
                    Long.toString(range.count())));
        }
        CommandSpec spec = new CommandSpec(command, null, "/", false, Map.of(), new Stream.Discard(), new Stream.Pipe(),
                new Stream.Stdout(), null, ENOUGH_WORDS, null);
        Outcome outcome = run(spec, map.kind());
        if (outcome.exitValue() != 0) {
            String words = new String(outcome.stdout(), StandardCharsets.UTF_8).strip().replace('\n', ' ');
            throw Refusals.exception(Step.MAP_IDS,
                    "by " + map.kind().helper + ", which ended with " + outcome.exitValue() + " and said \"" + words
                            + "\"",
                    Errno.EPERM, remedy(map.kind()));
        }
    }

    private static Outcome run(CommandSpec spec, IdMap.Kind kind) throws NamespaceException {
        boolean interrupted = Thread.interrupted(); // a spawn takes no notice of it
        try {
            return Recipe.ofPlain().run(spec);
        } catch (InterruptedException _) {
            interrupted = true;
            throw Refusals.exception(Step.MAP_IDS, "by " + kind.helper + ", for which this thread would not wait",
                    Errno.EINTR);
        } catch (NamespaceException e) {
            NamespaceException exception = Refusals.exception(Step.MAP_IDS, "by " + kind.helper, e.errno(),
                    e.remedy().orElse(null));
            exception.initCause(e);
            throw exception;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static @Nullable String remedy(IdMap.Kind kind) {
        if (Remedies.hasNoNewPrivileges()) {
            return "this JVM runs with no_new_privs, under which a setuid program has no effect: start it without";
        }
        return isPrivileged(kind.helper)
                ? null
                : kind.helper + " is neither setuid root nor has it the file capability that it needs:"
                        + " install its package anew, or chmod u+s";
    }

    private static boolean isPrivileged(String program) {
        try (Arena arena = Arena.ofConfined()) {
            Path path = Path.of(program);
            boolean setuid = ((int) Files.getAttribute(path, "unix:mode") & SETUID) != 0
                    && (int) Files.getAttribute(path, "unix:uid") == 0;
            return setuid || Syscalls.xattrLength(CStrings.allocate(arena, program),
                    CStrings.allocate(arena, "security.capability")) > 0;
        } catch (IOException _) {
            return true; // it is gone, and explains nothing
        }
    }
}
